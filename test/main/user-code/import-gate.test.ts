import { Context } from '../../../main/engine/context.ts';
import { ChildUserCode } from '../../../main/user-code/child-user-code.ts';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { importGateContract } from '../../contracts/import-gate.contract.ts';

// a handler, whose method is called in the child
importGateContract('the child of a search', async (root) => {
  appendFileSync(
    join(root, 'custom/own.ts'),
    '\nexport class Handler { constructor({ root }) { this.root = root; } startup() { return Own.run(this.root); } }',
  );
  const userCode = new ChildUserCode([root], [root]);
  try {
    const component = { kind: 'handler', path: 'own.Handler', args: { root }, mmarRoot: root } as const;
    const handler = await userCode.load(component);
    await handler.startup!(new Context());
  } finally {
    await userCode.close();
  }
});
