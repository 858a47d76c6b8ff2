/** Fields that the line shows in places of their own, or that every line would repeat. */
const OWN_PLACE = new Set(['level', 'time', 'msg', 'err']);

/** Turns one line of the JSON log into one for people; what is no such line stays as it is. */
export function prettyLine(line: string): string {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return line;
  }
  if (typeof entry !== 'object' || entry === null) return line;
  const fields = new Map<string, unknown>(Object.entries(entry));
  const time = fields.get('time');
  const clock = typeof time === 'string' ? time.slice(11, 19) : '';
  const level = String(fields.get('level')).toUpperCase().padEnd(5);
  const details = [...fields]
    .filter(([name]) => !OWN_PLACE.has(name))
    .map(
      ([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
  return `${clock} ${level} ${String(fields.get('msg'))}${details.join('')}${stackOf(fields.get('err'))}\n`;
}

function stackOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('stack' in error)) return '';
  return `\n  ${String(error.stack).replaceAll('\n', '\n  ')}`;
}
