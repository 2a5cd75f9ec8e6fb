import { FaultError } from '../../common/fault.ts';
import type { Vault } from '../backend/hosted-secrets.ts';
import type { BackendMessage, HostMessage, HostMethod } from '../backend/host-protocol.ts';
import type { ElectronDesktop } from './electron-desktop.ts';

/** Answers what the program behind asks of the desktop and of the vault; settles with the reply. */
export function makeHostAnswers(
  desktop: ElectronDesktop,
  vault: Vault,
): (call: Extract<BackendMessage, { type: 'call' }>) => Promise<HostMessage> {
  const answers: Readonly<Record<HostMethod, (input: never) => Promise<unknown>>> = {
    choose: desktop.choose,
    chooseTarget: desktop.chooseTarget,
    reveal: desktop.reveal,
    trash: desktop.trash,
    openPage: desktop.openPage,
    notify: desktop.notify,
    encrypt: vault.encrypt,
    decrypt: vault.decrypt,
  };
  return async ({ call, method, input }) => {
    try {
      return { type: 'reply', call, value: await answers[method](input as never) };
    } catch (error) {
      return error instanceof FaultError
        ? { type: 'reply', call, faults: [...error.faults] }
        : { type: 'reply', call, defect: error instanceof Error ? error.message : String(error) };
    }
  };
}
