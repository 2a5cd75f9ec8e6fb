import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FaultError } from '../../../../common/fault.ts';
import { archiveLimits } from '../../../../main/mmar/archive/limits.ts';
import { digestContent } from '../../../../main/mmar/archive/manifest.ts';
import { packMmar } from '../../../../main/mmar/archive/pack.ts';
import { unpackMmar, type UnpackRequest } from '../../../../main/mmar/archive/unpack.ts';
import { faultsOf, makeArchivedMmar, removeArchived } from './archived-mmar.ts';
import { makeZip, type HostileEntry } from './hostile-zip.ts';

afterEach(removeArchived);

const config: HostileEntry = { name: 'config/config_train.json', content: '{}' };

/** What unpacking an archive with these entries says; nothing may be left of it. */
async function refusalOf(
  entries: readonly HostileEntry[],
  more: Partial<UnpackRequest> = {},
  change: (bytes: Buffer) => Buffer = (bytes) => bytes,
): Promise<string> {
  const { folder } = makeArchivedMmar();
  const file = join(folder, 'hostile.mmar');
  writeFileSync(file, change(await makeZip(entries)));
  const faults = await faultsOf(unpackMmar({ file, folder: join(folder, 'out'), ...more }));
  expect(readdirSync(folder).toSorted()).toEqual(['hostile.mmar', 'mmar']);
  expect(new Set(faults.map(({ code }) => code))).toEqual(new Set(['archive']));
  return faults.map(({ message }) => message).join('\n');
}

describe('an archive is refused, and nothing of it written, when an entry', () => {
  it.each([
    ['leads out of the folder', '../evil.txt'],
    ['leads out of the folder by a detour', 'config/../../evil.txt'],
    ['has an absolute name', '/etc/evil.txt'],
    ['has the name of a drive', 'C:/evil.txt'],
    ['has a name with backslashes', '..\\evil.txt'],
    ['has a name with a zero', 'config/a\0.json'],
    ['has a name with a line end', 'config/a\n.json'],
    ['has a name that reads backwards', 'config/\u202enosj.exe'],
    ['has the name of a device', 'config/CON.json'],
    ['has a name that ends with a dot', 'config/a.'],
    ['has a name that ends with a space', 'config/a '],
    ['has an empty part', 'config//a.json'],
    ['is not in the normal form', 'config/e\u0301.json'],
    ['has too long a name', `config/${'a'.repeat(240)}.json`],
    ['has the stream of another file as its name', 'config/a.json:evil'],
  ])('%s', async (_what, name) => {
    expect(await refusalOf([config, { name }])).not.toBe('');
  });

  it('is a link, a device, or a pipe', async () => {
    for (const mode of [0o120777, 0o020666, 0o010644])
      expect(await refusalOf([config, { name: 'config/a.json', content: '/etc/passwd', mode }])).toBe(
        'The archive\'s entry "config/a.json" is a link or a device.',
      );
  });

  it('comes twice, in upper and lower case too', async () => {
    expect(await refusalOf([config, { name: 'config/a.json' }, { name: 'config/a.json' }])).toMatch(
      /second entry/,
    );
    expect(await refusalOf([config, { name: 'config/a.json' }, { name: 'CONFIG/A.JSON' }])).toMatch(
      /second entry/,
    );
    expect(await refusalOf([config, { name: 'docs' }, { name: 'docs/a' }])).toMatch(/second entry/);
    expect(await refusalOf([config, { name: 'docs/a' }, { name: 'docs' }])).toMatch(/second entry/);
  });

  it('grows out of all proportion', async () => {
    const bomb = { name: 'models/model.pt', content: Buffer.alloc(8 * 2 ** 20) };
    expect(await refusalOf([config, bomb])).toBe(
      'The archive is refused. models/model.pt unpacks to more than 200 times its packed size.',
    );
  });

  it('is too large, or all are together', async () => {
    const limits = { ...archiveLimits, textBytes: 10, totalBytes: 25 };
    const files = ['a', 'b', 'c'].map((name) => ({ name: `models/${name}.pt`, content: '0123456789' }));
    expect(await refusalOf([config, { name: 'docs/a.txt', content: '01234567890' }], { limits })).toMatch(
      /docs\/a\.txt is too large/,
    );
    expect(await refusalOf([config, ...files], { limits })).toMatch(/It is too large/);
  });

  it('is one of too many', async () => {
    const limits = { ...archiveLimits, entries: 2 };
    const files = [config, { name: 'a' }, { name: 'b' }];
    expect(await refusalOf(files, { limits })).toBe('The archive is refused. It has 3 entries.');
  });

  it('lies about its size', async () => {
    const lie = (bytes: Buffer): Buffer => {
      const central = bytes.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
      bytes.writeUInt32LE(1, central + 24);
      return bytes;
    };
    expect(await refusalOf([{ ...config, content: '{"epochs": 3}' }], {}, lie)).toMatch(
      /damaged or not what it says/,
    );
  });

  it('is damaged', async () => {
    const entries = [{ ...config, content: JSON.stringify({ text: 'abcdefgh'.repeat(50) }) }];
    const flip = (bytes: Buffer): Buffer => {
      bytes[bytes.indexOf('abcdefgh')]! ^= 1;
      return bytes;
    };
    const stored = entries.map((entry) => ({ ...entry, compress: false }));
    expect(await refusalOf(stored, {}, flip)).toMatch(/another checksum/);
    const tear = (bytes: Buffer): Buffer => {
      bytes[75]! ^= 0xff;
      return bytes;
    };
    expect(await refusalOf(entries, {}, tear)).toMatch(/damaged or not what it says/);
  });
});

