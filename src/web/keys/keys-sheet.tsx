/** The sheet behind `?`: every key that holds on this screen, drawn from the registry. */
import { Modal } from "@mantine/core";
import { type KeyAction, keyLabel, keysNow, type KeyScope } from "./keys.ts";
import css from "./keys-sheet.module.css";

const ORDER: readonly KeyScope[] = ["This screen", "Lead", "Lists", "Everywhere"];

export function KeysSheet({ onClose }: { readonly onClose: () => void }) {
  const actions = keysNow().filter(({ hidden }) => hidden !== true);
  const groups = ORDER.map((scope) => ({ scope, actions: actions.filter((action) => action.scope === scope) })).filter((group) => group.actions.length > 0);
  return (
    <Modal opened onClose={onClose} title="Keys" size={720}>
      <div className={css.groups}>
        {groups.map((group) => (
          <Group key={group.scope} {...group} />
        ))}
      </div>
    </Modal>
  );
}

function Group({ scope, actions }: { readonly scope: KeyScope; readonly actions: readonly KeyAction[] }) {
  return (
    <section>
      <h3 className={css.title}>{scope}</h3>
      <dl className={css.list}>
        {actions.map(({ keys, label }) => (
          <div key={`${keys}${label}`} className={css.row}>
            <dt>{label}</dt>
            <dd>
              <kbd className={css.key}>{keyLabel(keys)}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
