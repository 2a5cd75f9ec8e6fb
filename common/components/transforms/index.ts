import type { ComponentSpec } from '../component-spec.ts';
import * as cropPad from './crop-pad.ts';
import * as inputOutput from './input-output.ts';
import * as intensity from './intensity.ts';
import * as post from './post.ts';
import * as spatial from './spatial.ts';
import * as utility from './utility.ts';

/** Every built-in transform, grouped as in MONAI's documentation. */
export const transformSpecs: readonly ComponentSpec[] = [
  inputOutput,
  utility,
  spatial,
  cropPad,
  intensity,
  post,
].flatMap((group): ComponentSpec[] => Object.values(group));
