import {
  parseDoorNote,
  parseHostMessage,
  parseRelay,
  parseTokenRenewal,
  type Problem,
} from '@peerline/protocol';
import type { IceGrant } from '../ice-servers.ts';
import { shortId, type Log } from '../log/log.ts';
import { MessageGate, type MessageGateLimits } from '../policy/message-gate.ts';
import type { SharedBudgets } from '../policy/shared-budgets.ts';
import type { Membership } from '../room/membership.ts';
import type { Switchboard } from '../room/switchboard.ts';
import { AccessRenewal, type Access } from './access-renewal.ts';
import type { GatewaySocket, SocketHandler } from './events.ts';
import { IceRenewal } from './ice-renewal.ts';
import { closeSocket } from './outlet.ts';

export interface ConversationOptions {
  readonly switchboard: Switchboard;
  readonly limits: MessageGateLimits;
  /** What the members of each room may say together. */
  readonly roomMessages: SharedBudgets;
  readonly log: Log;
  readonly nowMs: () => number;
  /** Where it takes more than the link to join. */
  readonly access: Access | undefined;
}

/** Longer event names are not worth repeating to whoever sent them. */
const ECHOED_EVENT_MAX_CHARACTERS = 64;

const TOKEN_EXPIRED: Problem = {
  code: 'token-expired',
  message: 'the token has ended and was not renewed; join again with a fresh one',
};

/** One member's side of the talk, from its admission to the end of its connection. */
export class Conversation implements SocketHandler {
  readonly #socket: GatewaySocket;
  readonly #membership: Membership;
  readonly #options: ConversationOptions;
  readonly #gate: MessageGate;
  /** One message after the other, so that the order in which they came is the order of what they do. */
  #turn: Promise<void> = Promise.resolve();
  #renewal: IceRenewal | undefined;
  readonly #access: AccessRenewal | undefined;

  constructor(socket: GatewaySocket, membership: Membership, options: ConversationOptions) {
    this.#socket = socket;
    this.#membership = membership;
    this.#options = options;
    const nowMs = options.nowMs();
    const ofRoom = options.roomMessages.open(membership.place.room, nowMs);
    this.#gate = new MessageGate(options.limits, ofRoom, nowMs);
    this.#access =
      options.access &&
      new AccessRenewal(options.access, {
        expiring: (ttlMs) => {
          if (membership.isTalking) socket.emit('token-expiring', { ttlMs });
        },
        refused: ({ code, message }) => this.#tell({ code, message, event: 'token' }),
        ended: () => this.#accessEnded(),
      });
  }

  /** The connection stands, so the `welcome` is due, or the word that the host is being asked. */
  open(ice: () => IceGrant): void {
    this.#membership.onAdmitted = () => this.open(ice);
    if (!this.#membership.isAdmitted) {
      this.#socket.emit('waiting', {});
      return;
    }
    const grant = ice();
    this.#membership.open(grant);
    this.#renewal?.stop();
    // It may have had its last word right behind the welcome.
    if (!this.#membership.isTalking) return;
    this.#renewal = new IceRenewal(ice, (update) => {
      if (this.#membership.isTalking) this.#socket.emit('ice-servers', update);
    });
    this.#renewal.start(grant.ttlMs);
    this.#access?.start();
  }

