import type { Json } from '../json.ts';
import type { Variables } from '../mmar/variables.ts';
import type { DocumentKind } from './document-kind.ts';

/** Something that may be written at a place. */
export interface Suggestion {
  /** What the list shows. */
  readonly label: string;
  /** What is written: a key with its first value, or a value. */
  readonly insert: { readonly key: string; readonly value?: Json } | { readonly value: Json };
  readonly type: 'key' | 'value' | 'variable' | 'reference' | 'component';
  /** Beside the label. */
  readonly detail?: string;
  readonly documentation?: string;
}

/** What a document is about, for suggestions and explanations. */
export interface LanguageContext {
  readonly kind: DocumentKind;
  /** The document, as far as it can be read. */
  readonly value: Json;
  /** Of a train or evaluation config. */
  readonly variables: Variables;
}
