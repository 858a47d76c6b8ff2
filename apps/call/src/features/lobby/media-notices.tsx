import { mediaNotices } from '../../model/media-help.ts';
import type { Session } from '../../model/session.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useStore } from '../use-store.ts';

/** What stands between the person and camera or microphone, and how to get past it. */
export function MediaNotices({ session }: { readonly session: Session }) {
  const states = useStore(session.own);
  return mediaNotices(session.environment, states).map((notice) => (
    <Notice
      key={notice.id}
      tone={notice.tone}
      title={notice.title}
      actions={
        notice.retry.length > 0 ? (
          <Button size="small" onClick={() => void session.own.retry(notice.retry)}>
            Try again
          </Button>
        ) : undefined
      }
    >
      <p>{notice.body}</p>
      {notice.steps.length > 0 && (
        <ol>
          {notice.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      )}
    </Notice>
  ));
}
