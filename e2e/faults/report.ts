import { readReportFile } from '../rig/report-file.ts';
import type { Machine } from './machine.ts';
import { rowKey, type Row } from './row.ts';

/** What `docs/faults.json` holds. */
export interface Report {
  readonly format: typeof FORMAT;
  /** That of the newest rows. */
  readonly machine: Machine;
  readonly rows: readonly Row[];
}

/** Counts up when the shape changes; a report of another one is not merged into. */
const FORMAT = 1;

/** @param order row keys as the matrix has them; rows that it does not know are dropped */
export function makeReport(
  machine: Machine,
  rows: readonly Row[],
  order: readonly string[],
  earlier?: Report,
): Report {
  const byKey = new Map([...(earlier?.rows ?? []), ...rows].map((row) => [rowKey(row), row]));
  const kept = order.flatMap((key) => byKey.get(key) ?? []);
  return { format: FORMAT, machine, rows: kept };
}

/** Whether every row of the matrix is in it, each tried as often as it was to be. */
export function isComplete(report: Report, order: readonly string[]): boolean {
  const keys = new Set(report.rows.map(rowKey));
  return order.every((key) => keys.has(key));
}

/**
 * @returns undefined where there is no such file
 * @throws ReportError where it holds something else
 */
export function readReport(path: string): Promise<Report | undefined> {
  return readReportFile(path, isReport);
}

function isReport(json: unknown): json is Report {
  if (typeof json !== 'object' || json === null) return false;
  if (!('format' in json) || json.format !== FORMAT) return false;
  return 'rows' in json && Array.isArray(json.rows) && json.rows.every(isRow);
}

/** As far as merging looks into it; the rest was written by this very program. */
function isRow(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const row = value as { readonly [key: string]: unknown };
  const isText = (key: string): boolean => typeof row[key] === 'string';
  return (
    ['id', 'title', 'pairing', 'date', 'commit'].every(isText) &&
    typeof row['expected'] === 'object' &&
    Array.isArray(row['runs'])
  );
}
