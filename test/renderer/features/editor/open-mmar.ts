import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { checksApi } from '../../../../common/api/checks.ts';
import { dataListApi } from '../../../../common/api/data-list.ts';
import { filesApi } from '../../../../common/api/files.ts';
import { mmarId } from '../../../../common/api/ids.ts';
import type { Channel } from '../../../../common/rpc/channel.ts';
import { connectApi } from '../../../../common/rpc/connect-api.ts';
import { serveApi } from '../../../../common/rpc/serve-api.ts';
import { systemClock } from '../../../../main/node/system-clock.ts';
import { createChecksService } from '../../../../main/services/checks.ts';
import { createDataListService } from '../../../../main/services/data-list.ts';
import { createFilesService } from '../../../../main/services/files.ts';

const contract = { files: filesApi, dataList: dataListApi, checks: checksApi };
export const mmar = mmarId.parse('mmar0001');

/** A copy of the template with main's own services behind a line that can be cut and mended. */
export async function openMmar() {
  const place = await mkdtemp(join(tmpdir(), 'editor-'));
  onTestFinished(() => rm(place, { recursive: true, force: true }));
  const root = join(place, 'mmar');
  await mkdir(root);
  await cp('mmar-templates/segmentation-unet-3d', root, { recursive: true });
  const folderOf = (): string => root;
  const handlers = {
    files: createFilesService({
      folderOf,
      draftsFolder: join(place, 'drafts'),
      desktop: {
        abilities: { dialogs: false, reveal: false, trash: false, notifications: false },
        trash: async () => undefined,
      },
      // Files are looked at often, so that tests need not wait.
      clock: { ...systemClock, after: (_, action) => systemClock.after(5, action) },
    }),
    dataList: createDataListService(folderOf),
    checks: createChecksService(folderOf),
  };
  let line: Channel | undefined;
  const connection = connectApi(contract);
  const connect = async (): Promise<void> => {
    const [here, there] = makeLine();
    line = here;
    serveApi(contract, handlers, there, { onDefect: (error) => String(error) });
    await connection.attach(here);
  };
  await connect();
  onTestFinished(() => line?.close());
  return { root, api: connection.client, cut: () => line?.close(), connect };
}

/** Two ends that hand each other frames as JSON texts. */
function makeLine(): readonly [Channel, Channel] {
  const ends = [new LineEnd(), new LineEnd()] as const;
  ends[0].other = ends[1];
  ends[1].other = ends[0];
  return ends;
}

class LineEnd implements Channel {
  other: LineEnd | undefined;
  #frames: ((frame: unknown) => void) | undefined;
  #closes: (() => void)[] = [];
  #isClosed = false;

  post(frame: unknown): void {
    if (this.#isClosed) return;
    const text = JSON.stringify(frame);
    setTimeout(() => this.other?.take(JSON.parse(text)), 0);
  }

  onFrame(listener: (frame: unknown) => void): void {
    this.#frames = listener;
  }

  onClose(listener: () => void): void {
    this.#closes.push(listener);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#closes.forEach((listener) => listener());
    this.other?.close();
  }

  take(frame: unknown): void {
    if (!this.#isClosed) this.#frames?.(frame);
  }
}
