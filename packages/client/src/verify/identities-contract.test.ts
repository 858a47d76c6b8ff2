import { describe, test } from 'vitest';
import { identitiesContract } from '../testing/identities-contract.ts';
import { createMemoryIdentities } from './memory-identities.ts';

describe('identities in memory', () => {
  test.each(identitiesContract)('$title', ({ run }) => run(createMemoryIdentities()));
});
