import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeImage } from '../../../trainer/data/write-image.ts';
import { MmarFiles } from '../../../trainer/files/mmar-files.ts';
import { checkWritePlace, restrictWrites, writePlaces } from '../../../trainer/files/write-places.ts';
import type { ComponentNode } from '../../../common/mmar/resolved-config.ts';
import { requireOutputFolders } from '../../../trainer/program/output-folders.ts';
import { EventWriter } from '../../../trainer/tensorboard/event-writer.ts';

let folder: string;
let root: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'write-places-'));
  root = join(folder, 'mmar');
  for (const name of ['mmar', 'outside', 'disk']) mkdirSync(join(folder, name));
});
afterEach(() => {
  restrictWrites(undefined);
  rmSync(folder, { recursive: true });
});

const refused = expect.objectContaining({
  faults: [expect.objectContaining({ code: 'path-not-allowed' })],
}) as Error;

describe('what may be written', () => {
  it('is the MMAR, also folders that are still to be made, and what the user has named', () => {
    restrictWrites([root, join(folder, 'disk')]);
    const files = new MmarFiles(root);
    for (const path of ['models/a/model.pt', '../disk/deep/model.pt', join(folder, 'disk/x')]) {
      files.replace(path, 'weights');
      expect(readFileSync(files.resolve(path), 'utf8')).toBe('weights');
    }
    expect(writePlaces()).toEqual([root, join(folder, 'disk')]);
  });

  it.each(['../outside/model.pt', '../mmar2/model.pt', '/nowhere/model.pt', 'link/model.pt', '..'])(
    'is not %s',
    (path) => {
      symlinkSync(join(folder, 'outside'), join(root, 'link'));
      restrictWrites([root]);
      const files = new MmarFiles(root);
      expect(() => files.replace(path, '')).toThrow(refused);
      expect(() => files.makeFolder(path)).toThrow(refused);
      expect(() => files.remove(path)).toThrow(refused);
      expect(existsSync(join(folder, 'mmar2'))).toBe(false);
    },
  );

  it('is not what a link leads to that is not there yet', () => {
    symlinkSync(join(folder, 'outside/new.txt'), join(root, 'to-file'));
    symlinkSync('../outside/deep/new', join(root, 'to-folder'));
    symlinkSync('models/new', join(root, 'within'));
    symlinkSync('round', join(root, 'round'));
    restrictWrites([root]);
    for (const path of ['to-file', 'to-folder/x'])
      expect(() => checkWritePlace(join(root, path))).toThrow(refused);
    for (const path of ['within/x', 'round']) checkWritePlace(join(root, path));
  });

  it('is said of every folder that a config names, before anything is computed for it', () => {
    restrictWrites([root]);
    const node = (argument: string, folder: string): ComponentNode => ({
      kind: 'component',
      name: 'Saver',
      args: { [argument]: folder },
      attributes: {},
      at: ['validate', 'handlers', 0],
    });
    const nodes = [node('save_dir', 'eval'), node('output_dir', '../outside'), node('log_dir', '/x/logs')];
    const check = () => requireOutputFolders(nodes, new MmarFiles(root), 'config/config_train.json');
    expect(check).toThrow(
      expect.objectContaining({
        faults: ['output_dir', 'log_dir'].map((argument) =>
          expect.objectContaining({
            code: 'path-not-allowed',
            file: 'config/config_train.json',
            path: ['validate', 'handlers', 0, 'args', argument],
            message: expect.stringMatching(/^"(outside|logs)" is outside the MMAR/) as string,
          }),
        ) as unknown,
      }) as Error,
    );
  });

  it('holds for images and event files too', () => {
    restrictWrites([root]);
    const image = { shape: [1, 1, 1], data: Float32Array.of(1), affine: [] } as never;
    expect(() => writeImage(join(folder, 'outside/a.nii.gz'), image)).toThrow(refused);
    const place = { folder: join(folder, 'outside/events'), describedAs: 'events', now: () => 0 };
    expect(() => new EventWriter(place)).toThrow(refused);
    expect(existsSync(place.folder)).toBe(false);
  });
});
