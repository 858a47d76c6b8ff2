import { X } from 'lucide-react';
import { useState } from 'react';
import { ago } from '../../model/ago.ts';
import type { AppModel } from '../../model/app-model.ts';
import { roomFragment, roomTitle } from '../../model/route.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { useStore } from '../use-store.ts';

/** The rooms joined from this browser, each a link back in. */
export function RecentList({ app }: { readonly app: AppModel }) {
  const rooms = useStore(app.recentRooms);
  const { rememberRooms } = useStore(app.preferences);
  const [nowMs] = useState(() => Date.now());
  if (rooms.length === 0) {
    return (
      <p className="home-privacy">
        {rememberRooms
          ? 'Calls that you join will be listed here, in this browser only.'
          : 'This browser does not remember your calls.'}
      </p>
    );
  }
  return (
    <section className="home-recent" aria-labelledby="recent-title">
      <header>
        <h2 id="recent-title">Recent calls</h2>
        <Button variant="quiet" size="small" onClick={() => app.recentRooms.clear()}>
          Clear all
        </Button>
      </header>
      <ul className="recent-list">
        {rooms.map(({ link, joinedAtMs }) => (
          <li className="recent-room" key={roomFragment(link)}>
            <a href={roomFragment(link)}>
              <span>{roomTitle(link)}</span>
              <small>{ago(joinedAtMs, nowMs)}</small>
            </a>
            <IconButton
              label={`Forget ${roomTitle(link)}`}
              size="small"
              onClick={() => app.recentRooms.remove(link)}
            >
              <X size={16} aria-hidden="true" />
            </IconButton>
          </li>
        ))}
      </ul>
      <p className="home-privacy">
        Kept in this browser only. Anyone who uses it can open these calls.
      </p>
    </section>
  );
}
