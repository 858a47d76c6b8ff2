import { Check, Copy, Share2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { RoomLink } from 'peerline';
import { copyText, shareableLink, shareText } from '../../model/sharing.ts';
import { Button } from '../../ui/button.tsx';
import { QrCode } from '../../ui/qr-code.tsx';

const COPIED_SHOWN_MS = 2_500;

/** The link, to copy, to share, to scan. */
export function Invite(props: { readonly link: RoomLink; readonly canShare: boolean }) {
  const url = shareableLink(props.link, location.href);
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  useEffect(() => {
    if (copied !== 'yes') return undefined;
    const timer = setTimeout(() => setCopied('no'), COPIED_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => {
    setCopied((await copyText(url)) ? 'yes' : 'failed');
  };
  return (
    <div className="invite">
      <input
        className="text-input invite-link"
        aria-label="Link to this call"
        value={url}
        readOnly
        onFocus={(event) => event.target.select()}
      />
      <div className="invite-actions">
        <Button variant="primary" onClick={() => void copy()}>
          {copied === 'yes' ? (
            <Check size={18} aria-hidden="true" />
          ) : (
            <Copy size={18} aria-hidden="true" />
          )}
          {copied === 'yes' ? 'Copied' : 'Copy link'}
        </Button>
        {props.canShare && (
          <Button onClick={() => void shareText('Join my call', url)}>
            <Share2 size={18} aria-hidden="true" />
            Share link
          </Button>
        )}
      </div>
      <p className="visually-hidden" role="status">
        {copied === 'yes' ? 'The link was copied.' : ''}
      </p>
      {copied === 'failed' && (
        <p className="field-error" role="alert">
          Copying was not allowed. Select the link above and copy it by hand.
        </p>
      )}
      <figure className="invite-qr">
        <QrCode text={url} label="QR code of the link" />
        <figcaption>Scan it to join from a phone.</figcaption>
      </figure>
    </div>
  );
}
