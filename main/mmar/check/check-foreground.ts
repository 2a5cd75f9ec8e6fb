import { findComponent } from '../../../common/components/catalogue.ts';
import type { Fault } from '../../../common/fault.ts';
import type { ComponentNode, ResolvedTrainConfig } from '../../../common/mmar/resolved-config.ts';
import { MOST_LABEL_BYTES, type ReadValues } from './check-labels.ts';
import { noFindings, type Findings } from './check-validation.ts';
import type { DataSetUse } from './data-set-use.ts';
import type { CaseImages } from './read-cases.ts';

/** Transforms that leave an image without values above 0 without them. */
const KEEPS_SIGN = new Set([
  'LoadImaged',
  'EnsureChannelFirstd',
  'AddChanneld',
  'AsChannelFirstd',
  'Orientationd',
  'Spacingd',
  'ToTensord',
  'EnsureTyped',
  'CastToTyped',
]);

/**
 * Checks that CropForegroundd finds something above 0 in every case, where the transforms before it only move voxels: it
 * would be met in the middle of a training otherwise.
 */
export async function checkForeground(
  config: ResolvedTrainConfig,
  use: DataSetUse,
  cases: readonly CaseImages[],
  readValues: ReadValues,
): Promise<Findings> {
  const findings = noFindings();
  const crop = findCrop(use.transforms);
  if (crop === undefined) return findings;
  const key = typeof crop.args.source_key === 'string' ? crop.args.source_key : 'image';
  const sources = cases.flatMap(({ index, images }) =>
    (images[key] ?? []).map((image) => ({ index, image })),
  );
  const bytes = sources.reduce((sum, { image }) => sum + image.facts.voxelBytes, 0);
  if (bytes > MOST_LABEL_BYTES) {
    findings.warnings.push(notLookedInto(use, bytes));
    return findings;
  }
  const highest = new Map<number, number>();
  for (const { index, image } of sources) {
    const values = await readValues(image.file);
    // what cannot be read is reported where the images are
    if (values.ok) highest.set(index, Math.max(values.value.max, highest.get(index) ?? -Infinity));
  }
  for (const [index, max] of highest)
    if (!(max > 0)) findings.faults.push(nothingThere(config, use, crop, index, key));
  return findings;
}

/** The crop, where nothing before it can bring values above 0. */
function findCrop(transforms: readonly ComponentNode[]): ComponentNode | undefined {
  const named = transforms.map((node) => ({
    node,
    name: node.path === undefined ? findComponent(node.name, 'transform')?.name : undefined,
  }));
  const at = named.findIndex(({ name }) => name === 'CropForegroundd');
  const isReached = named.slice(0, at).every(({ name }) => name !== undefined && KEEPS_SIGN.has(name));
  return at >= 0 && isReached ? named[at]!.node : undefined;
}

function nothingThere(
  { file }: ResolvedTrainConfig,
  use: DataSetUse,
  crop: ComponentNode,
  index: number,
  key: string,
): Fault {
  return {
    code: 'image-unreadable',
    file,
    path: [...crop.at, 'args', 'source_key'],
    component: crop.name,
    argument: 'source_key',
    message: `No voxel of "${key}" is above 0, so there is no box to crop to: ${use.listName}, ${use.listKey}[${index}].`,
    allowed: 'images with some values above 0 where this transform stands (scale intensities before it)',
  };
}

function notLookedInto(use: DataSetUse, bytes: number): Fault {
  return {
    code: 'image-unreadable',
    file: use.listName,
    path: [use.listKey],
    message: `The images are too large (${(bytes / 2 ** 30).toFixed(1)} GiB) to look whether each has values above 0.`,
  };
}
