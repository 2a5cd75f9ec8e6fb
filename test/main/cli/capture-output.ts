import type { Output } from '../../../main/cli/output.ts';

/** An output that keeps what is written. */
export interface CapturedOutput extends Output {
  readonly lines: string[];
  readonly notes: string[];
  readonly rawText: string;
}

export function captureOutput({ isTerminal = false, columns = 200 } = {}): CapturedOutput {
  const lines: string[] = [];
  const notes: string[] = [];
  let rawText = '';
  return {
    lines,
    notes,
    get rawText() {
      return rawText;
    },
    isTerminal,
    columns: () => columns,
    line: (text) => void lines.push(...text.split('\n')),
    note: (text) => void notes.push(...text.split('\n')),
    raw: (text) => {
      rawText += text;
    },
  };
}
