import type {
  AnyMessage,
  Message,
  MessageMap,
  MessageSchema,
  MessageSchemas,
  Payload,
} from '../api.ts';

/** What came, before anyone looked at it. */
interface Unchecked<M extends MessageMap> {
  readonly type: string;
  readonly payload: Payload;
  readonly from: Message<M>['from'];
}

export type Checked<M extends MessageMap> =
  | { readonly ok: true; readonly message: AnyMessage<M> }
  | { readonly ok: false; readonly problem: string };

/** Checks a message by the schema of its type. Types without one are the builder's to check. */
export function checkMessage<M extends MessageMap>(
  schemas: MessageSchemas<M>,
  message: Unchecked<M>,
): Checked<M> {
  const schema: MessageSchema<Payload> | undefined = Object.hasOwn(schemas, message.type)
    ? schemas[message.type]
    : undefined;
  if (schema === undefined) return trusted<M>(message);
  const result = schema['~standard'].validate(message.payload);
  if (result instanceof Promise) {
    return {
      ok: false,
      problem: `the schema of "${message.type}" answers later; use one that does at once`,
    };
  }
  if (result.issues !== undefined) {
    const [issue] = result.issues;
    return {
      ok: false,
      problem: `"${message.type}": ${issue?.message ?? 'not what the schema says'}`,
    };
  }
  return trusted<M>({ ...message, payload: result.value });
}

function trusted<M extends MessageMap>(message: Unchecked<M>): Checked<M> {
  if (!isPromised<M>(message)) return { ok: false, problem: 'no message type' };
  return { ok: true, message };
}

/** The message map is the builder's promise of what its peers send; schemas hold them to it. */
function isPromised<M extends MessageMap>(message: Unchecked<M>): message is AnyMessage<M> {
  return message.type.length > 0;
}
