import ArrowRight from '@lucide/svelte/icons/arrow-right';
import Braces from '@lucide/svelte/icons/braces';
import RotateCcw from '@lucide/svelte/icons/rotate-ccw';
import Unplug from '@lucide/svelte/icons/unplug';
import Variable from '@lucide/svelte/icons/variable';
import type { Json, JsonPath } from '../../../common/json.ts';
import { startValue, type Control } from '../../../common/mmar-edit/argument-control.ts';
import { formOfValue, type ArgumentDescription } from '../../../common/mmar-edit/describe-argument.ts';
import type { Action } from '../../ui/action.ts';
import type { ConfigForm } from './config-form.svelte.ts';

/** An argument of a component, or a first-level value, as a form shows it. */
export interface ArgumentPlace {
  readonly form: ConfigForm;
  readonly argument: ArgumentDescription;
  readonly path: JsonPath;
  readonly value: Json | undefined;
  /** What a variable stands for, where the value is one. */
  readonly resolved: Json | undefined;
  /** Where `apply` of its component gives it what a search finds; undefined where it cannot. */
  readonly applyPath: JsonPath | undefined;
  readonly alias: Json | undefined;
  readonly isJsonShown: boolean;
  readonly toggleJson: () => void;
}

/** What a user can do to an argument besides editing its value. */
export function getArgumentActions(place: ArgumentPlace): readonly Action[] {
  return [
    ...getResetActions(place),
    ...getSourceActions(place),
    ...getFormActions(place),
    ...getApplyActions(place),
    {
      id: 'json',
      title: place.isJsonShown ? 'Edit with a control' : 'Edit as JSON',
      icon: Braces,
      group: 'text',
      run: place.toggleJson,
    },
    {
      id: 'text',
      title: 'Show in the text',
      icon: Braces,
      group: 'text',
      run: () => place.form.showText(place.path),
    },
  ];
}

function getResetActions({ form, argument, path, value }: ArgumentPlace): readonly Action[] {
  if (value === undefined || argument.isRequired) return [];
  const title = argument.default === undefined ? 'Take it out' : 'Reset to the default';
  return [{ id: 'reset', title, icon: RotateCcw, run: () => form.set(path, undefined) }];
}

/** Between a value that stands here and one that a variable gives. */
function getSourceActions({ form, argument, path, value, resolved }: ArgumentPlace): readonly Action[] {
  if (argument.isWire) return [];
  if (formOfValue(value) !== 'plain') {
    const plain = resolved ?? argument.default ?? startValue(argument.control);
    return [{ id: 'plain', title: 'Write the value here', icon: Unplug, run: () => form.set(path, plain) }];
  }
  const variable = `{${Object.keys(form.variables)[0] ?? 'name'}}`;
  return [
    {
      id: 'variable',
      title: 'Take the value of a variable',
      icon: Variable,
      run: () => form.set(path, variable),
    },
  ];
}

const FORMS: Readonly<Partial<Record<Control['kind'], string>>> = {
  switch: 'on or off',
  number: 'a number',
  choice: 'a choice',
  text: 'a text',
  list: 'a list',
  nothing: 'null',
};

/** Where a value may have several forms, the others of them. */
function getFormActions({ form, argument, path }: ArgumentPlace): readonly Action[] {
  const { control } = argument;
  if (control.kind !== 'either') return [];
  return control.options.flatMap((option, index): readonly Action[] => {
    const name = FORMS[option.kind];
    if (name === undefined) return [];
    const run = (): void => form.set(path, startValue(option));
    return [{ id: `form-${index}`, title: `Make it ${name}`, icon: ArrowRight, group: 'form', run }];
  });
}

function getApplyActions({ form, applyPath, alias }: ArgumentPlace): readonly Action[] {
  if (applyPath === undefined) return [];
  return form.aliases.map((name) => ({
    id: `apply-${name}`,
    title: `Give it what is found for “${name}”`,
    group: 'apply',
    checked: alias === name,
    run: () => form.set(applyPath, alias === name ? undefined : name),
  }));
}
