import type { Rgb } from '../../common/imaging/label-palette.ts';
import type { LabelClass, LabelOverlay } from './label-overlay.ts';
import type { ViewVolume } from './volume/view-volume.ts';

/** What can become of a voxel of a class, in the order of the numbers that stand for it. */
export const verdicts = [
  { name: 'found', rgb: [0, 158, 115] },
  { name: 'missed', rgb: [86, 180, 233] },
  { name: 'too much', rgb: [213, 94, 0] },
  { name: 'taken for another', rgb: [240, 228, 66] },
] as const satisfies readonly { readonly name: string; readonly rgb: Rgb }[];

const FOUND = 1;
const MISSED = 2;
const EXTRA = 3;
const CONFUSED = 4;
const KINDS = verdicts.length;
const LABELS = 256;

/**
 * Where a segmentation agrees with the truth, and where not: one overlay, with up to four colours per class. True positives are
 * `found`, false negatives `missed`, false positives `too much`; a voxel that the truth gives to one class and the segmentation to
 * another is `taken for another` of the truth's class. Colours are told apart by the colour-blind too.
 *
 * @param found on the grid of the truth, as all overlays of one image are
 */
export function compareLabels(truth: LabelOverlay, found: LabelOverlay): LabelOverlay {
  const classes = [...truth.classes, ...found.classes.filter(({ label }) => !hasLabel(truth, label))];
  const places = new Uint8Array(LABELS);
  classes.forEach(({ label }, index) => (places[label] = index + 1));
  const { codes, counts } = judge(truth.volume, found.volume, places, classes.length);
  return {
    id: 'difference',
    name: 'Difference',
    volume: withCodes(truth.volume, found.volume, codes),
    classes: classes
      .flatMap(({ name }, index) =>
        verdicts.map((verdict, kind): LabelClass => {
          const label = index * KINDS + kind + 1;
          return {
            label,
            name: `${name}: ${verdict.name}`,
            rgb: verdict.rgb,
            isVisible: true,
            voxels: counts[label]!,
          };
        }),
      )
      .filter(({ voxels }) => voxels! > 0),
    isVisible: true,
    middleMm: truth.middleMm ?? found.middleMm,
  };
}

const hasLabel = ({ classes }: LabelOverlay, label: number): boolean =>
  classes.some((known) => known.label === label);

/** Looks at every voxel once. */
function judge(
  { voxels: truth }: ViewVolume,
  { voxels: found }: ViewVolume,
  places: Uint8Array,
  classes: number,
): { readonly codes: Uint16Array; readonly counts: Uint32Array } {
  const codes = new Uint16Array(truth.length);
  const counts = new Uint32Array(classes * KINDS + 1);
  for (let at = 0; at < codes.length; at++) {
    const wanted = places[truth[at]!] ?? 0;
    const given = places[found[at]!] ?? 0;
    if (wanted === 0 && given === 0) continue;
    const kind = wanted === given ? FOUND : given === 0 ? MISSED : wanted === 0 ? EXTRA : CONFUSED;
    const code = ((wanted === 0 ? given : wanted) - 1) * KINDS + kind;
    codes[at] = code;
    counts[code]!++;
  }
  return { codes, counts };
}

function withCodes(truth: ViewVolume, found: ViewVolume, codes: Uint16Array): ViewVolume {
  const facts = { ...truth.facts, voxelType: 'uint16' as const, slope: 1, intercept: 0 };
  return { ...truth, id: `${truth.id}-${found.id}`, facts, voxels: codes, bounds: [0, 65535] };
}
