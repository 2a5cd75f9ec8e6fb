import { FaultError, type Fault } from '../../common/fault.ts';

/** Thrown through an engine that somebody stopped from outside. */
export class TrainingAborted extends Error {
  override name = 'TrainingAborted';
}

/** Thrown when the loss is no finite number: from then on the weights mean nothing. */
export class TrainingDiverged extends FaultError {
  /** @param culprit the image of the batch whose voxels are no numbers already, where there is one */
  constructor(loss: number, epoch: number, iteration: number, culprit?: Pick<Fault, 'file'>) {
    const reason =
      culprit === undefined
        ? 'a smaller learning rate may help'
        : 'this image has voxels that are no finite numbers after the transforms';
    super({
      ...culprit,
      code: 'diverged',
      message: `The loss became ${loss} in epoch ${epoch}, iteration ${iteration}; ${reason}.`,
    });
    this.name = 'TrainingDiverged';
  }
}
