import type { PeerId } from 'peerline';
import { useState } from 'react';
import { ago } from '../../model/ago.ts';
import type { Call } from '../../model/call.ts';
import type { WordCheck } from '../../model/word-checks.ts';
import { Button } from '../../ui/button.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { useStore } from '../use-store.ts';
import './words-dialog.css';

/** Words to compare with one person, what to do with them, and what came of it. */
export function WordsDialog({ call, id }: { readonly call: Call; readonly id: PeerId }) {
  const check = useStore(call.wordChecks).get(id);
  const person = useStore(call.participants).find((one) => one.id === id);
  const close = (): void => call.compareWords(undefined);
  const name = person?.name ?? 'them';
  return (
    <Modal
      title={
        <>
          Compare words with <bdi>{name}</bdi>
        </>
      }
      open
      onClose={close}
    >
      <div className="words-dialog">
        {person === undefined ? (
          <p>They left the call. When they are back, the words will be others.</p>
        ) : (
          <Body call={call} id={id} name={name} check={check} close={close} />
        )}
      </div>
    </Modal>
  );
}

function Words({ words }: { readonly words: readonly string[] }) {
  return (
    <ol className="words" aria-label="Your words">
      {[...words.entries()].map(([index, word]) => (
        // One word may be there twice.
        <li key={index}>{word}</li>
      ))}
    </ol>
  );
}

function Body(props: {
  readonly call: Call;
  readonly id: PeerId;
  readonly name: string;
  readonly check: WordCheck | undefined;
  readonly close: () => void;
}) {
  const { call, id, name, check, close } = props;
  const [nowMs] = useState(() => Date.now());
  switch (check?.status) {
    case undefined:
      return (
        <>
          <p>The words could not be made just now.</p>
          <Button variant="primary" onClick={() => call.wordChecks.begin(id)}>
            Try again
          </Button>
        </>
      );
    case 'making':
      return (
        <p className="words-making" role="status">
          <Spinner /> Making the words with <bdi>{name}</bdi>…
        </p>
      );
    case 'shown':
      return (
        <>
          <p>
            Ask <bdi>{name}</bdi> to open <b>People</b> and press the shield beside your name. Then
            read your words to each other. If they are the same, nobody is between you.
          </p>
          <Words words={check.words} />
          <div className="words-actions">
            <Button
              variant="primary"
              onClick={() => {
                call.wordChecks.decide(id, true);
                close();
              }}
            >
              They are the same
            </Button>
            <Button onClick={() => call.wordChecks.decide(id, false)}>They differ</Button>
          </div>
        </>
      );
    case 'matched':
      return (
        <>
          <p>
            You found that these are the words of <bdi>{name}</bdi> too: nobody is between you.
          </p>
          <Words words={check.words} />
          <p className="words-note">
            This browser knows that device again in your next calls, once <bdi>{name}</bdi> has
            pressed the same button.
          </p>
        </>
      );
    case 'known':
      return (
        <>
          <p>
            This is the device that you verified as{' '}
            <b>
              <bdi>{check.label}</bdi>
            </b>{' '}
            {ago(check.verifiedAtMs, nowMs)}: nobody is between you. There is no need to compare
            again.
          </p>
          <Button onClick={() => call.wordChecks.beginAnew(id)}>Compare again</Button>
        </>
      );
    case 'changed':
      return (
        <Notice
          tone="warning"
          title={
            <>
              This is not the device that you verified as <bdi>{check.label}</bdi>
            </>
          }
        >
          <p>
            <bdi>{check.label}</bdi> may be using another device or browser, or have cleared this
            one. Or it is somebody else. The words tell.
          </p>
          <Button variant="primary" onClick={() => call.wordChecks.beginAnew(id)}>
            Compare words
          </Button>
        </Notice>
      );
    case 'differed-before':
      return (
        <Notice tone="warning" title="Someone may be between you" urgent>
          <p>
            In an earlier call in this room the words of <bdi>{name}</bdi> were not the same as
            yours. Say nothing here that is meant for <bdi>{name}</bdi> alone until they are.
          </p>
          <Button variant="primary" onClick={() => call.wordChecks.beginAnew(id)}>
            Compare words
          </Button>
        </Notice>
      );
    case 'differed':
      return (
        <Notice tone="warning" title="Someone may be between you" urgent>
          <p>
            Say nothing here that is meant for <bdi>{name}</bdi> alone. Hang up, make a new link,
            and send it another way than the last one. If the words differ again, do not trust this
            server.
          </p>
        </Notice>
      );
  }
}