describe('a file is refused that', () => {
  it('is no archive, or the half of one', async () => {
    expect(await refusalOf([config], {}, () => Buffer.from('not a zip archive at all, only text'))).toMatch(
      /This is no archive that can be read/,
    );
    expect(await refusalOf([config], {}, (bytes) => bytes.subarray(0, bytes.length / 2))).toMatch(
      /This is no archive that can be read/,
    );
  });

  it('is not there', async () => {
    const { folder } = makeArchivedMmar();
    const file = join(folder, 'gone.mmar');
    expect(await faultsOf(unpackMmar({ file, folder: join(folder, 'out') }))).toMatchObject([
      { code: 'file-missing', file: 'gone.mmar' },
    ]);
  });

  it('holds no MMAR', async () => {
    expect(await refusalOf([{ name: 'readme.txt' }])).toBe('The archive holds no MMAR.');
  });
});

describe('a manifest', () => {
  const sha = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const empty = { ...config, content: '' };
  const manifest = (changes: object = {}): HostileEntry => {
    const files = [{ path: config.name, sizeBytes: 0, sha256: sha }];
    const whole = { outerloop_mmar: 1, name: 'a', digest: digestContent(files), files, ...changes };
    return { name: 'outerloop-mmar.json', content: JSON.stringify(whole) };
  };

  it('has to list what is there', async () => {
    const wrong = [{ path: config.name, sizeBytes: 0, sha256: sha.replace('e', 'f') }];
    expect(await refusalOf([manifest({ files: wrong }), empty])).toBe(
      'This file is not the file that was packed.',
    );
    expect(await refusalOf([manifest(), empty, { name: 'custom/evil.ts' }])).toBe(
      'This file is not in the manifest.',
    );
    const more = [
      { path: config.name, sizeBytes: 0, sha256: sha },
      { path: 'a', sizeBytes: 0, sha256: sha },
    ];
    expect(await refusalOf([manifest({ files: more }), empty])).toBe(
      'This file is in the manifest and not in the archive.',
    );
    expect(await refusalOf([manifest({ digest: sha }), empty])).toBe(
      "The manifest's digest is not the one of its files.",
    );
  });

  it('has to be one', async () => {
    expect(await refusalOf([{ name: 'outerloop-mmar.json', content: '{' }, empty])).toMatch(/it is no JSON/);
    expect(await refusalOf([manifest({ outerloop_mmar: 2 }), empty])).toMatch(/outerloop_mmar/);
  });

  it('may be missing: archives of other programs, also with everything in one folder', async () => {
    const { folder } = makeArchivedMmar();
    const file = join(folder, 'clara.zip');
    writeFileSync(file, await makeZip([{ name: 'clara_seg/config/config_train.json', content: '{}' }]));
    const unpacked = await unpackMmar({ file, folder: join(folder, 'out') });
    expect(unpacked).not.toHaveProperty('manifest');
    expect(unpacked.files.map(({ path }) => path)).toEqual(['config/config_train.json']);
  });
});

describe('what was packed', () => {
  it('is refused after a change of any byte that matters', async () => {
    const { root, folder } = makeArchivedMmar({ 'models/model.pt': Buffer.alloc(5000, 'abcdefghij') });
    const { file, digest } = await packMmar({ mmarRoot: root, file: join(folder, 'a.mmar') });
    const bytes = readFileSync(file);
    let refused = 0;
    for (let at = 30; at < bytes.length; at += 31) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 0x55;
      writeFileSync(file, changed);
      const out = join(folder, 'out');
      const end = await unpackMmar({ file, folder: out }).catch((error: FaultError) => error);
      if ('files' in end) {
        // times and comments may change, content never
        expect(digestContent(end.files)).toBe(digest);
        rmSync(out, { recursive: true });
      } else {
        expect(end).toBeInstanceOf(FaultError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(20);
  });
});
