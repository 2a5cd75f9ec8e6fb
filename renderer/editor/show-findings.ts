import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import type { Extension, Text, TransactionSpec } from '@codemirror/state';
import type { EditorState } from '@codemirror/state';
import type { Finding } from '../../common/mmar-edit/check-document.ts';

/** The marks at the lines that findings stand on. */
export const findingsGutter: Extension = lintGutter();

/** Puts findings into a state as CodeMirror's diagnostics. */
export function showFindings(state: EditorState, findings: readonly Finding[]): TransactionSpec {
  return setDiagnostics(
    state,
    findings.map((finding) => toDiagnostic(finding, state.doc)),
  );
}

function toDiagnostic({ fault, range, severity }: Finding, doc: Text): Diagnostic {
  // A check may be of a text that has become shorter meanwhile.
  const from = Math.min(range.from, doc.length);
  const to = Math.min(Math.max(range.to, from), doc.length);
  const allowed = fault.allowed === undefined ? '' : ` Allowed: ${fault.allowed}.`;
  return { from, to, severity, message: `${fault.message}${allowed}` };
}
