import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Type checks every environment against its own tsconfig, so that a file can only use what its folder may touch. */
const environments = [
  { folder: 'common', checker: 'tsc' },
  { folder: 'main', checker: 'tsc' },
  { folder: 'renderer', checker: 'svelte-check' },
  { folder: 'trainer', checker: 'tsc' },
  { folder: 'test', checker: 'tsc' },
  { folder: 'test/renderer', checker: 'svelte-check' },
  { folder: 'test/e2e', checker: 'tsc' },
  { folder: 'bench', checker: 'tsc' },
  { folder: 'scripts', checker: 'tsc' },
] as const;

const CHECKERS = {
  tsc: (project: string) => ['tsc', '--project', project],
  // tsc does not read .svelte files
  'svelte-check': (project: string) => [
    'svelte-check',
    '--tsconfig',
    project,
    '--fail-on-warnings',
    '--output',
    'human',
  ],
} as const;

let failed = 0;
for (const { folder, checker } of environments) {
  const project = `${folder}/tsconfig.json`;
  if (!existsSync(project)) throw new Error(`${project} is missing`);
  const [program, ...args] = CHECKERS[checker](project);
  const run = spawnSync(program!, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  console.log(`${run.status === 0 ? 'ok  ' : 'FAIL'} ${project}`);
  if (run.status !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