  /**
   * The connection has ended. It waits for its turn: a client may say `leave` and hang up in one breath,
   * and has left then, not been lost.
   *
   * @param cause as Engine.IO names it
   */
  finish(cause: string): void {
    const reason = cause === 'ping timeout' ? 'silent' : 'lost';
    this.#renewal?.stop();
    this.#access?.stop();
    this.#gate.close();
    this.#turn = this.#turn
      .then(() => this.#options.switchboard.end(this.#membership, reason))
      .catch((error: unknown) => this.#options.log.error({ err: error }, 'leaving failed'));
  }

  /** Takes whatever event comes in. Never throws. */
  take(event: unknown, args: readonly unknown[]): void {
    const verdict = this.#gate.judge(this.#options.nowMs());
    if (verdict.kind === 'pass') {
      this.#turn = this.#turn
        .then(() => this.#act(event, args))
        .catch((error: unknown) => this.#failed(event, error));
      return;
    }
    const { retryAfterMs } = verdict;
    this.#tell({
      code: 'rate-limited',
      message: 'too many messages; wait for retryAfterMs',
      ...echo(event),
      retryAfterMs,
    });
    if (verdict.kind === 'refuse') return;
    this.#options.log.debug({ socket: shortId(this.#socket.id) }, 'disconnected: rate limit');
    closeSocket(this.#socket, 'final');
  }

  async #act(event: unknown, args: readonly unknown[]): Promise<void> {
    // Who waits may say who it is, and go.
    if (!this.#membership.isTalking && event !== 'leave' && event !== 'note') return;
    switch (event) {
      case 'enter':
        return this.#enter(args);
      case 'signal':
        return this.#signal(args);
      case 'leave':
        return this.#leave(args);
      case 'token':
        return this.#token(args);
      case 'note':
        return this.#note(args);
      default:
        return this.#host(event, args);
    }
  }

  async #signal(args: readonly unknown[]): Promise<void> {
    const data = onlyArgument(args);
    if (data === undefined) {
      this.#tell(badMessage('signal', 'takes one argument { to, body } and no acknowledgement'));
      return;
    }
    const parsed = parseRelay(data.value);
    if (!parsed.ok) {
      const { code, message, path } = parsed.error;
      const where = path === '' ? message : `${path}: ${message}`;
      this.#tell(
        code === 'too-large'
          ? { code, message: where, event: 'signal' }
          : badMessage('signal', where),
      );
      return;
    }
    const problem = await this.#options.switchboard.relay(this.#membership, parsed.value);
    if (problem !== undefined) this.#tell(problem);
  }

  async #leave(args: readonly unknown[]): Promise<void> {
    const data = onlyArgument(args);
    if (data === undefined || data.value !== null) {
      this.#tell(badMessage('leave', 'takes null and nothing else'));
      return;
    }
    await this.#options.switchboard.end(this.#membership, 'left');
    closeSocket(this.#socket, 'final');
  }

  async #enter(args: readonly unknown[]): Promise<void> {
    if (onlyArgument(args)?.value !== null) {
      this.#tell(badMessage('enter', 'takes null and nothing else'));
      return;
    }
    // Who is in already has come in by the same word, sent twice.
    if (this.#membership.isOpen) return;
    if (!(await this.#options.switchboard.comeIn(this.#membership))) {
      closeSocket(this.#socket, 'retry');
    }
  }

  #note(args: readonly unknown[]): void {
    const parsed = parseDoorNote(onlyArgument(args)?.value);
    if (parsed.ok) this.#options.switchboard.knock(this.#membership, parsed.value.note);
    else this.#tell(badMessage('note', 'takes one argument { note } and no acknowledgement'));
  }

  async #host(event: unknown, args: readonly unknown[]): Promise<void> {
    const parsed = parseHostMessage(event, onlyArgument(args)?.value);
    if (parsed === undefined) {
      const message = 'no such event; see SPEC.md for those that a client sends';
      this.#tell({ code: 'unknown-event', message, ...echo(event) });
      return;
    }
    if (!parsed.ok) {
      const { message, path } = parsed.error;
      this.#tell({ code: 'bad-message', message: `${path}: ${message}`, ...echo(event) });
      return;
    }
    const problem = await this.#options.switchboard.command(this.#membership, parsed.value);
    if (problem !== undefined) this.#tell(problem);
  }

  /** Signals behind it do not wait for the answer. */
  #token(args: readonly unknown[]): void {
    const parsed = parseTokenRenewal(onlyArgument(args)?.value);
    if (parsed.ok) this.#access?.take(parsed.value.token);
    else this.#tell(badMessage('token', 'takes one argument { token } and no acknowledgement'));
  }

  /** The others hear that it left, so that they let its connections go as well (SPEC.md, TOKEN6). */
  #accessEnded(): void {
    this.#turn = this.#turn
      .then(async () => {
        if (!this.#membership.isTalking) return;
        this.#tell(TOKEN_EXPIRED);
        await this.#options.switchboard.end(this.#membership, 'left');
        closeSocket(this.#socket, 'final');
      })
      .catch((error: unknown) => this.#failed('token', error));
  }

  #failed(event: unknown, error: unknown): void {
    this.#options.log.error({ err: error, socket: shortId(this.#socket.id) }, 'a message failed');
    this.#tell({
      code: 'internal',
      message: 'the server failed to handle this message; send it again',
      ...echo(event),
    });
  }

  #tell(problem: Problem): void {
    this.#socket.emit('problem', problem);
  }
}

/** A function among the arguments is a request for an acknowledgement, which the protocol has none of. */
function onlyArgument(args: readonly unknown[]): { readonly value: unknown } | undefined {
  const [value] = args;
  return args.length === 1 && typeof value !== 'function' ? { value } : undefined;
}

function badMessage(
  event: 'signal' | 'leave' | 'token' | 'note' | 'enter',
  message: string,
): Problem {
  return { code: 'bad-message', message, event };
}

function echo(event: unknown): { event?: string } {
  if (typeof event !== 'string' || event.length > ECHOED_EVENT_MAX_CHARACTERS) return {};
  return { event };
}
