/**
 * The trees that the gates are tried on, kept as data so that the real lint never reads them.
 *
 * @typedef {{ readonly [path: string]: string }} Tree file by path
 * @typedef {{ title: string, tree: Tree, rule: string, at: string }} LintCase
 *   `rule` must be reported in the file `at`
 */

const value = (name) => `export const ${name} = '${name}';\n`;
const importing = (specifier) =>
  `import { thing } from '${specifier}';\n\nexport const here = [thing];\n`;

const client = 'packages/client/src';
const server = 'packages/server/src';
const app = 'apps/call/src';

/**
 * A small tree with a file in every layer and the imports that are allowed: every gate must let it
 * pass.
 *
 * @type {Tree}
 */
export const CLEAN_TREE = {
  'packages/protocol/src/ids.ts': value('thing'),
  'packages/protocol/src/index.ts': `export * from './ids.ts';\n`,
  [`${client}/base/clock.ts`]: value('thing'),
  [`${client}/delivery/mailbox.ts`]: importing('../base/clock.ts'),
  [`${client}/channels/outbox.ts`]: importing('../base/clock.ts'),
  [`${client}/media/local.ts`]: importing('../base/clock.ts'),
  [`${client}/link/room-link.ts`]: importing('../base/clock.ts'),
  [`${client}/stats/sampler.ts`]: importing('../base/clock.ts'),
  [`${client}/diagnosis/network.ts`]: `${importing('../base/clock.ts')}export * from '../signaling/socket-io.ts';\n`,
  [`${client}/peer/negotiator.ts`]: importing('../base/clock.ts'),
  [`${client}/signaling/socket-io.ts`]: importing('socket.io-client'),
  [`${client}/signaling/racing-transport.ts`]: importing('engine.io-client'),
  [`${client}/seal/pair-seal.ts`]: importing('../link/room-link.ts'),
  [`${client}/verify/word-exchange.ts`]: importing('../link/room-link.ts'),
  [`${client}/room/room.ts`]: `${importing('../peer/thing.ts')}export * from '../signaling/socket-io.ts';\n`,
  [`${client}/peer/thing.ts`]: value('thing'),
  [`${client}/index.ts`]: `export * from './room/room.ts';\n`,
  [`${server}/gateway/gateway.ts`]: `${importing('socket.io')}export * from '../room/rules.ts';\n`,
  [`${server}/room/rules.ts`]: `${importing('@peerline/protocol')}export * from '../store/room-store.ts';\n`,
  [`${server}/room/proof.ts`]: importing('node:crypto'),
  [`${server}/store/room-store.ts`]: value('thing'),
  [`${server}/store/memory.ts`]: value('thing'),
  [`${server}/policy/bucket.ts`]: `import { isIP } from 'node:net';\n\nexport const here = isIP;\n`,
  [`${server}/http/site.ts`]: importing('node:http'),
  [`${server}/access/tokens.ts`]: importing('jose'),
  [`${server}/create-server.ts`]: `${importing('./gateway/gateway.ts')}export * from './http/site.ts';\nexport * from './store/memory.ts';\n`,
  [`${server}/cli/main.ts`]: `${importing('../create-server.ts')}console.log(here);\n`,
  [`${app}/ui/button.tsx`]: value('thing'),
  [`${app}/model/session.ts`]: importing('peerline'),
  [`${app}/features/call/call.tsx`]: `${importing('../../model/session.ts')}export * from '../../ui/button.tsx';\n`,
  'e2e/pairs.ts': importing('peerline'),
  'e2e/server.ts': importing('@peerline/server'),
  'e2e/testing.ts': importing('peerline/testing'),
};

const LAYER = 'eslint(no-restricted-imports)';
const forbidden = (from, specifier) => ({
  title: `${from} -> ${specifier}`,
  tree: { [from]: importing(specifier) },
  rule: LAYER,
  at: from,
});

