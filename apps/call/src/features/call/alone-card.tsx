import { X } from 'lucide-react';
import type { Call } from '../../model/call.ts';
import { IconButton } from '../../ui/button.tsx';
import { useStore } from '../use-store.ts';
import { AccessLine } from './access-line.tsx';
import { Invite } from './invite.tsx';

/** For whoever is first: the link, where the others will be. No modal, and gone for good once closed. */
export function AloneCard(props: { readonly call: Call; readonly canShare: boolean }) {
  const { call } = props;
  const link = useStore(call.link);
  return (
    <section className="alone-card" aria-labelledby="alone-title">
      <header>
        <h2 id="alone-title">You’re the first one here</h2>
        <IconButton label="Close card" size="small" onClick={() => call.closeAloneCard()}>
          <X size={18} aria-hidden="true" />
        </IconButton>
      </header>
      <p>Send this link to those you want to talk to.</p>
      <Invite link={link} canShare={props.canShare} />
      <AccessLine call={call} />
    </section>
  );
}
