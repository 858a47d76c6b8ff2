import { X } from 'lucide-react';
import { useEffect, useRef, useState, type RefObject } from 'react';
import type { WaitingPerson } from '../../model/admission.ts';
import type { Call } from '../../model/call.ts';
import { avatarHue, initials } from '../../model/names.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { useStore } from '../use-store.ts';
import './knocks.css';

/** More would cover the picture; the rest is under People. */
const KNOCKS_SHOWN_MAX = 3;

export function knockWords(waiting: readonly WaitingPerson[]): string {
  const [first] = waiting;
  if (first === undefined) return '';
  return waiting.length === 1
    ? `${first.name} wants to join`
    : `${waiting.length} people want to join`;
}

/** Those at the door, over the stage: whoever looks at the people in it must not miss them. */
export function Knocks({ call }: { readonly call: Call }) {
  const { waiting } = useStore(call.admission);
  const { panel } = useStore(call.view);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const news = waiting.filter(({ id }) => !hidden.has(id));
  // The panel lists them already.
  const shown = panel === 'people' ? [] : news.slice(0, KNOCKS_SHOWN_MAX);
  const more = news.length - shown.length;
  return (
    <>
      <p className="visually-hidden" role="status">
        {knockWords(waiting)}
      </p>
      {shown.length > 0 && (
        <section className="knocks" aria-labelledby="knocks-title">
          <header>
            <h2 id="knocks-title">
              {news.length === 1 ? 'Someone wants to join' : knockWords(news)}
            </h2>
            <IconButton
              label="Hide, answer later"
              size="small"
              onClick={() => setHidden(new Set(waiting.map(({ id }) => id)))}
            >
              <X size={18} aria-hidden="true" />
            </IconButton>
          </header>
          <WaitingList call={call} people={shown} />
          {news.length > 1 && (
            <footer>
              <Button size="small" variant="quiet" onClick={() => call.togglePanel('people')}>
                {more > 0 ? `See ${more} more` : 'See all'}
              </Button>
              <Button size="small" variant="quiet" onClick={() => call.admission.admitAll()}>
                Admit all {news.length}
              </Button>
            </footer>
          )}
        </section>
      )}
    </>
  );
}

/** Each with a way to answer. */
export function WaitingList(props: {
  readonly call: Call;
  readonly people: readonly WaitingPerson[];
}) {
  const { admission } = props.call;
  const list = useRef<HTMLUListElement>(null);
  useFocusKept(list, props.people.length);
  return (
    <ul className="waiting-list" ref={list} tabIndex={-1} aria-label="Waiting to join">
      {props.people.map(({ id, name }) => (
        <li key={id}>
          <Avatar initials={initials(name)} hue={avatarHue(name)} />
          <bdi className="waiting-name">{name}</bdi>
          <Button size="small" aria-label={`Decline ${name}`} onClick={() => admission.decline(id)}>
            Decline
          </Button>
          <Button
            size="small"
            variant="primary"
            aria-label={`Admit ${name}`}
            onClick={() => admission.admit(id)}
          >
            Admit
          </Button>
        </li>
      ))}
    </ul>
  );
}

/**
 * The buttons of whoever was answered go away with the focus on them. It goes to the list, from where
 * Tab leads to the next one; not onto a button, which a key meant for something else would press.
 */
function useFocusKept(list: RefObject<HTMLElement | null>, count: number): void {
  const inside = useRef(false);
  useEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const enter = (): void => void (inside.current = true);
    const leave = (event: FocusEvent): void => {
      if (event.relatedTarget !== null) inside.current = false;
    };
    element.addEventListener('focusin', enter);
    element.addEventListener('focusout', leave);
    return () => {
      element.removeEventListener('focusin', enter);
      element.removeEventListener('focusout', leave);
    };
  }, [list]);
  const before = useRef(count);
  useEffect(() => {
    if (before.current === count) return;
    before.current = count;
    const lost = document.activeElement === document.body || document.activeElement === null;
    if (inside.current && lost) list.current?.focus({ preventScroll: true });
  }, [list, count]);
}
