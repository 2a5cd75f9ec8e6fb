import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { chromium, type Browser, type CDPSession } from 'playwright-core';
import { build } from 'vite';
import { diagonalAffine } from '../../common/imaging/affine.ts';
import { encodeNifti } from '../../common/imaging/nifti-encode.ts';
import type { Volume } from '../../main/imaging/make-volume.ts';
import { createVolumeReader } from '../../main/imaging/volume-reader.ts';
import { makeRequestHandler } from '../../main/resources/handle-request.ts';
import { volumesRoute } from '../../main/resources/volumes.ts';

/**
 * How fast the viewer is: frames a second while three panes with labels are scrolled in step, and how long it takes to open a
 * CT of 512 x 512 x 300. In Chromium without a GPU, which is the worst that a workstation over a remote desktop has.
 */
const CASES = [
  { size: 128, voxelType: 'int16', labels: true, frames: 240 },
  { size: 256, voxelType: 'int16', labels: true, frames: 240 },
  { size: 256, voxelType: 'float32', labels: true, frames: 240 },
  { size: 512, voxelType: 'int16', labels: true, frames: 240 },
] as const;
const SHAPE = [512, 512, 300] as const;
const CHROMIUM = process.env.OUTERLOOP_CHROMIUM ?? '/usr/bin/chromium';

const folder = await mkdtemp(join(tmpdir(), 'outerloop-bench-'));
const reader = createVolumeReader();
let opened: Volume | undefined;
await buildPage(join(folder, 'page'));
const server = await serve(join(folder, 'page'));
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
try {
  console.log(`Load of the machine: ${loadavg()[0]!.toFixed(2)}`);
  for (const plan of CASES) await benchScrolling(browser, plan);
  await benchOpening(browser);
} finally {
  await browser.close();
  server.close();
  await reader.dispose();
  await rm(folder, { recursive: true, force: true });
}

async function buildPage(outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: join(import.meta.dirname, 'page'),
    plugins: [svelte({ compilerOptions: { runes: true } })],
    build: { outDir, emptyOutDir: true, target: 'es2024', modulePreload: { polyfill: false } },
    logLevel: 'error',
  });
}

/** The page and the voxels, answered by what answers them in the app. */
async function serve(uiFolder: string): Promise<Server> {
  const answer = makeRequestHandler({
    uiFolder,
    routes: [volumesRoute(async () => opened!)],
    onDefect: (error) => String(error),
  });
  const made = createServer(async (request, response) => {
    const answered = await answer(new Request(`http://127.0.0.1${request.url}`));
    response.writeHead(answered.status, Object.fromEntries(answered.headers));
    response.end(Buffer.from(await answered.arrayBuffer()));
  });
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return made;
}

function address(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function benchScrolling(chrome: Browser, plan: (typeof CASES)[number]): Promise<void> {
  const page = await chrome.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(address());
  const session = await page.context().newCDPSession(page);
  // Durations in processor time of the thread: what others on the machine take does not count.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.evaluate((wanted) => (globalThis as unknown as Bench).bench.prepare(wanted), plan);
  const before = await mainThreadSeconds(session);
  const times = await page.evaluate(() => (globalThis as unknown as Bench).bench.scroll());
  const busyMs = ((await mainThreadSeconds(session)) - before) * 1000;
  const sorted = times.toSorted((a, b) => a - b);
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  console.log(
    [
      `${plan.size}³ ${plan.voxelType}${plan.labels ? ' with labels' : ''}`.padEnd(28),
      `${(1000 / mean).toFixed(1)} frames/s`,
      `median ${sorted[Math.floor(sorted.length / 2)]!.toFixed(1)} ms`,
      `95 % ${sorted[Math.floor(sorted.length * 0.95)]!.toFixed(1)} ms`,
      `main thread ${(busyMs / times.length).toFixed(1)} ms of processor a frame`,
    ].join('   '),
  );
  await page.close();
}

/** What page/main.ts offers. */
interface Bench {
  readonly bench: {
    prepare(plan: unknown): Promise<void>;
    scroll(): Promise<number[]>;
    show(address: string, facts: unknown): Promise<number>;
  };
}

async function mainThreadSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')!.value;
}

async function benchOpening(chrome: Browser): Promise<void> {
  const file = join(folder, 'ct.nii.gz');
  await writeFile(file, gzipSync(drawCt(), { level: 6 }));
  const page = await chrome.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(address());
  for (let round = 0; round < 3; round++) {
    const [startedAt, used] = [performance.now(), process.cpuUsage()];
    opened = await reader.read({ file, name: 'ct.nii.gz', channel: 0 });
    const read = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(used);
    const shown = await page.evaluate(
      ([where, facts]) => (globalThis as unknown as Bench).bench.show(where, facts),
      ['/resource/volumes/x', opened.facts] as const,
    );
    console.log(
      [
        `open ${SHAPE.join(' x ')} .nii.gz: read ${read.toFixed(0)} ms (${((user + system) / 1000).toFixed(0)} ms of processor)`,
        `fetched and drawn ${shown.toFixed(0)} ms`,
        `together ${(read + shown).toFixed(0)} ms`,
      ].join('   '),
    );
  }
  await page.close();
}

/** A CT that compresses about as well as a real one: air, a body, noise. */
function drawCt(): Uint8Array {
  const [nx, ny, nz] = SHAPE;
  const values = new Float32Array(nx * ny * nz);
  let noise = 1;
  let at = 0;
  for (let x = 0; x < nx; x++) {
    for (let y = 0; y < ny; y++) {
      const isBody = ((x - nx / 2) / 200) ** 2 + ((y - ny / 2) / 150) ** 2 < 1;
      for (let z = 0; z < nz; z++, at++) {
        noise = (noise * 1103515245 + 12345) & 0x7fffffff;
        values[at] = isBody ? 40 + ((noise >> 16) % 31) - 15 : -1000;
      }
    }
  }
  return encodeNifti({ values, shape: SHAPE, affine: diagonalAffine([-0.8, 0.8, 2.5]), voxelType: 'int16' });
}
