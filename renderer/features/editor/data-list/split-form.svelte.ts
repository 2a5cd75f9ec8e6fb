import { isJsonObject, type Json } from '../../../../common/json.ts';
import { planSplit, writeSplit, type SplitRequest } from '../../../../common/mmar-edit/split-sections.ts';
import type { PatientRule } from '../../../../common/mmar/patient-rule.ts';
import type { DataListForm } from './data-list-form.svelte.ts';

/** How patients are told: not at all, from the path, or by a field of the case. */
export type RuleKind = 'none' | 'pattern' | 'field';

/** A new split of a list, before it is made. It begins with how the list was split last. */
export class SplitForm {
  readonly form: DataListForm;
  validation = $state(0.2);
  test = $state(0);
  seed = $state<number | undefined>(0);
  rule = $state<RuleKind>('none');
  pattern = $state('');
  field = $state('');

  /** Undefined while it is not complete. */
  readonly request: SplitRequest | undefined = $derived.by(() => {
    const { validation, test, seed } = this;
    const patients = this.#patients;
    if (seed === undefined || patients === 'incomplete') return undefined;
    return { validation, test, seed, ...(patients === undefined ? {} : { patients }) };
  });
  readonly planned = $derived.by(() =>
    this.request === undefined ? undefined : planSplit(this.form.outline, this.form.keys, this.request),
  );
  /** Keys of the cases that could tell the patient. */
  readonly fields: readonly string[] = $derived.by(() => {
    const names = this.form.cases.flatMap(({ fields }) => Object.keys(fields));
    return [...new Set(names)].filter((name) => name !== 'image' && name !== 'label');
  });

  constructor(form: DataListForm) {
    this.form = form;
    const { split } = form.list;
    if (!isJsonObject(split)) return;
    const share = (value: Json | undefined, fallback: number): number =>
      typeof value === 'number' && value >= 0 && value < 1 ? value : fallback;
    this.validation = share(split.validation, this.validation);
    this.test = share(split.test, this.test);
    if (typeof split.seed === 'number') this.seed = split.seed;
    if (isJsonObject(split.patients)) this.#takeRule(split.patients);
  }

  /** Labelled cases that the split is drawn from. */
  get pool(): number {
    const counts = this.planned?.ok === true ? this.planned.value.counts : undefined;
    return counts === undefined ? 0 : counts.training + counts.validation + counts.test;
  }

  get #patients(): PatientRule | undefined | 'incomplete' {
    if (this.rule === 'none') return undefined;
    const text = this.rule === 'pattern' ? this.pattern : this.field;
    if (text.trim() === '') return 'incomplete';
    return this.rule === 'pattern' ? { pattern: text } : { field: text };
  }

  #takeRule({ pattern, field }: { readonly pattern?: Json; readonly field?: Json }): void {
    if (typeof pattern === 'string') [this.rule, this.pattern] = ['pattern', pattern];
    else if (typeof field === 'string') [this.rule, this.field] = ['field', field];
  }

  /** Writes the split into the list, as one step of its history. */
  apply(): void {
    const { planned, request, form } = this;
    if (planned?.ok !== true || request === undefined) return;
    form.document.change(writeSplit(form.document.edited, planned.value, request));
    form.selection = new Set();
    form.active = undefined;
  }
}
