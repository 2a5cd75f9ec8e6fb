import { FaultError } from '../../common/fault.ts';

/** Thrown through an engine that somebody stopped from outside. */
export class TrainingAborted extends Error {
  override name = 'TrainingAborted';
}

/** Thrown when the loss is no finite number: from then on the weights mean nothing. */
export class TrainingDiverged extends FaultError {
  constructor(loss: number, epoch: number, iteration: number) {
    super({
      code: 'diverged',
      message: `The loss became ${loss} in epoch ${epoch}, iteration ${iteration}; a smaller learning rate may help.`,
    });
    this.name = 'TrainingDiverged';
  }
}
