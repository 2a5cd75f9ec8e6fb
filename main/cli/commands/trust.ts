import type { Command } from 'commander';
import { userInfo } from 'node:os';
import { openTrustStore, type TrustedCode, type TrustView } from '../../mmar/trust/trust-store.ts';
import { dataFolder } from '../../node/data-folder.ts';
import { locateMmar } from '../locate-mmar.ts';
import type { Output } from '../output.ts';

interface TrustOptions {
  readonly yes?: boolean;
  readonly revoke?: boolean;
  readonly note?: string;
}

/** `outerloop mmar trust`: what code an MMAR would run, and whether it may. */
export function addTrustCommand(mmar: Command, output: Output): void {
  mmar
    .command('trust')
    .description(
      "list the code that an MMAR would run, and decide whether it may; it's kept for exactly this code",
    )
    .argument('<folder>', 'the MMAR')
    .option('--yes', 'trust it: you have read the files that are listed')
    .option('--revoke', 'take that back')
    .option('--note <text>', 'why')
    .action(async (folder: string, options: TrustOptions) => {
      const mmarRoot = await locateMmar(folder);
      const store = openTrustStore(dataFolder());
      const view = await store.view(mmarRoot);
      for (const { path, sha256, sizeBytes } of view.files)
        output.line(`${sha256.slice(0, 16)}  ${String(sizeBytes).padStart(8)}  ${path}`);
      const { note } = options;
      const decision = {
        by: userInfo().username,
        at: new Date().toISOString(),
        ...(note === undefined ? {} : { note }),
      };
      if (options.revoke === true) await store.revoke(mmarRoot, decision);
      else if (options.yes === true && view.state !== 'no-code')
        await store.trust(mmarRoot, view.digest, decision);
      output.line(describeTrust(await store.view(mmarRoot)));
    });
}

/** The code that the MMAR has now, when the user has trusted exactly that. */
export function trustedHere(mmarRoot: string): Promise<TrustedCode | undefined> {
  return openTrustStore(dataFolder()).trustedCode(mmarRoot);
}

function describeTrust({ state, record, changes }: TrustView): string {
  switch (state) {
    case 'no-code':
      return 'The MMAR has no code but what came with the program: there is nothing to trust.';
    case 'trusted':
      return `Trusted by ${record!.by} at ${record!.at}.`;
    case 'revoked':
      return `Not trusted: ${record!.by} took it back at ${record!.at}.`;
    case 'changed': {
      const { added, changed, gone } = changes!;
      const what = [
        ...changed.map((path) => `${path} is another`),
        ...added.map((path) => `${path} is new`),
        ...gone.map((path) => `${path} is gone`),
      ];
      return `Not trusted: the code has changed since ${record!.by} trusted it. ${what.join(', ')}.`;
    }
    case 'unknown':
      return 'Not trusted: nobody has decided. Read the files, then say --yes.';
  }
}
