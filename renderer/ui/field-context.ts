import { getContext, setContext } from 'svelte';

/** What a Field tells the control inside it, so that label, help and error are bound to it. */
export interface FieldContext {
  readonly controlId: string;
  /** Ids of help and error, for `aria-describedby`; undefined when there are none. */
  readonly describedBy: string | undefined;
  readonly labelId: string;
  readonly invalid: boolean;
  readonly required: boolean;
}

const key = Symbol('field');

/** Called by Field; the object's getters stay live. */
export function setField(field: FieldContext): void {
  setContext(key, field);
}

/** The Field that the control stands in, if any. */
export function getField(): FieldContext | undefined {
  return getContext<FieldContext | undefined>(key);
}
