import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import './modal.css';

/** Asks before something that cannot be taken back. Escape and Cancel leave all as it is. */
export function Confirm(props: {
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** What is about to be done, as a verb. */
  readonly action: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}) {
  return (
    <AlertDialog.Root
      open
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="modal-backdrop" />
        <AlertDialog.Popup className="modal confirm">
          <AlertDialog.Title className="confirm-title">{props.title}</AlertDialog.Title>
          <AlertDialog.Description className="confirm-body" render={<div />}>
            {props.children}
          </AlertDialog.Description>
          <div className="confirm-actions">
            <AlertDialog.Close render={<Button>Cancel</Button>} />
            <Button
              variant="danger"
              onClick={() => {
                props.onConfirm();
                props.onClose();
              }}
            >
              {props.action}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
