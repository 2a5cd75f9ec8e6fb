import { FaultError } from '../../common/fault.ts';
import type { PreviewCommand, PreviewMessage } from '../../common/preview-protocol.ts';
import { MmarFiles } from '../files/mmar-files.ts';
import { describeFailure } from '../program/describe-failure.ts';
import { listUserCode, openUserCode } from '../user-code/list-user-code.ts';
import { PreviewSession } from './preview-session.ts';

/**
 * The trainer as a process that shows what its transforms do: one MMAR, given as argument; commands and messages over IPC.
 * It ends with the channel.
 */
const files = new MmarFiles(process.argv[2] ?? '.');
const session = new PreviewSession(files);
const loadedCode = openUserCode(files.root).digest;
let running = new AbortController();
let last: Promise<void> = Promise.resolve();
let newest = -1;

// Relative paths in a config count from the MMAR.
process.chdir(files.root);
process.on('disconnect', () => process.exit(0));
process.on('message', (command: PreviewCommand) => {
  if (command.type === 'run') startRun(command);
  else writeImage(command);
});

const post = (message: PreviewMessage): void => void (process.connected && process.send!(message));

/** The newest run is the one that is wanted: it waits only until the one before has finished its step. */
function startRun({ run, request }: Extract<PreviewCommand, { type: 'run' }>): void {
  running.abort();
  const own = (running = new AbortController());
  newest = run;
  last = last.then(async () => {
    if (own.signal.aborted) return;
    if (request.trusted && listUserCode(files.root).digest !== loadedCode)
      return post({ type: 'outdated', run });
    try {
      for await (const event of session.run(request, own.signal)) post({ type: 'event', run, event });
    } catch (error) {
      reportDefect(error);
    }
  });
}

function writeImage({ id, run, image, file }: Extract<PreviewCommand, { type: 'write' }>): void {
  try {
    if (run !== newest) throw outdatedImage;
    post({ type: 'written', id, facts: session.write(image, file) });
  } catch (error) {
    if (!(error instanceof FaultError)) return reportDefect(error);
    post({ type: 'unwritten', id, faults: [...describeFailure(error, files).faults] });
  }
}

const outdatedImage = new FaultError({
  code: 'volume-gone',
  message: 'The transforms have been run anew since.',
});

/** A defect of the program: whoever started this process records it and starts another one. */
function reportDefect(error: unknown): void {
  const { reason, stack } = describeFailure(error, files);
  process.stderr.write(`${stack ?? reason}\n`);
  process.send!({ type: 'defect', message: reason } satisfies PreviewMessage, () => process.exit(1));
}
