import { SHORTCUT_HELP } from '../../model/shortcuts.ts';
import { Modal } from '../../ui/modal.tsx';
import '../../ui/hint.css';
import './settings.css';

export function ShortcutsDialog(props: {
  readonly enabled: boolean;
  readonly onClose: () => void;
}) {
  return (
    <Modal title="Keyboard shortcuts" open onClose={props.onClose}>
      <dl className="shortcut-list">
        {SHORTCUT_HELP.map(([keys, meaning]) => (
          <div key={meaning}>
            <dt>{meaning}</dt>
            <dd>
              {keys.map((key) =>
                key === '–' ? (
                  key
                ) : (
                  <kbd className="key" key={key}>
                    {key}
                  </kbd>
                ),
              )}
            </dd>
          </div>
        ))}
      </dl>
      {!props.enabled && <p>Single keys are turned off in the settings.</p>}
    </Modal>
  );
}
