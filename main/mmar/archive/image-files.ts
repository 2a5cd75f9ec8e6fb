import { open } from 'node:fs/promises';
import { extname } from 'node:path';

/** Folders that an MMAR has of its own: no list of cases takes them out of it. */
export const OWN_FOLDERS: readonly string[] = ['config', 'commands', 'resources', 'custom', 'docs', 'models'];

/** Formats of medical images: what they hold is a patient unless somebody knows better. */
const VOLUME =
  /\.(nii|nii\.gz|hdr|img|img\.gz|mha|mhd|raw|zraw|nrrd|nhdr|dcm|dicom|ima|mgh|mgz|mnc|par|rec|vti|gipl|gipl\.gz)$/i;
const DICOM_MARK = { text: 'DICM', at: 128 };

/** True for a file that is a medical image by its name, or for DICOM without a name of its kind by what it holds. */
export async function isVolumeFile(file: string): Promise<boolean> {
  if (VOLUME.test(file)) return true;
  const ending = extname(file);
  return (ending === '' || /^\.\d+$/.test(ending)) && (await beginsAsDicom(file));
}

async function beginsAsDicom(file: string): Promise<boolean> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return false;
  try {
    const { text, at } = DICOM_MARK;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(text.length), 0, text.length, at);
    return bytesRead === text.length && buffer.toString('latin1') === text;
  } catch {
    // a folder
    return false;
  } finally {
    await handle.close();
  }
}
