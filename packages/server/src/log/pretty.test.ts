import { describe, expect, it } from 'vitest';
import { createLog } from './create-log.ts';
import { prettyLine } from './pretty.ts';

describe('log', () => {
  it('is one JSON object a line, without process and host', () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => lines.push(line) };
    const log = createLog({ level: 'info', format: 'json', destination });
    log.info({ peer: 'abc' }, 'peer joined');
    log.debug({}, 'not shown');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      peer: 'abc',
      msg: 'peer joined',
    });
  });

  it('is for people in the pretty format', () => {
    const line =
      '{"level":"info","time":"2026-06-01T12:34:56.789Z","room":"ab","n":1,"msg":"hi"}\n';
    expect(prettyLine(line)).toBe('12:34:56 INFO  hi room=ab n=1\n');
  });

  it('shows where an error came from', () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => lines.push(line) };
    createLog({ level: 'error', format: 'pretty', destination }).error(
      { err: new Error('store down') },
      'joining failed',
    );
    expect(lines[0]).toMatch(/ERROR joining failed\n {2}Error: store down\n {6}at /);
  });

  it('leaves alone what is no log line', () => {
    expect(prettyLine('plain text\n')).toBe('plain text\n');
    expect(prettyLine('null\n')).toBe('null\n');
  });
});
