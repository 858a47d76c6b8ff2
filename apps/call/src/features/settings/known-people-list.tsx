import type { Remembered } from 'peerline';
import { ShieldAlert, ShieldCheck, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { ago } from '../../model/ago.ts';
import type { KnownPeople } from '../../model/known-people.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { useStore } from '../use-store.ts';

/** Who was verified from this browser, to be forgotten one by one or all. */
export function KnownPeopleList({ people }: { readonly people: KnownPeople }) {
  const state = useStore(people);
  const [nowMs] = useState(() => Date.now());
  useEffect(() => void people.refresh(), [people]);
  if (state.status === 'not-read') return null;
  return (
    <section>
      <h3>Verified people</h3>
      {state.status === 'unavailable' ? (
        <p className="settings-note">
          This browser cannot remember whom you verified. In a private window that is normal.
        </p>
      ) : (
        <Listed people={people} all={state.people} nowMs={nowMs} />
      )}
    </section>
  );
}

function Listed(props: {
  readonly people: KnownPeople;
  readonly all: readonly Remembered[];
  readonly nowMs: number;
}) {
  const { people, all, nowMs } = props;
  if (all.length === 0) {
    return (
      <p className="settings-note">
        Nobody yet. Compare words with someone in a call, and this browser knows their device again.
      </p>
    );
  }
  return (
    <>
      <ul className="known-people" aria-label="Verified people">
        {all.map((one) => (
          <li key={one.id}>
            {one.kind === 'verified' ? (
              <ShieldCheck size={18} aria-hidden="true" data-trust="yes" />
            ) : (
              <ShieldAlert size={18} aria-hidden="true" data-trust="no" />
            )}
            <span>
              <bdi>{one.label === '' ? 'Someone without a name' : one.label}</bdi>
              <small>{noteOf(one, nowMs)}</small>
            </span>
            <IconButton
              label={`Forget ${one.label}`}
              size="small"
              onClick={() => void people.forget(one.id)}
            >
              <X size={16} aria-hidden="true" />
            </IconButton>
          </li>
        ))}
      </ul>
      <p className="settings-note">Kept in this browser only. The others do not learn of it.</p>
      <div>
        <Button size="small" variant="quiet" onClick={() => void people.forgetAll()}>
          Forget verified people
        </Button>
      </div>
    </>
  );
}

function noteOf(one: Remembered, nowMs: number): string {
  if (one.kind === 'denied') return `words differed ${ago(one.deniedAtMs, nowMs)}`;
  return `verified ${ago(one.verifiedAtMs, nowMs)}, last seen ${ago(one.seenAtMs, nowMs)}`;
}
