import type { LeaveReason } from 'peerline';
import { useEffect, useRef } from 'react';
import type { AppModel } from '../model/app-model.ts';
import { joinProblem } from '../model/failures.ts';
import { roomTitle } from '../model/route.ts';
import type { Session } from '../model/session.ts';
import { Button } from '../ui/button.tsx';
import { useTitle } from './use-title.ts';

function explain(reason: LeaveReason, room: string): { title: string; body: string } {
  switch (reason.code) {
    case 'requested':
      return { title: 'You left the call', body: `You can go back to ${room} with the same link.` };
    case 'taken-over':
      return {
        title: 'The call moved to another tab',
        body: 'You are in this call somewhere else now. Rejoin to bring it back here.',
      };
    case 'refused':
      return joinProblem(reason.error);
  }
}

/** The call is over, for this visit at least. */
export function LeftPage(props: {
  readonly app: AppModel;
  readonly session: Session;
  readonly reason: LeaveReason;
}) {
  const { app, session, reason } = props;
  const room = roomTitle(session.link);
  const { title, body } = explain(reason, room);
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(room);
  useEffect(() => heading.current?.focus(), []);
  const refusal = reason.code === 'refused' ? joinProblem(reason.error).action : undefined;
  return (
    <main className="whole-page">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <p>{body}</p>
      <div className="whole-page-actions">
        {refusal === 'reload' && (
          <Button variant="primary" onClick={() => location.reload()}>
            Reload
          </Button>
        )}
        {refusal !== 'reload' && refusal !== 'home' && (
          <Button variant="primary" onClick={() => void session.rejoin()}>
            Rejoin
          </Button>
        )}
        <Button onClick={() => app.goHome()}>Home</Button>
      </div>
    </main>
  );
}
