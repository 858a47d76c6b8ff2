import type {
  CheckOptions,
  Diagnosis,
  JoinOptions,
  LobbyOptions,
  LocalMedia,
  Room,
  Visit,
} from 'peerline';

/** What the app's peers send each other. */
export type CallMessages = {
  readonly chat: ChatPayload;
};

/** A line of chat. `id` is the sender's own; a message sent again keeps it. */
export type ChatPayload = {
  readonly id: string;
  readonly text: string;
};

export type CallRoom = Room<CallMessages>;
export type CallVisit = Visit<CallMessages>;

/** The part of the SDK that a session is given, so that tests can give it another. */
export interface Sdk {
  joinRoom(options: JoinOptions): Promise<CallRoom>;
  enterLobby(options: LobbyOptions): Promise<CallVisit>;
  createLocalMedia(): LocalMedia;
  checkConnection(options: CheckOptions): Promise<Diagnosis>;
}
