/** What messages are made of; a part of `api.ts`. */
import type { JsonValue } from '@peerline/protocol';

/** What a message may hold: JSON, or bytes as they are. */
export type Payload = JsonValue | Uint8Array;

/** Names of message types and what each carries: `{ chat: { text: string }; cursor: [number, number] }`. */
export type MessageMap = { readonly [type: string]: Payload };

/**
 * A validator of any library that follows Standard Schema 1 (standardschema.dev): Zod, Valibot,
 * ArkType and others. Only those that answer at once are taken, so that messages stay in order.
 */
export interface MessageSchema<T> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (
      value: unknown,
    ) =>
      | { readonly value: T; readonly issues?: undefined }
      | { readonly issues: readonly { readonly message: string }[] }
      | Promise<unknown>;
  };
}
export type MessageSchemas<M extends MessageMap> = {
  readonly [T in keyof M & string]?: MessageSchema<M[T]>;
};
