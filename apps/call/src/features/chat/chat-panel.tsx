import { ArrowDown, SendHorizontal } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState, type SubmitEvent } from 'react';
import type { Call } from '../../model/call.ts';
import { CHAT_TEXT_MAX_CHARACTERS, groupEntries } from '../../model/chat-log.ts';
import { IconButton } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useStore } from '../use-store.ts';
import { ChatGroupView } from './chat-group.tsx';
import './chat.css';

/** Nearer to the end than this, the log follows new messages; further up, someone is reading. */
const FOLLOW_WITHIN_PX = 40;

function scrollToEnd(element: HTMLElement | null): void {
  if (element !== null) element.scrollTop = element.scrollHeight;
}

/** What was said, and the field to say more. */
export function ChatPanel({ call }: { readonly call: Call }) {
  const { entries } = useStore(call.chat);
  const others = useStore(call.participants);
  const log = useRef<HTMLDivElement>(null);
  /** Scrolled up to read, and which entry was the last one then. */
  const [reading, setReading] = useState<{ readonly lastId: string | undefined } | undefined>();
  const last = entries.at(-1);
  const lastId = last?.id;
  const follows = reading === undefined || last?.author.kind === 'self';
  const behind = reading !== undefined && reading.lastId !== lastId;
  useLayoutEffect(() => {
    if (lastId !== undefined && follows) scrollToEnd(log.current);
  }, [lastId, follows]);
  const onScroll = (): void => {
    const element = log.current;
    if (element === null) return;
    const left = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (left < FOLLOW_WITHIN_PX) setReading(undefined);
    else setReading((known) => known ?? { lastId });
  };
  return (
    <Panel title="Chat" onClose={() => call.closePanel()}>
      <div className="chat">
        <div
          className="chat-log"
          role="log"
          aria-label="Conversation"
          aria-live="polite"
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so keys must reach it
          tabIndex={0}
          ref={log}
          onScroll={onScroll}
        >
          {entries.length === 0 ? (
            <p className="chat-empty">
              Nothing was said yet. Messages go straight to those who are here, and are gone when
              the call ends.
            </p>
          ) : (
            groupEntries(entries).map((group) => (
              <ChatGroupView
                key={group.key}
                group={group}
                ownName={call.name}
                onRetry={(id) => call.chat.retry(id)}
              />
            ))
          )}
        </div>
        {behind && (
          <button type="button" className="chat-behind" onClick={() => scrollToEnd(log.current)}>
            <ArrowDown size={16} aria-hidden="true" />
            New below
          </button>
        )}
        <ChatForm call={call} alone={others.length === 0} />
      </div>
    </Panel>
  );
}

function ChatForm({ call, alone }: { readonly call: Call; readonly alone: boolean }) {
  const draft = useStore(call.draft);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus({ preventScroll: true }), []);
  const send = (event?: SubmitEvent): void => {
    event?.preventDefault();
    if (call.chat.send(draft)) call.draft.set('');
    field.current?.focus();
  };
  return (
    <form className="chat-form" onSubmit={send}>
      {alone && <p className="field-hint">Nobody else is here to read it right now.</p>}
      <div className="chat-line">
        <span className="chat-field" data-text={draft}>
          <textarea
            ref={field}
            className="text-input"
            aria-label="Message"
            placeholder="Write to everyone"
            rows={1}
            maxLength={CHAT_TEXT_MAX_CHARACTERS}
            enterKeyHint="send"
            value={draft}
            onChange={(event) => call.draft.set(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
              event.preventDefault();
              send();
            }}
          />
        </span>
        <IconButton label="Send" type="submit" className="chat-send" disabled={draft.trim() === ''}>
          <SendHorizontal size={20} aria-hidden="true" />
        </IconButton>
      </div>
    </form>
  );
}
