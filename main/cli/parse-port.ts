import { FaultError } from '../../common/fault.ts';

const LAST_PORT = 65535;

/** A port as the command line says it; 0, any that is free, when it says none. */
export function parsePort(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= LAST_PORT) return port;
  throw new FaultError({
    code: 'usage',
    argument: '--port',
    message: `"${text}" is no port.`,
    allowed: `a whole number from 0 (any that is free) to ${LAST_PORT}`,
  });
}
