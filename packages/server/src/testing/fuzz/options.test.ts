import { describe, expect, it } from 'vitest';
import { parseCommand } from './options.ts';

describe('the command line of the fuzzer', () => {
  it('has a number of inputs, layers and a seed', () => {
    const args = ['--inputs', '50', '--layer', 'schema', '--layer', 'engine', '--json'];
    expect(parseCommand(args, { PEERLINE_TEST_SEED: '7' })).toEqual({
      ...{ kind: 'fuzz', inputs: 50, seed: 7, layers: ['engine', 'schema'], json: true },
    });
    expect(parseCommand(['-h'], {})).toEqual({ kind: 'help' });
  });

  it.each([
    [['--inputs', '0']],
    [['--inputs', '1e6']],
    [['--layer', 'http']],
    [['--seed=-1']],
    [['--what']],
  ])('says what is wrong with %j', (args) => {
    expect(() => parseCommand(args, {})).toThrow(/is a whole number|there is no layer|--what/);
  });
});
