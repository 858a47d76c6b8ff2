export interface NodeSealOptions {
  readonly name: string;
  /** The link's key, in base64url. */
  readonly key: string;
  readonly room: string;
  readonly peer: string;
  /** The private key is 32 of these. */
  readonly scalarByte: number;
}

export declare const SPEC: string;

export declare class NodeSeal {
  constructor(options: NodeSealOptions);
  /** In hexadecimal. */
  get root(): string;
  get card(): string;
  /** Both keys. */
  get jwk(): JsonWebKey;
  /** The key of the direction to another one, in hexadecimal. */
  keyTo(other: NodeSeal): string;
  /** What two devices know each other by, as this one has it. @param isOfferer whether it offers */
  identityWith(
    other: NodeSeal,
    isOfferer: boolean,
  ): { readonly key: string; readonly tag: (claim: 'known' | 'kept') => string };
  seal(to: NodeSeal, counter: number, json: string): string;
  /** @throws where the tag is not right */
  open(from: NodeSeal, body: string): string;
}

interface NodeLink {
  readonly name: string;
  readonly key: string;
}

export function nodeDoorKey(link: NodeLink, password: string): string;
export function nodeSealNote(link: NodeLink, peer: string, text: string): string;
export function nodeOpenNote(link: NodeLink, peer: string, note: string): string;
