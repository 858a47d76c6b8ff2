/** Notes what the page sends to a server, over WebSockets and long polls, whatever the library. */

/** A text that went out. */
export interface Sent {
  readonly atMs: number;
  readonly text: string;
}

declare global {
  interface Window {
    sent: Sent[];
  }
}

/** Between packets of a long poll (Engine.IO protocol 4). */
const SEPARATOR = '\u001E';

window.sent = [];

function note(body: unknown): void {
  if (typeof body !== 'string') return;
  for (const text of body.split(SEPARATOR)) window.sent.push({ atMs: Date.now(), text });
}

const socket = WebSocket.prototype;
const sendSocket = Reflect.get<WebSocket, 'send'>(socket, 'send');
socket.send = function send(this: WebSocket, data): void {
  note(data);
  sendSocket.call(this, data);
};

const request = XMLHttpRequest.prototype;
const sendRequest = Reflect.get<XMLHttpRequest, 'send'>(request, 'send');
request.send = function send(this: XMLHttpRequest, body): void {
  note(body);
  sendRequest.call(this, body);
};
