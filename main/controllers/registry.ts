import type { z } from 'zod';
import {
  automlControllerSpecs,
  gridControllerSpec,
  randomControllerSpec,
  reinforcementControllerSpec,
} from '../../common/components/automl-controllers.ts';
import type { ComponentSpec } from '../../common/components/component-spec.ts';
import { fail, succeed, type Result } from '../../common/fault.ts';
import type { JsonObject } from '../../common/json.ts';
import { faultsOfIssues } from '../../common/mmar/schema-faults.ts';
import type { Controller } from './controller.ts';
import { GridController } from './grid/grid-controller.ts';
import { RandomController } from './random/random-controller.ts';
import { ReinforcementController } from './reinforcement/reinforcement-controller.ts';

type MakeController = (args: JsonObject) => Result<Controller>;

const makers: Readonly<Record<string, MakeController>> = {
  [reinforcementControllerSpec.name]: (args) =>
    parse(reinforcementControllerSpec, args, (parsed) => new ReinforcementController(parsed)),
  [randomControllerSpec.name]: (args) =>
    parse(randomControllerSpec, args, (parsed) => new RandomController(parsed)),
  [gridControllerSpec.name]: (args) =>
    parse(gridControllerSpec, args, (parsed) => new GridController(parsed)),
};

/** The names of the built-in controllers. */
export const controllerNames: readonly string[] = automlControllerSpecs.map(({ name }) => name);

/** A built-in controller with the arguments that a config_automl gives it. Faults: unknown name, wrong arguments. */
export function createController(name: string, args: JsonObject): Result<Controller> {
  const make = Object.hasOwn(makers, name) ? makers[name] : undefined;
  if (make !== undefined) return make(args);
  return fail({
    code: 'unknown-component',
    message: `There is no controller "${name}".`,
    component: name,
    allowed: `${controllerNames.join(', ')}, or your own by path`,
  });
}

function parse<Args extends z.ZodObject>(
  spec: ComponentSpec<Args>,
  args: JsonObject,
  make: (parsed: z.output<Args>) => Controller,
): Result<Controller> {
  const { name, args: schema } = spec;
  const parsed = schema.safeParse(args, { reportInput: true });
  if (parsed.success) return succeed(make(parsed.data));
  return fail(...faultsOfIssues(parsed.error, { path: [], component: name, shape: schema.shape }));
}
