import { Lexer, Tokenizer, type Token, type Tokens } from 'marked';
import type { ChatBlock, ChatInline } from './chat-marks.ts';
import { leadingLink, linkify, readWebAddress } from './linkify.ts';

/** Quotes in lists in quotes: more levels than this are more marks, and stay as they were written. */
const DEPTH_MAX = 6;

/** What is not among the marks of a chat does not match, so its characters are text. */
const NONE = (): undefined => undefined;

/**
 * Markdown as people use it in a chat: bold, italics, code, lists, quotes, links. No headings, rules, tables,
 * images, definitions of links, entities or HTML: what stands there is what was written.
 */
class ChatTokenizer extends Tokenizer {
  override code = NONE;
  override heading = NONE;
  override lheading = NONE;
  override hr = NONE;
  override html = NONE;
  override tag = NONE;
  override table = NONE;
  override def = NONE;
  override reflink = NONE;
  override autolink = NONE;
  override del = NONE;
  #depth = 0;

  override blockquote(src: string): Tokens.Blockquote | undefined {
    return this.#deeper(() => super.blockquote(src));
  }

  override list(src: string): Tokens.List | undefined {
    return this.#deeper(() => super.list(src));
  }

  override emStrong(src: string, masked: string, previous?: string) {
    return this.#deeper(() => super.emStrong(src, masked, previous));
  }

  override link(src: string): Tokens.Link | undefined {
    // `![…](…)`: a picture would be fetched from wherever the sender likes.
    if (src.startsWith('!') || this.lexer.state.inLink) return undefined;
    const token = this.#deeper(() => super.link(src));
    // Where it leads nowhere it may, all of it is text.
    return token?.type === 'link' && readTarget(token.href) !== undefined ? token : undefined;
  }

  /** Addresses keep their stars and underscores. */
  override url(src: string): Tokens.Link | undefined {
    const text = this.lexer.state.inLink ? '' : leadingLink(src);
    if (text === '') return undefined;
    return {
      ...{ type: 'link', raw: text, text, href: text, title: null },
      tokens: [{ type: 'text', raw: text, text, escaped: false }],
    };
  }

  #deeper<T>(read: () => T): T | undefined {
    if (this.#depth >= DEPTH_MAX) return undefined;
    this.#depth += 1;
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }
}

const ADDRESS = /^[\w.+-]+@[a-z\d-]+(?:\.[a-z\d-]+)+$/iu;

/** Where a link may lead. @returns `told` is what people read of it */
function readTarget(href: string): { readonly href: string; readonly told: string } | undefined {
  const web = readWebAddress(href);
  if (web !== undefined) return { href: web.href, told: web.host };
  if (!/^mailto:/iu.test(href) || !URL.canParse(href)) return undefined;
  // The receiver alone: what else such a link can fill in is for the writer of a mail to write.
  const address = new URL(href).pathname;
  return ADDRESS.test(address) ? { href: `mailto:${address}`, told: address } : undefined;
}

/**
 * Reads a message.
 *
 * @returns undefined where it has no marks after all, or nothing but marks
 */
export function readMarkdown(text: string): readonly ChatBlock[] | undefined {
  const lexer = new Lexer({ gfm: true, tokenizer: new ChatTokenizer() });
  const blocks = blocksOf(lexer.lex(text));
  const [only] = blocks;
  const plain =
    blocks.length === 1 &&
    only?.kind === 'paragraph' &&
    only.children.every(({ kind }) => kind === 'text');
  // A letter that consists of `>` alone is not an empty quote.
  return plain || !blocks.some(holdsText) ? undefined : blocks;
}

function holdsText(block: ChatBlock): boolean {
  switch (block.kind) {
    case 'paragraph':
      return block.children.length > 0;
    case 'code-block':
      return block.text.trim() !== '';
    case 'quote':
      return block.children.some(holdsText);
    case 'list':
      return block.items.flat().some(holdsText);
  }
}

