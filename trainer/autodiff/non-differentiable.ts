/** Operations whose result does not move with their input, or moves in jumps: gradients end here, on purpose. */
export const NON_DIFFERENTIABLE: ReadonlySet<string> = new Set([
  // true or false
  'Equal',
  'Greater',
  'GreaterOrEqual',
  'Less',
  'LessOrEqual',
  'Not',
  'And',
  'Or',
  // positions and steps
  'ArgMax',
  'Sign',
  // float32 is the only element type with gradients, so every cast leaves it or enters it
  'Cast',
  // asked for
  'StopGradient',
]);
