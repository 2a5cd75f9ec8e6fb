import { createServer, connect, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  parseNetstat,
  parseNetstatWindows,
  parseProcNetDev,
  readNetworkBytes,
} from '../../../main/node/network-meter.ts';
import { openSystemProbe } from '../../../main/node/system-probe.ts';

const isKnown = (await readNetworkBytes()) !== undefined;
if (!isKnown) console.warn('SKIPPED: the network is not measured: this system does not tell');

describe('what the network took and gave', () => {
  it('is read from Linux, all interfaces together', () => {
    const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    1000      10    0    0    0     0          0         0     1000      10    0    0    0     0       0          0
  eth0: 2500000    2000    0    0    0     0          0         0  300000    1000    0    0    0     0       0          0
`;
    expect(parseProcNetDev(text)).toEqual({ received: 2_501_000, sent: 301_000 });
    expect(parseProcNetDev('')).toBeUndefined();
  });

  it('is read from macOS, each interface once', () => {
    const text = `Name       Mtu   Network       Address            Ipkts Ierrs     Ibytes    Opkts Oerrs     Obytes  Coll
lo0        16384 <Link#1>                           10     0       1000       10     0       1000     0
lo0        16384 127           127.0.0.1            10     -       1000       10     -       1000     -
en0        1500  <Link#4>    a4:83:e7:00:11:22    2000     0    2500000     1000     0     300000     0
en0        1500  192.168.1     192.168.1.20       2000     -    2500000     1000     -     300000     -
`;
    expect(parseNetstat(text)).toEqual({ received: 2_501_000, sent: 301_000 });
    expect(parseNetstat('netstat: no such option')).toBeUndefined();
  });

  it('is read from Windows, in its language', () => {
    const german = `Schnittstellenstatistik\r\n\r\n                           Empfangen              Gesendet\r\n\r\nBytes                    2500000            300000\r\nUnicastpakete              20000             10000\r\n`;
    expect(parseNetstatWindows(german)).toEqual({ received: 2_500_000, sent: 300_000 });
    expect(parseNetstatWindows('')).toBeUndefined();
  });

  it.skipIf(!isKnown)('grows from the opening of the probe on, under the names of MLflow', async () => {
    const probe = openSystemProbe(import.meta.dirname);
    const read = async (): Promise<readonly number[]> => {
      const figures = new Map((await probe.measure()).map(({ name, value }) => [name, value]));
      return ['receive', 'transmit'].map((way) => figures.get(`system/network_${way}_megabytes`)!);
    };
    const before = await read();
    await sendOverLoopback(2_000_000);
    const after = await read();
    for (const way of [0, 1]) {
      expect(before[way]).toBeGreaterThanOrEqual(0);
      expect(after[way]! - before[way]!).toBeGreaterThan(1.9);
    }
  });
});

async function sendOverLoopback(bytes: number): Promise<void> {
  const server = createServer((socket) => socket.resume());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await new Promise<void>((resolve) => client.end(Buffer.alloc(bytes), () => resolve()));
  await new Promise((resolve) => server.close(resolve));
}
