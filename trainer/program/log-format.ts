import type { MmarFiles } from '../files/mmar-files.ts';

export type LogLevel = 'info' | 'warning' | 'error';

/** One line of the log. */
export interface LogLine {
  readonly time: Date;
  readonly level: LogLevel;
  /** Who says it. */
  readonly name: string;
  readonly text: string;
}

/** How lines look, and which are shown. */
export interface LogFormat {
  readonly format: (line: LogLine) => string;
  readonly isShown: (level: LogLevel) => boolean;
}

const CLARA_FORMAT = '%(asctime)s - %(name)s - %(levelname)s - %(message)s';

/** In Python's order; what is below `INFO` does not occur here. */
const LEVELS: Readonly<Record<string, number>> = {
  DEBUG: 10,
  INFO: 20,
  WARNING: 30,
  ERROR: 40,
  CRITICAL: 50,
};

/**
 * The form of log lines that a Python `logging.config` file asks for: the format of its first formatter and the level of
 * its root logger. Without a file, Clara's: `2022-04-01 12:00:00,123 - trainer - INFO - text`.
 *
 * @throws FaultError when the file is missing
 */
export function readLogFormat(files: MmarFiles, path: string | undefined): LogFormat {
  const sections = path === undefined ? new Map() : parseSections(files.readText(path));
  const formatter = [...sections.keys()].find((name) => name.startsWith('formatter_'));
  const format = sections.get(formatter)?.get('format') ?? CLARA_FORMAT;
  const threshold = LEVELS[sections.get('logger_root')?.get('level') ?? 'INFO'] ?? LEVELS.INFO;
  return {
    format: (line) => fillFormat(format, line),
    isShown: (level) => LEVELS[level.toUpperCase()] >= threshold,
  };
}

function parseSections(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let current = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const header = /^\[(.+)\]\s*$/.exec(line);
    const entry = /^(\w+)\s*[=:]\s*(.*?)\s*$/.exec(line);
    if (header !== null) sections.set(header[1], (current = new Map()));
    else if (entry !== null) current.set(entry[1], entry[2]);
  }
  return sections;
}

function fillFormat(format: string, { time, level, name, text }: LogLine): string {
  const fields: Readonly<Record<string, string>> = {
    asctime: formatTime(time),
    name,
    levelname: level.toUpperCase(),
    message: text,
    process: String(process.pid),
  };
  return format.replace(/%\((\w+)\)(?:-?\d+)?[sd]/g, (whole, field: string) => fields[field] ?? whole);
}

/** As Python's logging writes it: local time, milliseconds after a comma. */
function formatTime(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  return `${date} ${clock},${String(time.getMilliseconds()).padStart(3, '0')}`;
}
