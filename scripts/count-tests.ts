import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/**
 * Reads vitest's JSON report, prints "<passed> <failed> <skipped>" and writes a line per skipped test, with the reason that
 * stands in its name, to the second file.
 */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const [reportFile, skipsFile] = process.argv.slice(2);
if (reportFile === undefined || skipsFile === undefined) throw new Error('usage: count-tests REPORT SKIPS');

const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
let passed = 0;
let failed = 0;
const skips: string[] = [];
for (const file of report.testResults) {
  // a file that could not be loaded holds no tests, but it failed
  if (file.assertionResults.length === 0 && file.status === 'failed') failed++;
  for (const test of file.assertionResults) {
    if (test.status === 'passed') passed++;
    else if (test.status === 'failed') failed++;
    else skips.push(`${relative(process.cwd(), file.name)}: ${test.fullName}`);
  }
}
writeFileSync(skipsFile, skips.map((skip) => `${skip}\n`).join(''));
console.log(`${passed} ${failed} ${skips.length}`);
