import type { PreviewCommand, PreviewMessage } from '../../common/preview-protocol.ts';

/** A process that shows what the trainer's transforms do to cases of one MMAR. */
export interface PreviewProcess {
  /** Sends a command; one that cannot be delivered is dropped, since the end of the messages says the rest. */
  post(command: PreviewCommand): void;
  /** What it says, in order; ends when the process has ended. */
  readonly messages: AsyncIterable<PreviewMessage>;
  /** Ends the process at once: it has nothing to save. */
  kill(): void;
}

/** Starts such processes. @param mmarRoot absolute path of the MMAR */
export type LaunchPreview = (mmarRoot: string) => PreviewProcess;
