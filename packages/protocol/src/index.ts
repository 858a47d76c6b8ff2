export * from './client-messages.ts';
export * from './door.ts';
export * from './errors.ts';
export * from './ids.ts';
export * from './limits.ts';
export { readJson, utf8Bytes, type JsonValue, type Parsed } from './parse.ts';
export * from './server-messages.ts';
export * from './signals.ts';
export * from './version.ts';
