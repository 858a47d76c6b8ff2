/** A data channel in memory; it opens, carries and closes when its connection says so. */
export class FakeDataChannel extends EventTarget {
  readonly label: string;
  readonly #carry: (data: string | ArrayBuffer) => void;
  readyState: RTCDataChannelState = 'connecting';
  binaryType = 'arraybuffer';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;

  constructor(label: string, carry: (data: string | ArrayBuffer) => void) {
    super();
    this.label = label;
    this.#carry = carry;
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    if (this.readyState !== 'open') throw new DOMException('not open', 'InvalidStateError');
    this.#carry(typeof data === 'string' ? data : data.slice().buffer);
  }

  begin(): void {
    if (this.readyState !== 'connecting') return;
    this.readyState = 'open';
    this.dispatchEvent(new Event('open'));
  }

  receive(data: string | ArrayBuffer): void {
    if (this.readyState === 'open') this.dispatchEvent(new MessageEvent('message', { data }));
  }

  end(): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    this.dispatchEvent(new Event('close'));
  }
}
