import { parseJoin, type JoinRefusal, type JoinRequest } from '@peerline/protocol';
import type { Gatekeeper } from '../access/gatekeeper.ts';
import { shortId, type Log } from '../log/log.ts';
import type { RefusalLog } from '../log/refusal-log.ts';
import { addressKey } from '../policy/address-key.ts';
import type { KeyedBuckets } from '../policy/keyed-buckets.ts';
import type { MessageGateLimits } from '../policy/message-gate.ts';
import type { SharedBudgets } from '../policy/shared-budgets.ts';
import type { Switchboard } from '../room/switchboard.ts';
import type { Access } from './access-renewal.ts';
import { Conversation } from './conversation.ts';
import type { EngineConnection, GatewaySocket } from './events.ts';
import { outletOf } from './outlet.ts';

export interface AdmissionOptions {
  readonly switchboard: Switchboard;
  readonly joins: KeyedBuckets;
  /** By address and room; only wrong ones count. */
  readonly passwords: KeyedBuckets;
  /** Where not everyone who holds a link may join. */
  readonly gatekeeper: Gatekeeper | undefined;
  readonly limits: MessageGateLimits;
  readonly roomMessages: SharedBudgets;
  readonly log: Log;
  readonly refusals: RefusalLog;
  readonly nowMs: () => number;
  readonly clientAddress: (socket: GatewaySocket) => string | undefined;
}

/** Becomes the CONNECT_ERROR packet; Socket.IO takes `data` from it (SPEC.md, JOIN5). */
export class JoinRefusedError extends Error {
  override readonly name = 'JoinRefusedError';
  readonly data: JoinRefusal;

  constructor(refusal: JoinRefusal) {
    super(refusal.message);
    this.data = refusal;
  }
}

/** Lets sockets in, or says why not. */
export class Admission {
  readonly #options: AdmissionOptions;
  /** Engine.IO connections that have brought their one CONNECT. */
  readonly #seen = new WeakSet<EngineConnection>();

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /**
   * The join in the CONNECT packet. Never throws: an error from here would end Node.
   *
   * @returns the error to refuse with, if it is refused
   */
  async admit(socket: GatewaySocket): Promise<JoinRefusedError | undefined> {
    const { log, refusals } = this.#options;
    const refusal = await this.#judge(socket).catch((error: unknown): JoinRefusal => {
      log.error({ err: error }, 'joining failed');
      return { code: 'internal', message: 'the server failed to handle the join; try again' };
    });
    if (refusal === undefined) return undefined;
    refusals.note('peer refused', refusal.code, { socket: shortId(socket.id) });
    // Nothing more is expected on this connection. Socket.IO writes the CONNECT_ERROR within this turn
    // of the event loop, and an orderly close lets it out first.
    setImmediate(() => socket.conn.close());
    return new JoinRefusedError(refusal);
  }

  async #judge(socket: GatewaySocket): Promise<JoinRefusal | undefined> {
    const { switchboard, joins, nowMs, clientAddress } = this.#options;
    // Two CONNECTs on one connection would be two members behind one wire.
    if (this.#seen.has(socket.conn)) {
      return { code: 'bad-join', message: 'one connection joins once; open another one' };
    }
    this.#seen.add(socket.conn);

    const address = clientAddress(socket);
    const retryAfterMs = joins.take(addressKey(address), nowMs());
    if (retryAfterMs > 0) {
      return {
        code: 'rate-limited',
        message: 'too many joins from this network; wait for retryAfterMs',
        retryAfterMs,
      };
    }

    const auth: unknown = socket.handshake.auth;
    const parsed = parseJoin(auth);
    if (!parsed.ok) {
      const { code, message, path } = parsed.error;
      if (code === 'version-unsupported') return { code, message };
      return { code: 'bad-join', message: path === '' ? message : `${path}: ${message}` };
    }

    // Before anything of the room is looked at, so that nobody learns of it who may not (SPEC.md, TOKEN3).
    const access = await this.#access(parsed.value, address);
    if (access !== undefined && 'code' in access) return access;
    // A backend takes its time, and nobody should see someone come who has gone.
    if (access !== undefined && socket.conn.readyState === 'closed') {
      return { code: 'internal', message: 'the connection has ended; join again' };
    }

    const isHost = access?.grant.isHost ?? false;
    const guess = this.#guess(parsed.value, address);
    if (guess.retryAfterMs > 0) {
      return {
        code: 'rate-limited',
        message: 'too many wrong passwords from this network; wait for retryAfterMs',
        retryAfterMs: guess.retryAfterMs,
      };
    }
    const result = await switchboard.join(socket.id, parsed.value, outletOf(socket), isHost);
    const isWrong = result.kind === 'refused' && result.refusal.code === 'wrong-password';
    if (!isWrong) guess.giveBack();
    if (result.kind === 'refused') return result.refusal;
    const conversation = new Conversation(socket, result.membership, {
      ...this.#options,
      access,
    });
    socket.data.handler = conversation;
    // Socket.IO's own `disconnect` is not enough: it never comes for a connection that ends between
    // this moment and the connection event. Finishing twice does no harm.
    if (socket.conn.readyState === 'closed') conversation.finish('transport close');
    else socket.conn.once('close', (cause: string) => conversation.finish(cause));
    return undefined;
  }

  /** Taken before it is looked at: else many at once would all find that there was one left. */
  #guess(
    { room, door }: JoinRequest,
    address: string | undefined,
  ): { readonly retryAfterMs: number; readonly giveBack: () => void } {
    const { passwords, nowMs } = this.#options;
    if (door?.key === undefined) return { retryAfterMs: 0, giveBack: () => undefined };
    const key = `${addressKey(address)} ${room}`;
    return {
      retryAfterMs: passwords.take(key, nowMs()),
      giveBack: () => passwords.giveBack(key, nowMs()),
    };
  }

  async #access(
    { room, peer, token }: JoinRequest,
    address: string | undefined,
  ): Promise<Access | JoinRefusal | undefined> {
    const { gatekeeper } = this.#options;
    if (gatekeeper === undefined) return undefined;
    const request = { room, peer, address };
    const ruling = await gatekeeper.ask({ ...request, token, occasion: 'join' });
    if (ruling.kind === 'refused') return ruling.refusal;
    return {
      grant: ruling.grant,
      ask: (fresh, subject) =>
        gatekeeper.ask({ ...request, token: fresh, occasion: 'renewal' }, { is: subject }),
    };
  }
}
