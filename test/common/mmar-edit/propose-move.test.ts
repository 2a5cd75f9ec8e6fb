import { describe, expect, it } from 'vitest';
import { movePath, proposeMoves } from '../../../common/mmar-edit/propose-move.ts';

const places = (path: string, folder: string): readonly string[] =>
  proposeMoves(path, folder).map((move) => movePath(path, move));

describe('data that stand elsewhere now', () => {
  it('are looked for with as much of the path as possible first', () => {
    expect(places('./images/tr/a.nii', '/new/')).toEqual([
      '/new/images/tr/a.nii',
      '/new/tr/a.nii',
      '/new/a.nii',
    ]);
    expect(places('a.nii', '/new')).toEqual(['/new/a.nii']);
  });

  it('keep whole paths out of the root', () => {
    expect(places('/old/images/a.nii', '/new')).toEqual([
      '/new/old/images/a.nii',
      '/new/images/a.nii',
      '/new/a.nii',
    ]);
    expect(proposeMoves('/old/a.nii', '/new').every(({ kind }) => kind === 'beginning')).toBe(true);
    expect(movePath('/elsewhere/b.nii', { kind: 'root', root: '/new' })).toBe('/elsewhere/b.nii');
  });

  it('leave other paths alone', () => {
    expect(movePath('labels/a.nii', { kind: 'beginning', from: 'images/', to: '/new/' })).toBe(
      'labels/a.nii',
    );
  });
});
