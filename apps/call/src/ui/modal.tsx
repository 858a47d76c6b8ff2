import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useRef, type ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { PopupHost } from './popup-host.tsx';
import './modal.css';

/** Something to look up or set, over the page; a sheet from below on phones. */
export function Modal(props: {
  readonly title: ReactNode;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Dialog.Root
      open={props.open}
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="modal-backdrop" />
        <Dialog.Popup className="modal" ref={popup}>
          <header className="modal-head">
            <Dialog.Title>{props.title}</Dialog.Title>
            <Dialog.Close
              render={
                <IconButton label="Close">
                  <X size={20} aria-hidden="true" />
                </IconButton>
              }
            />
          </header>
          {/* Scrolls where the screen is low, so the keyboard must be able to reach it. */}
          <div className="modal-body" tabIndex={-1}>
            <PopupHost host={popup}>{props.children}</PopupHost>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
