import { ProtobufWriter } from '../graph/protobuf-writer.ts';

/** What an event of TensorBoard's event file says. */
export type EventContent =
  | { readonly kind: 'version' }
  /** Makes TensorBoard forget what an earlier, interrupted training wrote from this step on. */
  | { readonly kind: 'restart' }
  | { readonly kind: 'scalar'; readonly tag: string; readonly value: number }
  | { readonly kind: 'text'; readonly tag: string; readonly text: string };

export interface TensorBoardEvent {
  /** Seconds since 1970. */
  readonly wallTimeSeconds: number;
  readonly step: number;
  readonly content: EventContent;
}

const SESSION_START = 1;
const DT_STRING = 7;

/** The bytes of tensorboard.Event (tensorboard/compat/proto/event.proto, summary.proto). */
export function encodeEvent({ wallTimeSeconds, step, content }: TensorBoardEvent): Uint8Array {
  const event = new ProtobufWriter().double(1, wallTimeSeconds).integer(2, step);
  switch (content.kind) {
    case 'version':
      event.string(3, 'brain.Event:2');
      break;
    case 'restart':
      event.message(7, (log) => log.integer(1, SESSION_START));
      break;
    case 'scalar':
      writeSummaryValue(event, (value) => value.string(1, content.tag).float(2, content.value));
      break;
    case 'text':
      writeSummaryValue(event, (value) => writeText(value, content.tag, content.text));
      break;
  }
  return event.finish();
}

function writeSummaryValue(event: ProtobufWriter, write: (value: ProtobufWriter) => void): void {
  event.message(5, (summary) => summary.message(1, write));
}

/** A text is a string tensor of one element, marked for the text plugin. */
function writeText(value: ProtobufWriter, tag: string, text: string): void {
  value
    .string(1, `${tag}/text_summary`)
    .message(9, (metadata) => metadata.message(1, (plugin) => plugin.string(1, 'text')))
    .message(8, (tensor) =>
      tensor
        .integer(1, DT_STRING)
        .message(2, (shape) => shape.message(2, (axis) => axis.integer(1, 1)))
        .string(8, text),
    );
}
