import type { MetricsSaverArgs } from '../../common/components/handlers.ts';
import { FaultError } from '../../common/fault.ts';
import { formatCsvCell } from '../../common/text/csv-cell.ts';
import type { Item } from '../data/item.ts';
import type { Handler } from '../engines/engine.ts';
import type { MetricResult } from '../engines/metric-slots.ts';
import type { MmarFiles } from '../files/mmar-files.ts';
import { formatFixed } from './format-number.ts';
import { summarise, parseSummaryOperations, type SummaryOperation } from './summary-operations.ts';

export interface MetricsSaverContext {
  readonly files: MmarFiles;
  /** What a report calls a case. */
  readonly nameCase: (item: Item) => string;
}

/**
 * `monai.handlers.MetricsSaver` (0.8.1). Writes `metrics.csv` (name, value) and, for each metric of `metric_details`,
 * `<metric>_raw.csv` (a row per case, a column per class and the mean) and `<metric>_summary.csv` (a row per class and the
 * mean, a column per operation). Columns are named after the classes' numbers, so without background they start at class1.
 */
export function createMetricsSaver(
  args: MetricsSaverArgs,
  { files, nameCase }: MetricsSaverContext,
): Handler {
  const operations = parseSummaryOperations(args.summary_ops);
  return {
    name: 'MetricsSaver',
    attach(engine) {
      let cases: string[] = [];
      engine.on('EPOCH_STARTED', () => void (cases = []));
      engine.on('ITERATION_COMPLETED', () => void cases.push(...engine.state.output.items.map(nameCase)));
      engine.on('EPOCH_COMPLETED', () => {
        const { metrics } = engine.state;
        const write = (name: string, rows: readonly (readonly string[])[]): void =>
          files.replace(
            `${args.save_dir}/${name}`,
            rows.map((row) => `${row.join(args.delimiter)}\n`).join(''),
          );
        const listed = select(metrics, args.metrics, 'metrics');
        if (listed.length > 0)
          write(
            'metrics.csv',
            listed.map(({ label, value }) => [formatCsvCell(label, args.delimiter), formatValue(value)]),
          );
        for (const metric of select(metrics, args.metric_details, 'metric_details')) {
          const table = tableOf(metric, args.metric_details !== '*');
          if (table === undefined) continue;
          write(`${metric.label}_raw.csv`, rawRows(table, cases, args.delimiter));
          if (operations.length > 0) write(`${metric.label}_summary.csv`, summaryRows(table, operations));
        }
      });
    },
  };
}

function select(
  metrics: readonly MetricResult[],
  wanted: string | readonly string[] | null,
  argument: string,
): readonly MetricResult[] {
  if (wanted === null) return [];
  const labels = typeof wanted === 'string' ? [wanted] : wanted;
  if (labels.includes('*')) return metrics;
  return labels.map((label) => {
    const found = metrics.find((metric) => metric.label === label);
    if (found !== undefined) return found;
    throw new FaultError({
      code: 'wrong-argument',
      message: `There is no metric "${label}".`,
      component: 'MetricsSaver',
      argument,
      allowed: metrics.map((metric) => metric.label).join(', '),
    });
  });
}

const formatValue = (value: number | null): string => (value === null ? 'nan' : String(value));

/** Scores of all cases: a named column per class, and one for their mean. */
interface CaseTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly number[])[];
}

function tableOf({ label, perCase, firstClass }: MetricResult, required: boolean): CaseTable | undefined {
  if (perCase === undefined) {
    if (!required) return undefined;
    throw new FaultError({
      code: 'wrong-argument',
      message: `The metric "${label}" keeps no values per case.`,
      component: 'MetricsSaver',
      argument: 'metric_details',
    });
  }
  const classes = (perCase[0] ?? []).map((_, index) => `class${firstClass + index}`);
  return { columns: [...classes, 'mean'], rows: perCase.map((row) => [...row, summarise('mean', row)]) };
}

function rawRows({ columns, rows }: CaseTable, cases: readonly string[], delimiter: string): string[][] {
  return [
    ['filename', ...columns],
    ...rows.map((row, index) => [
      formatCsvCell(cases[index] ?? String(index), delimiter),
      ...row.map(formatFixed),
    ]),
  ];
}

function summaryRows({ columns, rows }: CaseTable, operations: readonly SummaryOperation[]): string[][] {
  const body = columns.map((name, column) => {
    const values = rows.map((row) => row[column]);
    return [name, ...operations.map((operation) => formatFixed(summarise(operation, values)))];
  });
  return [['class', ...operations], ...body];
}
