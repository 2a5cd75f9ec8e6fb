import { expect, it } from 'vitest';
import { ProtobufWriter } from '../../../trainer/graph/protobuf-writer.ts';

const written = (write: (writer: ProtobufWriter) => void): string => {
  const writer = new ProtobufWriter();
  write(writer);
  return Buffer.from(writer.finish()).toString('hex');
};

// The first three are the examples of the protocol buffers encoding guide.
it.each<[string, (writer: ProtobufWriter) => void, string]>([
  ['an integer of two bytes', (writer) => writer.integer(1, 150), '089601'],
  ['a string', (writer) => writer.string(2, 'testing'), '120774657374696e67'],
  ['a message', (writer) => writer.message(3, (inner) => inner.integer(1, 150)), '1a03089601'],
  ['packed integers', (writer) => writer.integers(6, [3, 270, 86942]), '3206038e029ea705'],
  ['zero', (writer) => writer.integer(1, 0), '0800'],
  ['minus one, as 64 bits', (writer) => writer.integer(1, -1), '08ffffffffffffffffff01'],
  ['2 to the 31st', (writer) => writer.integer(1, 2 ** 31), '088080808008'],
  ['a large field number', (writer) => writer.integer(20, 1), 'a00101'],
  ['a float', (writer) => writer.float(2, 1.5), '150000c03f'],
  ['text outside of ASCII', (writer) => writer.string(1, 'é'), '0a02c3a9'],
  ['an empty message', (writer) => writer.message(1, () => {}), '0a00'],
])('writes %s', (_, write, bytes) => {
  expect(written(write)).toBe(bytes);
});

it('grows over any number of bytes', () => {
  const content = Uint8Array.from({ length: 5000 }, (_, index) => index % 251);
  const writer = new ProtobufWriter().string(1, 'a').bytes(2, content).integer(3, 7);
  const bytes = writer.finish();
  expect(bytes.length).toBe(3 + 3 + 5000 + 2);
  expect(bytes.subarray(6, 5006)).toEqual(content);
  expect([...bytes.subarray(5006)]).toEqual([24, 7]);
});
