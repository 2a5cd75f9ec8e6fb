import { describe, expect, it } from 'vitest';
import { readFpmCall, writeControl } from '../../scripts/package/fpm-by-dpkg.ts';

const said = [
  ...[
    '-s',
    'dir',
    '--force',
    '-t',
    'deb',
    '-d',
    'libnss3',
    '-d',
    'xdg-utils',
    '--deb-recommends',
    'libappindicator3-1',
  ],
  ...['--deb-compression', 'xz', '--architecture', 'amd64', '--description', 'Searches\n for  good models'],
  ...[
    '--version',
    '0.1.0',
    '--package',
    '/out/a.deb',
    '--name',
    'outerloop',
    '--maintainer',
    'A <a@b.invalid>',
  ],
  ...['/build/linux-unpacked/=/opt/Outerloop', '/tmp/a b.desktop=/usr/share/applications/a.desktop'],
];

describe('what electron-builder says to fpm', () => {
  it('is understood', () => {
    const call = readFpmCall(said);
    expect(call.depends).toEqual(['libnss3', 'xdg-utils']);
    expect(call.recommends).toEqual(['libappindicator3-1']);
    expect(call.files).toEqual([
      { from: '/build/linux-unpacked/', to: '/opt/Outerloop' },
      { from: '/tmp/a b.desktop', to: '/usr/share/applications/a.desktop' },
    ]);
  });

  it('becomes a control file', () => {
    expect(writeControl(readFpmCall(said), 2048)).toBe(
      [
        'Package: outerloop',
        'Version: 0.1.0',
        'Architecture: amd64',
        'Maintainer: A <a@b.invalid>',
        'Installed-Size: 2048',
        'Depends: libnss3, xdg-utils',
        'Recommends: libappindicator3-1',
        'Section: default',
        'Priority: optional',
        'Description: Searches',
        ' for  good models',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['an option that is not known', [...said, '--before-install', '/tmp/x'], '--before-install'],
    ['a file without a place', [...said, 'notes.txt'], 'notes.txt'],
    ['another kind of package', said.map((word) => (word === 'deb' ? 'rpm' : word)), 'makes a deb'],
  ])('is refused with %s', (_, args, message) => {
    expect(() => readFpmCall(args)).toThrow(message);
  });
});
