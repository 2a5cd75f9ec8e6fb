import type { Fault, Result } from '../../../common/fault.ts';
import { componentOf, type ResolvedTrainConfig } from '../../../common/mmar/resolved-config.ts';
import { noFindings, type Findings } from './check-validation.ts';
import type { DataSetUse } from './data-set-use.ts';
import type { ValueFacts } from './probe-image.ts';
import type { CaseImages } from './read-cases.ts';

/** Reads the values of a label image, once however often it is asked. */
export type ReadValues = (file: string) => Promise<Result<ValueFacts>>;

/** Labels of more bytes than this, uncompressed and together, are not looked into: it would take too long. */
export const MOST_LABEL_BYTES = 2 ** 31;

/**
 * Checks the values of a data set's labels against the classes that the network has: whole numbers from 0 to the
 * number of classes - 1, and somewhere something to find.
 */
export async function checkLabels(
  config: ResolvedTrainConfig,
  use: DataSetUse,
  cases: readonly CaseImages[],
  readValues: ReadValues,
): Promise<Findings> {
  const findings = noFindings();
  const classes = classCountOf(config);
  const labels = cases.flatMap(({ index, images }) =>
    (images.label ?? []).map((image) => ({ index, image })),
  );
  if (classes === undefined || labels.length === 0) return findings;
  const bytes = labels.reduce((sum, { image }) => sum + image.facts.voxelBytes, 0);
  if (bytes > MOST_LABEL_BYTES) {
    findings.warnings.push(notLookedInto(use, bytes));
    return findings;
  }
  const present = new Set<number>();
  for (const { index, image } of labels) {
    const values = await readValues(image.file);
    const path = [use.listKey, index, 'label'];
    if (!values.ok)
      findings.faults.push(...values.faults.map((fault) => ({ ...fault, file: use.listName, path })));
    else {
      values.value.present.forEach((value) => present.add(value));
      if (!fitsClasses(values.value, classes))
        findings.faults.push(wrongValues(values.value, classes, use, index));
    }
  }
  if (findings.faults.length === 0) reportAbsentClasses(present, classes, use, findings);
  return findings;
}

/** Classes of a network whose labels hold class numbers; undefined for labels that are one-hot or masks already. */
function classCountOf({ train }: ResolvedTrainConfig): number | undefined {
  const classes = componentOf(train, 'model')?.args.out_channels;
  const loss = componentOf(train, 'loss');
  const isOneHot = loss?.args.to_onehot_y === true;
  return typeof classes === 'number' && isOneHot && classes > 1 ? classes : undefined;
}

const fitsClasses = ({ min, max, whole }: ValueFacts, classes: number): boolean =>
  whole && min >= 0 && max < classes;

function wrongValues(
  { min, max, whole }: ValueFacts,
  classes: number,
  use: DataSetUse,
  index: number,
): Fault {
  const found = whole ? `from ${min} to ${max}` : 'that are not whole numbers';
  return {
    code: 'label-values',
    file: use.listName,
    path: [use.listKey, index, 'label'],
    message: `The label holds values ${found}, but the network has ${classes} classes.`,
    allowed: `whole numbers from 0 to ${classes - 1}`,
  };
}

function reportAbsentClasses(
  present: ReadonlySet<number>,
  classes: number,
  use: DataSetUse,
  findings: Findings,
): void {
  const absent = Array.from({ length: classes - 1 }, (_, index) => index + 1).filter(
    (value) => !present.has(value),
  );
  if (absent.length === 0) return;
  const place = { file: use.listName, path: [use.listKey] };
  if (absent.length === classes - 1) {
    const message = 'No label holds anything but background.';
    findings.faults.push({
      code: 'label-empty',
      ...place,
      message,
      allowed: `class 1 to ${classes - 1} somewhere`,
    });
  } else {
    const message = `No label holds class ${absent.join(' or ')}.`;
    findings.warnings.push({ code: 'label-empty', ...place, message });
  }
}

function notLookedInto(use: DataSetUse, bytes: number): Fault {
  const gib = (bytes / 2 ** 30).toFixed(1);
  return {
    code: 'label-values',
    file: use.listName,
    path: [use.listKey],
    message: `The labels are too large (${gib} GiB) to look into; their values were not checked.`,
  };
}
