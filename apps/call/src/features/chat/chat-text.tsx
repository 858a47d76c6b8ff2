import { useEffect, useMemo, useState, type ClipboardEvent, type ReactNode } from 'react';
import type { ChatEntry } from '../../model/chat-log.ts';
import { mayHaveMarks, type ChatBlock, type ChatInline } from '../../model/chat-marks.ts';
import { linkify } from '../../model/linkify.ts';

type ReadMarkdown = (text: string) => readonly ChatBlock[] | undefined;

/** The parser, once some message has needed it. */
let reader: ReadMarkdown | undefined;

/** Loads the parser where it is needed; until then, and without it, messages are as they were written. */
function useReader(needed: boolean): ReadMarkdown | undefined {
  const [read, setRead] = useState(() => reader);
  useEffect(() => {
    if (!needed || read !== undefined) return undefined;
    let gone = false;
    import('../../model/chat-markdown.ts').then(
      ({ readMarkdown }) => {
        reader = readMarkdown;
        if (!gone) setRead(() => readMarkdown);
      },
      // Marks are no reason to lose a message.
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [needed, read]);
  return read;
}

/** What was said, in text elements alone. Copied whole, it is what was written. */
export function ChatText({ entry }: { readonly entry: ChatEntry }) {
  const { text, delivery } = entry;
  const marked = useMemo(() => mayHaveMarks(text), [text]);
  const read = useReader(marked);
  const blocks = useMemo(() => (marked ? read?.(text) : undefined), [marked, read, text]);
  return (
    <div
      className="chat-text"
      data-delivery={delivery}
      onCopy={blocks === undefined ? undefined : (event) => copySource(event, text)}
    >
      {blocks === undefined ? (
        <p dir="auto">{linkify(text).map(plainPart)}</p>
      ) : (
        blocks.map(blockView)
      )}
    </div>
  );
}

/** A message that is selected whole goes to the clipboard with its marks; a part of it as it is seen. */
function copySource(event: ClipboardEvent<HTMLElement>, source: string): void {
  const selection = getSelection();
  if (selection === null || selection.isCollapsed) return;
  const whole = event.currentTarget.textContent.replace(/\s+/gu, '');
  if (selection.toString().replace(/\s+/gu, '') !== whole) return;
  event.preventDefault();
  event.clipboardData.setData('text/plain', source);
}

function plainPart(part: ReturnType<typeof linkify>[number], index: number): ReactNode {
  return part.kind === 'text' ? (
    part.text
  ) : (
    <ChatLink key={index} href={part.href}>
      {part.text}
    </ChatLink>
  );
}

// Parts of a message never change their places, so a place is as good a key as any.
function blockView(block: ChatBlock, index: number): ReactNode {
  switch (block.kind) {
    case 'paragraph':
      return (
        <p key={index} dir="auto">
          {block.children.map(inlineView)}
        </p>
      );
    case 'code-block':
      return (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so keys must reach it
        <pre key={index} dir="ltr" tabIndex={0} aria-label="Code">
          <code>{block.text}</code>
        </pre>
      );
    case 'quote':
      return (
        <blockquote key={index} dir="auto">
          {block.children.map(blockView)}
        </blockquote>
      );
    case 'list': {
      const items = [...block.items.entries()].map(([place, item]) => (
        <li key={place} dir="auto">
          {item.map(blockView)}
        </li>
      ));
      return block.start === undefined ? (
        <ul key={index}>{items}</ul>
      ) : (
        <ol key={index} start={block.start}>
          {items}
        </ol>
      );
    }
  }
}

function inlineView(inline: ChatInline, index: number): ReactNode {
  switch (inline.kind) {
    case 'text':
      return inline.text;
    case 'code':
      return (
        <code key={index} dir="auto">
          {inline.text}
        </code>
      );
    case 'strong':
      return <strong key={index}>{inline.children.map(inlineView)}</strong>;
    case 'emphasis':
      return <em key={index}>{inline.children.map(inlineView)}</em>;
    case 'link':
      return (
        <ChatLink key={index} href={inline.href} target={inline.target}>
          {inline.children.map(inlineView)}
        </ChatLink>
      );
  }
}

/** A link out of the call. Where its words could say anything, it says where it leads. */
function ChatLink(props: {
  readonly href: string;
  readonly target?: string | undefined;
  readonly children: ReactNode;
}) {
  const { href, target, children } = props;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      <bdi>{children}</bdi>
      {target !== undefined && <bdi className="chat-target"> ({target})</bdi>}
    </a>
  );
}