/** @type {readonly LintCase[]} */
export const LAYER_CASES = [
  forbidden(`${client}/peer/bad.ts`, '../signaling/socket-io.ts'),
  forbidden(`${client}/peer/deep/bad.ts`, '../../signaling/socket-io.ts'),
  forbidden(`${client}/peer/bad.ts`, '../room/room.ts'),
  forbidden(`${client}/peer/bad.test.ts`, '../signaling/socket-io.ts'),
  {
    title: 'a dynamic import is an import too',
    tree: {
      [`${client}/peer/bad.ts`]: `export const late = import('../signaling/socket-io.ts');\n`,
    },
    rule: LAYER,
    at: `${client}/peer/bad.ts`,
  },
  {
    title: 'so is a type written as an import',
    tree: {
      [`${client}/peer/bad.ts`]: `export type Late = import('../signaling/socket-io.ts').Thing;\n`,
    },
    rule: 'typescript(consistent-type-imports)',
    at: `${client}/peer/bad.ts`,
  },
  {
    title: 'and a re-export',
    tree: {
      [`${client}/peer/bad.ts`]: `export const own = 1;\nexport { thing } from '../signaling/socket-io.ts';\n`,
    },
    rule: LAYER,
    at: `${client}/peer/bad.ts`,
  },
  forbidden(`${client}/base/bad.ts`, '../link/room-link.ts'),
  ...['delivery', 'channels', 'media', 'link', 'seal', 'verify', 'stats'].flatMap((folder) =>
    ['peer', 'room', 'signaling', 'diagnosis'].map((target) =>
      forbidden(`${client}/${folder}/bad.ts`, `../${target}/thing.ts`),
    ),
  ),
  ...['peer', 'room', 'delivery', 'channels'].map((target) =>
    forbidden(`${client}/diagnosis/bad.ts`, `../${target}/thing.ts`),
  ),
  forbidden(`${client}/base/bad.ts`, '../seal/thing.ts'),
  forbidden(`${client}/base/bad.ts`, '../verify/thing.ts'),
  forbidden(`${client}/peer/bad.ts`, '../diagnosis/network.ts'),
  forbidden(`${client}/peer/bad.ts`, '../seal/thing.ts'),
  forbidden(`${client}/peer/bad.ts`, '../verify/thing.ts'),
  forbidden(`${client}/signaling/bad.ts`, '../diagnosis/network.ts'),
  forbidden(`${client}/signaling/bad.ts`, '../room/room.ts'),
  forbidden(`${client}/signaling/bad.ts`, '../peer/thing.ts'),
  forbidden(`${client}/signaling/socket-io.ts`, '../delivery/mailbox.ts'),
  forbidden(`${client}/signaling/memory.ts`, 'socket.io-client'),
  forbidden(`${client}/signaling/memory.ts`, 'engine.io-client'),
  forbidden(`${client}/room/bad.ts`, 'socket.io-client'),
  forbidden(`${client}/room/bad.ts`, '@peerline/server'),
  forbidden(`${server}/room/bad.ts`, 'peerline'),
  forbidden(`${server}/gateway/bad.ts`, 'peerline'),
  forbidden(`${server}/create-server.ts`, 'peerline'),
  forbidden(`${server}/http/bad.ts`, 'socket.io'),
  forbidden(`${server}/create-server.ts`, 'socket.io'),
  forbidden(`${server}/http/bad.ts`, '../gateway/gateway.ts'),
  forbidden(`${server}/gateway/bad.ts`, '../http/site.ts'),
  forbidden(`${server}/access/bad.ts`, '../gateway/gateway.ts'),
  forbidden(`${server}/access/bad.ts`, '../room/rules.ts'),
  forbidden(`${server}/store/bad.ts`, '../gateway/gateway.ts'),
  forbidden(`${server}/stun/bad.ts`, '../http/site.ts'),
  forbidden(`${server}/cli/bad.ts`, '../gateway/gateway.ts'),
  forbidden(`${server}/room/bad.ts`, 'node:fs'),
  forbidden(`${server}/policy/bad.ts`, 'node:net'),
  forbidden(`${server}/policy/bad.ts`, 'socket.io'),
  forbidden(`${server}/room/bad.ts`, '../gateway/gateway.ts'),
  forbidden(`${server}/room/bad.ts`, '../store/memory.ts'),
  forbidden('packages/protocol/src/bad.ts', 'peerline'),
  forbidden('packages/protocol/src/bad.ts', '@peerline/server'),
  forbidden(`${app}/ui/bad.tsx`, 'peerline'),
  forbidden(`${app}/ui/bad.tsx`, '../model/session.ts'),
  forbidden(`${app}/model/bad.ts`, '../features/call/call.tsx'),
  forbidden(`${app}/features/home/bad.tsx`, '@peerline/server'),
  forbidden('e2e/bad.ts', '../packages/client/src/room/room.ts'),
  forbidden('e2e/rig/bad.ts', '../../packages/server/src/create-server.ts'),
  forbidden('e2e/bad.ts', 'peerline/dist/index.js'),
  forbidden('e2e/bad.ts', '@peerline/protocol/src/ids.ts'),
  forbidden('bench/bad.ts', '../packages/client/src/room/room.ts'),
];

