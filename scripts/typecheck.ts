import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Type checks every environment against its own tsconfig, so that a file can only use what its folder may touch. */
const environments = ['common', 'main', 'trainer', 'test', 'bench', 'scripts'];

let failed = 0;
for (const environment of environments) {
  const project = `${environment}/tsconfig.json`;
  if (!existsSync(project)) throw new Error(`${project} is missing`);
  const run = spawnSync('tsc', ['--project', project], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  console.log(`${run.status === 0 ? 'ok  ' : 'FAIL'} ${project}`);
  if (run.status !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
