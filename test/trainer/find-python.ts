import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** A Python that has the package in the version that the tests were written against, or why there is none. */
export function findPython(module: string, version: string): { python: string } | { why: string } {
  const install = `run: python3 -m venv .venv && .venv/bin/pip install ${module}==${version}`;
  const python = join(root, '.venv', 'bin', 'python');
  if (!existsSync(python)) return { why: `no .venv with ${module} ${version} (${install})` };
  try {
    const found = execFileSync(python, ['-c', `import ${module}; print(${module}.__version__)`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    if (found.split('+')[0] === version) return { python };
    return { why: `.venv has ${module} ${found}, not ${version}` };
  } catch {
    return { why: `.venv has no ${module} (${install})` };
  }
}
