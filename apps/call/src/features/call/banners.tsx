import {
  Gauge,
  Link,
  MonitorUp,
  ShieldAlert,
  TriangleAlert,
  UserRound,
  Volume2,
} from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Call } from '../../model/call.ts';
import { isOn } from '../../model/own-media.ts';
import type { Participant } from '../../model/participants.ts';
import { copyText, shareableLink } from '../../model/sharing.ts';
import type { WordCheck } from '../../model/word-checks.ts';
import { Banner } from '../../ui/banner.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { useStore } from '../use-store.ts';

/** A hiccup shorter than this is over before anyone has read about it. */
const RECONNECTING_SHOWN_AFTER_MS = 1_000;

/** What is true of the whole call right now, in thin lines at the top. */
export function Banners({ call }: { readonly call: Call }) {
  const { screen } = useStore(call.own);
  const connection = useStore(call.connection);
  const blocked = useStore(call.output.blocked);
  const others = useStore(call.participants);
  const { aloneCard, newLink, knowsPressure } = useStore(call.view);
  const pressure = useStore(call.pressure);
  const checks = useStore(call.wordChecks);
  const withCheck = (...statuses: readonly WordCheck['status'][]): readonly Participant[] =>
    others.filter(({ id }) => statuses.some((status) => status === checks.get(id)?.status));
  return (
    <div className="banners" role="status">
      {connection.status === 'reconnecting' && <Reconnecting />}
      {withCheck('differed', 'differed-before').map(({ id, name }) => (
        <Banner
          key={id}
          tone="danger"
          icon={<ShieldAlert aria-hidden="true" />}
          text={
            <>
              The words of <bdi>{name}</bdi> differ: someone may be listening
            </>
          }
          action={{ label: 'What now?', run: () => call.compareWords(id) }}
        />
      ))}
      {withCheck('changed').map(({ id, name }) => (
        <Banner
          key={id}
          icon={<ShieldAlert aria-hidden="true" />}
          text={
            <>
              This is not the device that you verified as <bdi>{name}</bdi>
            </>
          }
          action={{ label: 'What now?', run: () => call.compareWords(id) }}
        />
      ))}
      {newLink && <NewLink call={call} />}
      {blocked && (
        <Banner
          tone="accent"
          icon={<Volume2 aria-hidden="true" />}
          text="Your browser is holding the sound back."
          action={{ label: 'Click to hear', run: () => void call.output.unblock() }}
        />
      )}
      {screen.status === 'on' && (
        <Banner
          tone="accent"
          icon={<MonitorUp aria-hidden="true" />}
          text="You’re presenting"
          action={{ label: 'Stop', run: () => call.own.local.screen.disable() }}
        />
      )}
      {others.length === 0 && !aloneCard && (
        <Banner icon={<UserRound aria-hidden="true" />} text="You’re the only one here" />
      )}
      {pressure.status === 'serious' && !knowsPressure && <Pressure call={call} />}
      {others.length >= LARGE_ROOM_PEOPLE && <LargeRoom key="large" />}
    </div>
  );
}

/** What each picture costs is paid by both ends, so one's own camera is what one can spare everyone. */
function Pressure({ call }: { readonly call: Call }) {
  const { camera } = useStore(call.own);
  const action = { label: 'Turn camera off', run: () => void call.own.toggle('camera') };
  return (
    <Banner
      icon={<Gauge aria-hidden="true" />}
      text={
        isOn(camera)
          ? 'This device can hardly keep up with the call'
          : 'This device can hardly keep up with the call. Closing other programs helps'
      }
      {...(isOn(camera) ? { action } : {})}
      onDismiss={() => call.dismissPressure()}
    />
  );
}

/** Stays until someone has done something about it: links that were sent before open nothing now. */
function NewLink({ call }: { readonly call: Call }) {
  const link = useStore(call.link);
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  const copy = async (): Promise<void> => {
    setCopied((await copyText(shareableLink(link, location.href))) ? 'yes' : 'failed');
  };
  const text = {
    no: 'The link has changed. Share the new one',
    yes: 'The new link was copied',
    failed: 'Copying was not allowed. The new link is under Invite',
  }[copied];
  return (
    <Banner
      tone="accent"
      icon={<Link aria-hidden="true" />}
      text={text}
      {...(copied === 'no' ? { action: { label: 'Copy link', run: () => void copy() } } : {})}
      onDismiss={() => call.dismissNewLink()}
    />
  );
}

function Reconnecting() {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), RECONNECTING_SHOWN_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return <Banner icon={<Spinner />} text="Reconnecting to the server – your call continues" />;
}

/** Everyone sends to everyone, so with this many others slower machines and lines begin to suffer. */
const LARGE_ROOM_PEOPLE = 6;

/** Said for a while, not for the whole call. */
const LARGE_ROOM_SHOWN_MS = 12_000;

function LargeRoom() {
  const [shown, setShown] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setShown(false), LARGE_ROOM_SHOWN_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <Banner
      icon={<TriangleAlert aria-hidden="true" />}
      text="The call is getting large. If it stutters, turn some cameras off."
    />
  );
}
