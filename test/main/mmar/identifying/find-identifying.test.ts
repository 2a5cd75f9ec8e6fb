import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeFinding, findIdentifying } from '../../../../main/mmar/identifying/find-identifying.ts';
import { isIdentifyingKey, matchText } from '../../../../main/mmar/identifying/identifying-rules.ts';
import { scanFileName, scanJson } from '../../../../main/mmar/identifying/scan-content.ts';
import { listContent } from '../../../../main/mmar/archive/list-content.ts';
import { listTemplates } from '../../../../main/mmar/template.ts';
import { volume } from '../check/tiny-mmar.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outerloop-identifying-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, content: string | Uint8Array): string {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), content);
  return file;
}

describe('a text', () => {
  it.each([
    ['person-name', 'Doe^Jane'],
    ['person-name', "patient's name: Doe"],
    ['patient-id', 'MRN: 0012345'],
    ['patient-id', 'patient id AB12345'],
    ['dicom-uid', '1.2.840.113619.2.55.3.604688119.971'],
    ['date', 'born 3.4.1950'],
    ['local-path', 'see /home/jdoe/scans'],
    ['local-path', '"C:\\\\Users\\\\jdoe\\\\scans"'],
    ['local-path', '\\\\server\\share\\scans'],
  ])('anywhere is %s: %s', (rule, text) => {
    expect(matchText(text, false)).toContain(rule);
  });

  it.each([
    ['date', 'scan_1999-01-31.nii.gz'],
    ['date', '31.12.1999'],
    ['patient-id', 'case_12345678'],
    ['email-address', 'jane.doe@hospital.example'],
    ['person-name', 'studies/Mr_Smith.nii.gz'],
  ])('about one case is %s: %s', (rule, text) => {
    expect(matchText(text, true)).toEqual([rule]);
    expect(matchText(text, false)).toEqual([]);
  });

  it.each([
    'UNet 16-32-64-128-256, strides 2-2',
    'Copyright 2019-2024, version 4.1.0.2',
    'images/hippocampus_001.nii.gz',
    'monai.losses.DiceLoss',
    'learning_rate 0.0001234567',
    '/workspace/data and ./models/model.pt',
    'https://example.org/home/page',
    'x^2 + y^2',
  ])('is nothing: %s', (text) => {
    expect(matchText(text, false)).toEqual([]);
  });
});

describe('JSON', () => {
  it.each([
    'PatientName',
    'patient_id',
    'Patient Birth Date',
    'AccessionNumber',
    '0010,0010',
    '(0008,0050)',
    '00100020',
    'StudyInstanceUID',
    'mrn',
  ])('has a key that identifies: %s', (key) => {
    expect(isIdentifyingKey(key)).toBe(true);
    expect(scanJson('a.json', { meta: { [key]: 'x' } })).toMatchObject([
      { rule: 'dicom-attribute', path: ['meta', key] },
    ]);
    expect(scanJson('a.json', { meta: { [key]: '' } })).toEqual([]);
  });

  it.each([
    'name',
    'image',
    'modality',
    'labels',
    'study',
    'epoch',
    'key_metric',
    '0018,0050',
    'best_metric',
  ])('has a key that does not: %s', (key) => {
    expect(isIdentifyingKey(key)).toBe(false);
  });

  it('is looked at more closely where it lists cases', () => {
    const image = 'liver_19990131.nii.gz';
    expect(scanJson('a.json', { training: [{ image }] })).toMatchObject([
      { rule: 'date', path: ['training', 0, 'image'] },
    ]);
    expect(scanJson('a.json', { note: image })).toEqual([]);
  });

  it('never gives what it found away', () => {
    const findings = scanJson('a.json', { PatientName: 'Doe^Jane' });
    expect(findings.length).toBeGreaterThan(0);
    expect(JSON.stringify(findings.map(describeFinding))).not.toMatch(/Doe|Jane/);
  });
});

describe('files', () => {
  it('of NIfTI are looked into: text fields and header extensions, packed or not', async () => {
    const image = Buffer.from(volume([2, 2, 2]));
    image.write('Doe^Jane', 148, 'latin1');
    image.write('scan 1999-01-31', 228, 'latin1');
    write('a.nii', image);
    write('b.nii.gz', gzipSync(image));
    write('c.nii', volume([2, 2, 2]));
    const withDicom = Buffer.alloc(348 + 4 + 16);
    Buffer.from(volume([1, 1, 1])).copy(withDicom, 0, 0, 348);
    withDicom[348] = 1;
    withDicom.writeInt32LE(16, 352);
    withDicom.writeInt32LE(2, 356);
    write('d.nii', withDicom);
    const { findings, unchecked } = await findIdentifying(root, ['a.nii', 'b.nii.gz', 'c.nii', 'd.nii']);
    expect(findings.map(({ file, rule, field }) => [file, rule, field])).toEqual([
      ['a.nii', 'person-name', 'descrip'],
      ['a.nii', 'date', 'aux_file'],
      ['b.nii.gz', 'person-name', 'descrip'],
      ['b.nii.gz', 'date', 'aux_file'],
      ['d.nii', 'dicom-file', 'extension 2'],
    ]);
    expect(unchecked).toEqual([]);
    expect(describeFinding(findings[0]!).message).toBe("Its descrip field: this looks like a person's name.");
  });

  it('of DICOM are findings, and what is neither text nor NIfTI is listed', async () => {
    const dicom = Buffer.alloc(200);
    dicom.write('DICM', 128, 'latin1');
    write('scan', dicom);
    write('model.pt', Buffer.from([80, 75, 0, 1]));
    write('broken.nii.gz', Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(50)]));
    const { findings, unchecked } = await findIdentifying(root, ['scan', 'model.pt', 'broken.nii.gz']);
    expect(findings).toEqual([{ rule: 'dicom-file', file: 'scan' }]);
    expect(unchecked).toEqual(['model.pt', 'broken.nii.gz']);
  });

  it('of text are told by line, and by their own names', async () => {
    write('notes.md', 'fine\r\nPatient name: X\r\n');
    expect((await findIdentifying(root, ['notes.md'])).findings).toEqual([
      { rule: 'person-name', file: 'notes.md', line: 2 },
    ]);
    expect(scanFileName('docs/1999-01-31.txt')).toEqual([{ rule: 'date', file: 'docs/1999-01-31.txt' }]);
  });

  it('of JSON that is broken are text', async () => {
    write('a.json', '{"PatientName": "X",');
    expect((await findIdentifying(root, ['a.json'])).findings).toMatchObject([
      { rule: 'person-name', line: 1 },
    ]);
  });
});

describe('the templates', () => {
  it('hold nothing that identifies', async () => {
    for (const { folder } of await listTemplates()) {
      const files = (await listContent(folder)).files.map(({ path }) => path);
      expect(await findIdentifying(folder, files)).toEqual({ findings: [], unchecked: [] });
    }
  });
});
