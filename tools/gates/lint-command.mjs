import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../setup/root.mjs';

/** The arguments of `npm run lint`, read from there so that what is tried is what runs. */
export function lintArguments() {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const [tool, ...args] = scripts.lint.split(' ');
  if (tool !== 'oxlint') throw new Error(`npm run lint is \`${scripts.lint}\`, not oxlint`);
  return args;
}

/**
 * @param {string} stdout of `oxlint -f json`
 * @returns {{ files: number, findings: { rule: string, file: string, message: string, severity: string }[] }}
 */
export function readLintReport(stdout) {
  const report = JSON.parse(stdout);
  return {
    files: report.number_of_files,
    findings: report.diagnostics.map(({ code = '', filename, message, severity }) => ({
      rule: code,
      file: filename.replaceAll('\\', '/'),
      message,
      severity,
    })),
  };
}
