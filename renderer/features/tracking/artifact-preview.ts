/** What can be shown of a file in the page. */
export type PreviewKind = 'picture' | 'text' | 'none';

const pictures = /[.](png|jpe?g|gif|webp)$/i;
const texts =
  /[.](json|jsonl|txt|log|csv|md|ya?ml|ini|cfg|xml|html?|py|ts|js)$|(^|\/)(MLmodel|conda|requirements)/i;

/** More than this is not read into the page. */
const mostTextBytes = 512 * 1024;

/** By the file's name: the store knows no more of it. */
export function kindOfFile(name: string): PreviewKind {
  if (pictures.test(name)) return 'picture';
  return texts.test(name) ? 'text' : 'none';
}

/** The text at an address, JSON laid out; only the beginning of a long one. */
export async function readPreview(url: string, sizeBytes: number): Promise<string> {
  const response = await fetch(`${url}?show=1`);
  if (!response.ok) throw new Error('The file cannot be read.');
  const text = await response.text();
  if (sizeBytes > mostTextBytes || text.length > mostTextBytes)
    return `${text.slice(0, mostTextBytes)}\n… the rest is in the download`;
  return layOut(text, url);
}

function layOut(text: string, url: string): string {
  if (!/[.]json$/i.test(url)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // A file that only has the name of JSON is shown as it is.
    return text;
  }
}
