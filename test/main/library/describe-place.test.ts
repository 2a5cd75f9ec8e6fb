import { expect, it } from 'vitest';
import { describePlace, redactUser } from '../../../main/library/describe-place.ts';

it('writes the home as ~, and nothing that only begins like it', () => {
  expect(describePlace('/home/anna', '/home/anna')).toBe('~');
  expect(describePlace('/home/anna/MMARs/liver', '/home/anna')).toBe('~/MMARs/liver');
  expect(describePlace('/home/annabel/MMARs', '/home/anna')).toBe('/home/annabel/MMARs');
});

it('takes the home and the user out of a text', () => {
  const text = "EACCES: '/home/anna/MMARs/x' for anna on /mnt/anna-data, but annabel stays";
  expect(redactUser(text, '/home/anna', 'anna')).toBe(
    "EACCES: '~/MMARs/x' for <user> on /mnt/<user>-data, but annabel stays",
  );
  expect(redactUser('a.b axb', '/home/q', 'a.b')).toBe('<user> axb');
});

it('leaves short names alone, which other words hold', () => {
  expect(redactUser('an error', '/home/an', 'an')).toBe('an error');
});
