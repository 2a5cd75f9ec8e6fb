import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { componentNames, componentSpecs, findComponent } from '../../../common/components/catalogue.ts';
import { componentArgumentSchemas } from '../../../common/mmar/json-schemas.ts';
import type { ComponentSpec } from '../../../common/components/component-spec.ts';

const folder = new URL('../../../common/components/', import.meta.url);

/** Everything exported under common/components that looks like a spec. */
async function exportedSpecs(): Promise<readonly ComponentSpec[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const modules = await Promise.all(
    files.map((file) => import(new URL(file, folder).href) as Promise<object>),
  );
  const isSpec = (value: unknown): value is ComponentSpec =>
    typeof value === 'object' && value !== null && 'kind' in value && 'aliases' in value && 'args' in value;
  return modules
    .flatMap((module) => Object.values(module))
    .flat()
    .filter(isSpec);
}

describe('the catalogue', () => {
  it('has every spec of its folder', async () => {
    const missing = (await exportedSpecs()).filter((spec) => !componentSpecs.includes(spec));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it('has no name twice within a kind', () => {
    for (const kind of new Set(componentSpecs.map((spec) => spec.kind))) {
      const names = componentNames(kind);
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    }
  });

  it('documents every component and every argument', () => {
    const schemas = componentArgumentSchemas();
    for (const { kind, name, summary, source } of componentSpecs) {
      expect(summary, name).toMatch(/\w\.$/);
      expect(source, name).not.toBe('');
      const { properties = {} } = schemas[kind][name] as {
        properties?: Record<string, { description?: string }>;
      };
      const undocumented = Object.keys(properties).filter((argument) => !properties[argument].description);
      expect(undocumented, name).toEqual([]);
    }
  });

  it('is strict: no component takes arguments that it does not name', () => {
    for (const { args, name } of componentSpecs) {
      const parsed = args.safeParse({ surely_no_argument: 1 });
      const unknown = parsed.error?.issues.some((issue) => issue.code === 'unrecognized_keys');
      expect(unknown, name).toBe(true);
    }
  });

  it("has the vocabulary of Clara's AutoML and training configs", () => {
    const vocabulary =
      'UNet SegResNet DiceLoss FocalLoss Adam Novograd StepLR LoadImaged EnsureChannelFirstd Spacingd ScaleIntensityRanged ' +
      'ToTensord CropForegroundd RandCropByPosNegLabeld RandShiftIntensityd RandGaussianNoised RandFlipd SaveImageD Activationsd ' +
      'AsDiscreted Invertd SaveImaged CacheDataset Dataset DataLoader SlidingWindowInferer SimpleInferer Accuracy MeanDice ' +
      'TensorBoardStatsHandler CheckpointLoader CheckpointSaver LrScheduleHandler ValidationHandler MetricsSaver ' +
      'SupervisedTrainer SupervisedEvaluator MMARHandler StatsHandler MMARStatsHandler MMARExecutor ReinforcementController';
    expect(vocabulary.split(' ').filter((name) => findComponent(name) === undefined)).toEqual([]);
  });
});

describe('findComponent', () => {
  it('knows aliases and full names', () => {
    expect(findComponent('SaveImageD')?.name).toBe('SaveImaged');
    expect(findComponent('monai.transforms.io.dictionary.LoadImageDict')?.name).toBe('LoadImaged');
    expect(findComponent('other.transforms.LoadImaged')).toBeUndefined();
  });

  it('tells kinds apart', () => {
    expect(findComponent('StatsHandler', 'handler')?.kind).toBe('handler');
    expect(findComponent('StatsHandler', 'automl_handler')?.kind).toBe('automl_handler');
    expect(findComponent('UNet', 'loss')).toBeUndefined();
  });
});
