import { z } from 'zod';

/**
 * An argument that a config fills with a reference or an expression (`@model`, `#@model.parameters()`,
 * `lambda x: ...`). Whoever builds the component supplies what it stands for, so its value is not checked here; that
 * the reference exists is checked where references are resolved.
 */
export const referenceArgument = (description: string) => z.unknown().optional().describe(description);
