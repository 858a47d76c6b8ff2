import { readFile } from 'node:fs/promises';

/** A report that cannot be read or merged into; the message says what to do. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
}

/** @returns undefined where there is no such file */
export async function textIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * @returns undefined where there is no such file
 * @throws ReportError where it holds something else
 */
export async function readReportFile<R>(
  path: string,
  isReport: (json: unknown) => json is R,
): Promise<R | undefined> {
  const text = await textIfThere(path);
  if (text === undefined) return undefined;
  const json = parseJson(text);
  if (isReport(json)) return json;
  throw new ReportError(
    `${path} is no report of this form: remove it, or write to another file with --json`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