function blocksOf(tokens: readonly Token[]): readonly ChatBlock[] {
  const blocks: ChatBlock[] = [];
  /** What stands between a paragraph and the one before: nothing where an empty line was. */
  let between: string | undefined;
  for (const token of tokens) {
    const block = blockOf(token);
    const last = blocks.at(-1);
    if (block === undefined) between = undefined;
    else if (between !== undefined && block.kind === 'paragraph' && last?.kind === 'paragraph') {
      // The parser begins anew where a heading or a rule would have been; for the reader it is the next line.
      const line: ChatInline = { kind: 'text', text: between };
      blocks[blocks.length - 1] = {
        ...last,
        children: joined([...last.children, line, ...block.children]),
      };
    } else {
      blocks.push(block);
    }
    // The box of a task stands before its words, and is as it was written.
    if (block !== undefined) between = token.type === 'checkbox' ? '' : '\n';
  }
  return blocks;
}

function blockOf(token: Token): ChatBlock | undefined {
  if (isSpace(token)) return undefined;
  if (isCode(token)) return { kind: 'code-block', text: token.text };
  if (isQuote(token)) return { kind: 'quote', children: blocksOf(token.tokens) };
  if (isList(token)) {
    return {
      kind: 'list',
      start: token.ordered && typeof token.start === 'number' ? token.start : undefined,
      items: token.items.map((item) => blocksOf(item.tokens)),
    };
  }
  const tokens: readonly Token[] | undefined = 'tokens' in token ? token.tokens : undefined;
  return {
    kind: 'paragraph',
    children: joined(tokens === undefined ? linked(token.raw) : inlinesOf(tokens)),
  };
}

function inlinesOf(tokens: readonly Token[]): readonly ChatInline[] {
  return joined(tokens.flatMap(inlineOf));
}

function inlineOf(token: Token): readonly ChatInline[] {
  if (isMarked(token)) {
    const kind = token.type === 'strong' ? 'strong' : 'emphasis';
    return [{ kind, children: inlinesOf(token.tokens) }];
  }
  if (isCodeSpan(token)) return [{ kind: 'code', text: token.text }];
  if (isEscape(token)) return [{ kind: 'text', text: token.text }];
  if (token.type === 'br') return [{ kind: 'text', text: '\n' }];
  if (isLink(token) && token.raw.startsWith('[')) return linkOf(token);
  // Whatever else there may be is text, as it was written.
  return linked(token.raw);
}

function linkOf(token: Tokens.Link): readonly ChatInline[] {
  const target = readTarget(token.href);
  const children = wordsOf(token.tokens);
  if (target === undefined || children.length === 0) {
    return [{ kind: 'text', text: token.raw }];
  }
  return [{ kind: 'link', href: target.href, target: target.told, children }];
}

/** What stands in the brackets of a link, without links of its own. */
function wordsOf(tokens: readonly Token[]): readonly ChatInline[] {
  return inlinesOf(tokens).flatMap(function flat(inline): readonly ChatInline[] {
    return inline.kind === 'link' ? inline.children.flatMap(flat) : [inline];
  });
}

function linked(text: string): readonly ChatInline[] {
  return linkify(text).map((part) =>
    part.kind === 'text'
      ? part
      : {
          kind: 'link',
          href: part.href,
          target: undefined,
          children: [{ kind: 'text', text: part.text }],
        },
  );
}

function joined(inlines: readonly ChatInline[]): readonly ChatInline[] {
  const parts: ChatInline[] = [];
  for (const inline of inlines) {
    const last = parts.at(-1);
    if (inline.kind === 'text' && last?.kind === 'text') {
      parts[parts.length - 1] = { kind: 'text', text: last.text + inline.text };
    } else if (inline.kind !== 'text' || inline.text !== '') parts.push(inline);
  }
  return parts;
}

// The parser's union has a member of any type, for extensions, so a type alone does not narrow it.
function isSpace(token: Token): token is Tokens.Space {
  return token.type === 'space';
}
function isCode(token: Token): token is Tokens.Code {
  return token.type === 'code';
}
function isQuote(token: Token): token is Tokens.Blockquote {
  return token.type === 'blockquote';
}
function isList(token: Token): token is Tokens.List {
  return token.type === 'list';
}
function isMarked(token: Token): token is Tokens.Strong | Tokens.Em {
  return token.type === 'strong' || token.type === 'em';
}
function isCodeSpan(token: Token): token is Tokens.Codespan {
  return token.type === 'codespan';
}
function isEscape(token: Token): token is Tokens.Escape {
  return token.type === 'escape';
}
function isLink(token: Token): token is Tokens.Link {
  return token.type === 'link';
}
