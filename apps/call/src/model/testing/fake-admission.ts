import type { PeerId, RoomLink } from 'peerline';
import type { AdmissionEvents, RoomAdmission, Knock, RoomAccess } from 'peerline';
import { FakeEvents } from './fake-events.ts';

/** One at the door of a fake room. */
export class FakeKnock implements Knock {
  readonly id: PeerId;
  readonly name: string;
  answer: 'admit' | 'decline' | undefined;
  readonly #answered: (knock: FakeKnock) => Promise<void>;

  constructor(id: PeerId, name: string, answered: (knock: FakeKnock) => Promise<void>) {
    this.id = id;
    this.name = name;
    this.#answered = answered;
  }

  admit(): Promise<void> {
    this.answer = 'admit';
    return this.#answered(this);
  }

  decline(): Promise<void> {
    this.answer = 'decline';
    return this.#answered(this);
  }
}

/** A door without a server: who is host, who knocks and what is refused is up to the test. */
export class FakeAdmission extends FakeEvents<AdmissionEvents> implements RoomAdmission {
  access: RoomAccess = 'open';
  hasPassword = false;
  capacity = 8;
  capacityMax = 16;
  host = 'peer0000000000000hostA' as PeerId;
  isHost = false;
  waiting: readonly FakeKnock[] = [];
  /** What the host changed, in order. */
  readonly changes: (readonly [what: string, value: unknown])[] = [];
  /** Answers and changes fail where it is set. */
  failure: Error | undefined;
  /** Answers and changes come about when this resolves. */
  delay: Promise<void> = Promise.resolve();
  #knocks = 0;

  async setAccess(access: RoomAccess): Promise<void> {
    await this.#change('access', access);
    this.access = access;
    this.emit('access', access);
  }

  async setPassword(password: string | undefined): Promise<void> {
    await this.#change('password', password);
    this.hasPassword = password !== undefined;
    this.emit('access', this.access);
  }

  async setCapacity(capacity: number): Promise<void> {
    await this.#change('capacity', capacity);
    this.capacity = capacity;
    this.emit('access', this.access);
  }

  remove(peer: PeerId): Promise<void> {
    return this.#change('remove', peer);
  }

  requestMute(peer: PeerId): Promise<void> {
    return this.#change('mute', peer);
  }

  /** @param host undefined where it is this peer itself */
  appoint(host: PeerId | undefined): void {
    this.host = host ?? ('peer0000000000000selfA' as PeerId);
    this.isHost = host === undefined;
    this.emit('host', this.host);
  }

  knock(name: string): FakeKnock {
    this.#knocks += 1;
    const knock = new FakeKnock(`knock-${this.#knocks}` as PeerId, name, async (answered) => {
      await this.#change(answered.answer ?? '', answered.name);
      this.giveUp(answered);
    });
    this.waiting = [...this.waiting, knock];
    this.emit('knock', knock);
    return knock;
  }

  /** Whoever knocked waits no longer. */
  giveUp(knock: FakeKnock): void {
    this.waiting = this.waiting.filter((one) => one !== knock);
    this.emit('knockended', knock);
  }

  move(link: RoomLink): void {
    this.emit('link', link);
  }

  async #change(what: string, value: unknown): Promise<void> {
    await this.delay;
    if (this.failure !== undefined) throw this.failure;
    this.changes.push([what, value]);
  }
}
