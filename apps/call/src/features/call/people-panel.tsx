import {
  Crown,
  Hand,
  Mic,
  MicOff,
  MonitorUp,
  Shield,
  ShieldAlert,
  ShieldCheck,
  Video,
  VideoOff,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { Call } from '../../model/call.ts';
import { avatarHue, initials } from '../../model/names.ts';
import { isOn } from '../../model/own-media.ts';
import type { Participant } from '../../model/participants.ts';
import type { WordCheck } from '../../model/word-checks.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useStore } from '../use-store.ts';
import { AccessLine } from './access-line.tsx';
import { WaitingList } from './knocks.tsx';
import { PersonMenu } from './person-menu.tsx';
import './people.css';

interface PersonState {
  readonly name: string;
  readonly note: string;
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly presenting: boolean;
  readonly handRaised: boolean;
  readonly host: boolean;
  readonly action?: ReactNode;
}

const STATE_WORDS: { readonly [S in Participant['state']['status']]: string } = {
  connecting: 'Connecting…',
  connected: '',
  recovering: 'Reconnecting…',
  away: 'Away',
  lost: 'Gone',
};

function Person(props: PersonState) {
  const { name, note, microphone, camera, presenting, handRaised, host, action } = props;
  return (
    <li className="person">
      <Avatar initials={initials(name)} hue={avatarHue(name)} />
      <span className="person-name">
        <bdi>{name}</bdi>
        {note !== '' && <small>{note}</small>}
      </span>
      <span className="person-icons">
        {host && <Crown role="img" aria-label="host" data-tone="amber" />}
        {handRaised && <Hand role="img" aria-label="hand raised" data-tone="amber" />}
        {presenting && <MonitorUp role="img" aria-label="presenting" data-tone="accent" />}
        {camera ? (
          <Video role="img" aria-label="camera on" />
        ) : (
          <VideoOff role="img" aria-label="camera off" data-tone="off" />
        )}
        {microphone ? (
          <Mic role="img" aria-label="microphone on" />
        ) : (
          <MicOff role="img" aria-label="muted" data-tone="off" />
        )}
      </span>
      {action}
    </li>
  );
}

/** How the way to the words looks, by what came of them. */
function shieldOf(name: string, check: WordCheck | undefined) {
  switch (check?.status) {
    case 'matched':
      return { Icon: ShieldCheck, label: `${name} is verified`, trust: 'yes' };
    case 'known':
      return { Icon: ShieldCheck, label: `${name} is verified`, trust: 'yes' };
    case 'changed':
      return { Icon: ShieldAlert, label: `${name} is on another device`, trust: 'no' };
    case 'differed':
    case 'differed-before':
      return { Icon: ShieldAlert, label: `The words of ${name} differ`, trust: 'no' };
    default:
      return { Icon: Shield, label: `Compare words with ${name}`, trust: undefined };
  }
}

function CompareButton(props: {
  readonly name: string;
  readonly check: WordCheck | undefined;
  readonly onClick: () => void;
}) {
  const { Icon, label, trust } = shieldOf(props.name, props.check);
  return (
    <IconButton label={label} size="small" data-trust={trust} onClick={props.onClick}>
      <Icon size={18} aria-hidden="true" />
    </IconButton>
  );
}

/** Everyone in the call, and how each of them is doing. */
export function PeoplePanel({ call }: { readonly call: Call }) {
  const others = useStore(call.participants);
  const own = useStore(call.own);
  const handRaised = useStore(call.handRaised);
  const checks = useStore(call.wordChecks);
  const { host, capacity, waiting } = useStore(call.admission);
  const hosting = host.who === 'me';
  return (
    <Panel title="People" onClose={() => call.closePanel()}>
      <div className="panel-body">
        <AccessLine call={call} />
        {waiting.length > 0 && <Waiting call={call} />}
        <p className="panel-note">
          {others.length + 1} of at most {capacity} in the call
        </p>
        <ul className="people">
          <Person
            name={call.name}
            note="You"
            microphone={isOn(own.microphone)}
            camera={isOn(own.camera)}
            presenting={isOn(own.screen)}
            handRaised={handRaised}
            host={hosting}
            action={others.length > 0 && <span className="person-gap" data-menu={hosting} />}
          />
          {others.map((participant) => (
            <Person
              key={participant.id}
              name={participant.name}
              note={STATE_WORDS[participant.state.status]}
              microphone={participant.tracks.microphone !== undefined}
              camera={participant.tracks.camera !== undefined}
              presenting={participant.tracks.screen !== undefined}
              handRaised={participant.handRaised}
              host={host.who === 'other' && host.id === participant.id}
              action={
                <span className="person-actions">
                  <CompareButton
                    name={participant.name}
                    check={checks.get(participant.id)}
                    onClick={() => call.compareWords(participant.id)}
                  />
                  {hosting && <PersonMenu call={call} participant={participant} />}
                </span>
              }
            />
          ))}
        </ul>
        {others.length > 0 && (
          <Button size="small" variant="quiet" onClick={() => call.showConnection()}>
            Check the connection
          </Button>
        )}
        {others.length === 0 && (
          <div className="panel-empty">
            <p>Nobody else is here yet.</p>
            <Button onClick={() => call.togglePanel('invite')}>Share the link</Button>
          </div>
        )}
      </div>
    </Panel>
  );
}

/** Those at the door. */
function Waiting({ call }: { readonly call: Call }) {
  const { waiting } = useStore(call.admission);
  return (
    <section className="waiting" aria-labelledby="waiting-title">
      <header>
        <h3 id="waiting-title">Waiting to join ({waiting.length})</h3>
        {waiting.length > 1 && (
          <Button size="small" variant="quiet" onClick={() => call.admission.admitAll()}>
            Admit all
          </Button>
        )}
      </header>
      <WaitingList call={call} people={waiting} />
    </section>
  );
}
