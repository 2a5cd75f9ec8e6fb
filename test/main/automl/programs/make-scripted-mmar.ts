import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../../../common/json.ts';
import { EventWriter } from '../../../../trainer/tensorboard/event-writer.ts';
import { makeMmar } from './make-mmar.ts';

/** One job of each kind; the first writes an event file and a sample picture as well, the others do not. */
export const EVERY_STATUS = `
say() { mkdir -p models; echo "$1" > models/train_stats.json; }
case "$PWD" in
  *J1) mkdir -p models/samples; printf png > models/samples/validation_1.png; printf x > models/samples/case_7.png; cp resources/scalars.bin models/events.out.tfevents.1.a; printf onnx > models/model.onnx; sleep 0.1; say '{"best_metric": 0.5, "best_epoch": 2, "epochs": 4, "status": "completed"}';;
  *J2) echo "no memory" >&2; exit 3;;
  *J3) say '{"best_metric": NaN}';;
  *J4) sleep 60;;
  *) say '{"best_metric": 0.7, "status": "completed"}';;
esac`;

/**
 * An MMAR whose jobs run a shell script, with a data list and an event file to copy (`resources/scalars.bin`).
 *
 * @param handlers beside an MMARHandler, which keeps one job's folder
 */
export function makeScriptedMmar(script: string, rounds: number, handlers: Json = []): string {
  const root = makeMmar({
    executor: {
      name: 'CommandExecutor',
      args: { remove_search_augs: true, max_idle_time: 8, abort_grace_time: 0.2 },
    },
    controller: { name: 'RandomController', args: { max_rounds: rounds } },
    handlers: [
      { name: 'MMARHandler', args: { num_mmars_to_keep: 1, key_mmar_content_only: true } },
      ...(handlers as Json[]),
    ],
  });
  writeFileSync(join(root, 'commands/automl_train_round.sh'), `#!/usr/bin/env bash\n${script}\n`);
  mkdirSync(join(root, 'data'), { recursive: true });
  writeFileSync(
    join(root, 'data/dataset.json'),
    JSON.stringify({
      training: [{ image: 'a.nii', label: 'b.nii' }],
      validation: [{ image: 'c.nii', label: 'd.nii' }],
    }),
  );
  writeScalars(join(root, 'resources'));
  return root;
}

/** Ten losses and two validations, as the trainer writes them. */
function writeScalars(folder: string): void {
  let time = 1_700_000_000_000;
  const writer = new EventWriter({ folder, describedAs: 'resources', now: () => (time += 1000) });
  writer.text('train_conf', 'x'.repeat(5000), 0);
  for (let step = 1; step <= 10; step++) writer.scalar('train_loss', 1 / step, step);
  writer.scalar('val_mean_dice', 0.25, 2);
  writer.scalar('val_mean_dice/class_1', 0.5, 2);
  writer.scalar('val_mean_dice', NaN, 4);
  writer.close();
  const [name] = readdirSync(folder).filter((file) => file.startsWith('events.out'));
  writeFileSync(join(folder, 'scalars.bin'), readFileSync(join(folder, name!)));
  rmSync(join(folder, name!));
}