const code = (title, rule, text, at = `${client}/room/bad.ts`) => ({
  title,
  tree: { [at]: text },
  rule,
  at,
});

/** @type {readonly LintCase[]} */
export const CODE_CASES = [
  {
    title: 'an import cycle',
    tree: {
      [`${client}/room/one.ts`]: `import { two } from './two.ts';\n\nexport const one = (): string => two();\n`,
      [`${client}/room/two.ts`]: `import { one } from './one.ts';\n\nexport const two = (): string => one();\n`,
    },
    rule: 'import(no-cycle)',
    at: `${client}/room/one.ts`,
  },
  {
    title: 'an import cycle of types only',
    tree: {
      [`${client}/room/one.ts`]: `import type { Two } from './two.ts';\n\nexport type One = { two?: Two };\n`,
      [`${client}/room/two.ts`]: `import type { One } from './one.ts';\n\nexport type Two = { one?: One };\n`,
    },
    rule: 'import(no-cycle)',
    at: `${client}/room/one.ts`,
  },
  code('401 lines', 'eslint(max-lines)', '// line\n'.repeat(400) + value('thing')),
  code('utils.ts', 'peerline(file-names)', value('thing'), `${client}/room/utils.ts`),
  code('helpers.tsx', 'peerline(file-names)', value('thing'), `${app}/features/helpers.tsx`),
  code('a barrel of stars', 'peerline(no-barrel)', `export * from './room.ts';\n`),
  code(
    'a barrel by way of imports',
    'peerline(no-barrel)',
    `import { here } from './room.ts';\n\nexport { here };\n`,
  ),
  code('any', 'typescript(no-explicit-any)', 'export const loose = (x: any): void => void x;\n'),
  code(
    'a non-null assertion',
    'typescript(no-non-null-assertion)',
    'export const first = (list: readonly string[]): string => list[0]!;\n',
  ),
  code(
    'a floating promise',
    'typescript(no-floating-promises)',
    'export const start = (work: () => Promise<void>): void => {\n  work();\n};\n',
  ),
  code(
    'a misused promise',
    'typescript(no-misused-promises)',
    'export const start = (each: (run: () => void) => void): void => {\n  each(async () => {\n    await Promise.resolve();\n  });\n};\n',
  ),
  code(
    'a value of type any that is used',
    'typescript(no-unsafe-member-access)',
    `export const name = (text: string): string => String(JSON.parse(text).name);\n`,
  ),
  code('console', 'eslint(no-console)', `console.log('here');\n`, `${client}/room/bad.ts`),
  code('a default export', 'import(no-default-export)', 'export default 1;\n'),
  code(
    'a forgotten case',
    'typescript(switch-exhaustiveness-check)',
    `export const say = (x: 'a' | 'b'): string => {\n  switch (x) {\n    case 'a':\n      return 'A';\n  }\n  return '';\n};\n`,
  ),
  code(
    'a test that is skipped',
    'vitest(no-disabled-tests)',
    `import { expect, test } from 'vitest';\n\ntest.skip('later', () => {\n  expect(1).toBe(1);\n});\n`,
    `${client}/room/bad.test.ts`,
  ),
  code(
    'a test that is focused',
    'vitest(no-focused-tests)',
    `import { expect, test } from 'vitest';\n\ntest.only('alone', () => {\n  expect(1).toBe(1);\n});\n`,
    `${client}/room/bad.test.ts`,
  ),
  code(
    'a suppression that suppresses nothing',
    '',
    '// oxlint-disable-next-line no-console\nexport const here = 1;\n',
  ),
];

/** What tsc must refuse, with its error code. */
export const TYPE_CASES = [
  { title: 'a type error', code: 'TS2322', text: `export const count: number = 'one';\n` },
  { title: 'an enum', code: 'TS1294', text: `export enum Colour {\n  Red,\n}\n` },
  {
    title: 'a parameter property',
    code: 'TS1294',
    text: `export class Box {\n  constructor(readonly inside: string) {}\n}\n`,
  },
  {
    title: 'an index read as if it were there',
    code: 'TS2322',
    text: `export const first = (list: string[]): string => list[0];\n`,
  },
];
