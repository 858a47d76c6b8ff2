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
  const { type } = message;
  const schema: MessageSchema<Payload> | undefined = Object.hasOwn(schemas, type)
    ? schemas[type]
    : undefined;
  const result = schema?.['~standard'].validate(message.payload) ?? { value: message.payload };
  if (result instanceof Promise) {
    return { ok: false, problem: `"${type}": its schema is asynchronous` };
  }
  if (result.issues !== undefined) {
    return { ok: false, problem: `"${type}": ${result.issues[0]?.message ?? 'does not fit'}` };
  }
  const checked = { ...message, payload: result.value };
  return isPromised<M>(checked)
    ? { ok: true, message: checked }
    : { ok: false, problem: 'no message type' };
}

export function isOfType<M extends MessageMap, T extends keyof M & string>(
  message: AnyMessage<M>,
  type: T,
): message is AnyMessage<M> & Message<M, T> {
  return message.type === type;
}

/** The message map is the builder's promise of what its peers send; schemas hold them to it. */
function isPromised<M extends MessageMap>(message: Unchecked<M>): message is AnyMessage<M> {
  return message.type.length > 0;
}
