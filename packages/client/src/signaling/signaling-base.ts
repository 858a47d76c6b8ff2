import type { ServerMessage } from '@peerline/protocol';
import { Emitter } from '../base/events.ts';
import type { SignalingEvents, SignalingState } from './signaling.ts';

/** What implementations of the port have in common: a state that ends, and messages told as events. */
export abstract class SignalingBase extends Emitter<SignalingEvents> {
  #state: SignalingState = { status: 'idle' };

  get state(): SignalingState {
    return this.#state;
  }

  /** Closed, taken over or refused for good: nothing comes of this connection any more. */
  protected get ended(): boolean {
    const state = this.#state;
    if (state.status === 'refused') return !state.retrying;
    return state.status === 'closed' || state.status === 'taken-over';
  }

  protected enter(state: SignalingState): void {
    if (this.ended) return;
    this.#state = state;
    this.emit('state', state);
  }

  /** A welcome is told behind the state that it brings. */
  protected tell(message: ServerMessage): void {
    switch (message.event) {
      case 'welcome':
        this.enter({ status: 'joined' });
        this.emit('welcome', message.data);
        return;
      case 'lobby':
        this.enter({ status: 'visiting' });
        this.emit('welcome', message.data);
        return;
      case 'joined':
        this.emit('joined', message.data);
        return;
      case 'left':
        this.emit('left', message.data);
        return;
      case 'signal':
        this.emit('signal', message.data);
        return;
      case 'problem':
        this.emit('problem', message.data);
        return;
      case 'ice-servers':
        this.emit('ice-servers', message.data);
        return;
      case 'waiting':
        this.emit('waiting', message.data);
        return;
      case 'settings':
        this.emit('settings', message.data);
        return;
      case 'knock':
        this.emit('knock', message.data);
        return;
      case 'knock-ended':
        this.emit('knock-ended', message.data);
        return;
      case 'token-expiring': // is answered by the implementation
    }
  }
}
