/** Loads `own.Own` of the MMAR that the first argument names as the trainer does, and runs its method `run`. */
import { loadUserClass } from '../../../../trainer/user-code/load-user-class.ts';
import { locateUserClass } from '../../../../trainer/user-code/locate-user-class.ts';

const root = process.argv[2]!;
const own: unknown = await loadUserClass(locateUserClass('own.Own', root));
await (own as { run(mmarRoot: string): Promise<void> }).run(root);
if ('ranOutside' in globalThis) throw new Error('it ran');
