import { CircleAlert } from 'lucide-react';
import type { ChatEntry, ChatGroup } from '../../model/chat-log.ts';
import { avatarHue, initials } from '../../model/names.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { ChatText } from './chat-text.tsx';

const TIME = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });

/** Lines of one author, said in one go, under one name and time. */
export function ChatGroupView(props: {
  readonly group: ChatGroup;
  readonly ownName: string;
  readonly onRetry: (id: string) => void;
}) {
  const { group, ownName, onRetry } = props;
  const own = group.author.kind === 'self';
  const name = group.author.kind === 'self' ? ownName : group.author.name;
  return (
    <div className="chat-group" data-own={own}>
      {!own && <Avatar initials={initials(name)} hue={avatarHue(name)} />}
      <div className="chat-lines">
        <p className="chat-meta">
          <bdi>{own ? 'You' : name}</bdi>
          <time dateTime={new Date(group.atMs).toISOString()}>{TIME.format(group.atMs)}</time>
        </p>
        {group.entries.map((entry) => (
          <ChatLine key={entry.id} entry={entry} onRetry={onRetry} />
        ))}
      </div>
    </div>
  );
}

function ChatLine(props: { readonly entry: ChatEntry; readonly onRetry: (id: string) => void }) {
  const { entry, onRetry } = props;
  return (
    <>
      <ChatText entry={entry} />
      {entry.delivery === 'failed' && (
        <p className="chat-failed">
          <CircleAlert size={14} aria-hidden="true" />
          Not delivered.
          <button type="button" onClick={() => onRetry(entry.id)}>
            Try again
          </button>
        </p>
      )}
    </>
  );
}
