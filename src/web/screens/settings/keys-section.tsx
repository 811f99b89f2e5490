/** API keys: who may call, and what for. The secret is shown once. */
import { Button, Checkbox, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import { call, type Out } from "../../api/call.ts";
import { refresh, useRead } from "../../api/query.ts";
import { toast } from "../../app/toasts.tsx";
import { useKeys } from "../../keys/keys.ts";
import { Confirm } from "../../parts/confirm.tsx";
import { DateField, PersonPicker } from "../../parts/fields.tsx";
import { FormBody, useForm } from "../../parts/form.tsx";
import { When } from "../../parts/lead-parts.tsx";
import { EmptyState, Loaded } from "../../parts/states.tsx";
import tableCss from "../../parts/table.module.css";
import { HandOver, Section } from "./section.tsx";
import css from "./settings.module.css";

type Key = Out<"listApiKeys">["items"][number];

const SCOPES = [
  { value: "read", label: "Read", does: "leads, companies, reports" },
  { value: "write", label: "Write", does: "capture and change leads, complete next steps" },
  { value: "admin", label: "Administer", does: "users, configuration, keys" },
] as const;
type Scope = (typeof SCOPES)[number]["value"];

export function KeysSection() {
  const keys = useRead("listApiKeys");
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<{ readonly name: string; readonly key: string } | null>(null);
  const [revoking, setRevoking] = useState<Key | null>(null);
  useKeys([{ keys: "n", label: "New API key", scope: "This screen", command: true, run: () => setMaking(true) }]);
  const add = (
    <Button variant="filled" onClick={() => setMaking(true)} aria-keyshortcuts="n">
      New key
    </Button>
  );
  return (
    <Section
      wide
      title="API keys"
      about={
        <>
          For websites, scripts and other houses. A key of a user may what the user may, at most, and stops when he is deactivated. What there is to call stands
          in the{" "}
          <a href="/docs" target="_blank" rel="noreferrer">
            API reference
          </a>
          .
        </>
      }
      actions={add}
    >
      <Loaded from={keys}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No keys yet" actions={add}>
              Make one for your website’s form: the scope Write is all it needs.
            </EmptyState>
          ) : (
            <table className={`${tableCss.plain} ${css.stack}`}>
              <thead>
                <tr>
                  <th>Name</th>
                  <th>May</th>
                  <th>Belongs to</th>
                  <th>Made</th>
                  <th>Last used</th>
                  <th>
                    <span className="out">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {items
                  .toSorted((a, b) => Number(a.revokedAt !== null) - Number(b.revokedAt !== null))
                  .map((key) => (
                    <KeyRow key={key.id} apiKey={key} onRevoke={() => setRevoking(key)} />
                  ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
      {making && (
        <NewKey
          onClose={() => setMaking(false)}
          onDone={(name, key) => {
            setMaking(false);
            if (key !== null) setMade({ name, key });
          }}
        />
      )}
      {made !== null && (
        <Modal opened onClose={() => setMade(null)} title={`Key “${made.name}”`} size={560} closeOnClickOutside={false}>
          <HandOver label="Key" value={made.key}>
            <p>
              Shown this once; Baton keeps only its fingerprint. Send it as <code>Authorization: Bearer …</code>
            </p>
          </HandOver>
          <div className={css.sectionActions} style={{ paddingTop: 16 }}>
            <Button onClick={() => setMade(null)}>I have it</Button>
          </div>
        </Modal>
      )}
      {revoking !== null && (
        <Confirm
          title={`Revoke “${revoking.name}”?`}
          verb="Revoke"
          onClose={() => setRevoking(null)}
          onConfirm={async () => {
            await call("revokeApiKey", { params: { id: revoking.id } });
            refresh("listApiKeys", "listAudit");
            toast({ text: `“${revoking.name}” is revoked` });
          }}
        >
          Whoever uses it is refused within a second. This cannot be undone; a new key can be made.
        </Confirm>
      )}
    </Section>
  );
}

function KeyRow({ apiKey, onRevoke }: { readonly apiKey: Key; readonly onRevoke: () => void }) {
  const { name, scopes, user, createdAt, lastUsedAt, expiresAt, revokedAt } = apiKey;
  const over = expiresAt !== null && Date.parse(expiresAt) < Date.now();
  return (
    <tr className={revokedAt === null && !over ? undefined : css.off}>
      <td>
        <b>{name}</b>
      </td>
      <td>{scopes.map((scope) => SCOPES.find(({ value }) => value === scope)?.label ?? scope).join(", ")}</td>
      <td>{user === null ? <span className="mut">the workspace</span> : user.name}</td>
      <td>
        <When at={createdAt} dateOnly />
      </td>
      <td>
        {revokedAt !== null ? (
          <span className={css.pill}>
            Revoked <When at={revokedAt} dateOnly />
          </span>
        ) : over ? (
          <span className={css.pill}>Expired</span>
        ) : (
          <>
            {lastUsedAt === null ? <span className="mut">never</span> : <When at={lastUsedAt} relative />}
            {expiresAt !== null && (
              <span className={css.sub}>
                until <When at={expiresAt} dateOnly />
              </span>
            )}
          </>
        )}
      </td>
      <td className={css.rowMenu}>
        {revokedAt === null && (
          <Button variant="subtle" color="red" onClick={onRevoke} aria-label={`Revoke ${name}`}>
            Revoke
          </Button>
        )}
      </td>
    </tr>
  );
}

function NewKey({ onClose, onDone }: { readonly onClose: () => void; readonly onDone: (name: string, key: string | null) => void }) {
  const form = useForm({
    op: "createApiKey",
    initial: { name: "", scopes: ["write"] as readonly Scope[], user: null as string | null, expiresAt: "" },
    input: ({ name, scopes, user, expiresAt }) => ({
      body: { name: name.trim(), scopes: [...scopes], user, expiresAt: expiresAt === "" ? null : `${expiresAt}T23:59:59Z` },
    }),
    check: ({ name, scopes }) => ({
      ...(name.trim() === "" ? { name: "Enter what it is for." } : {}),
      ...(scopes.length === 0 ? { scopes: "Choose at least one." } : {}),
    }),
    refreshes: ["listApiKeys", "listAudit"],
    onDone: ({ name, key }) => onDone(name, key),
  });
  const { scopes } = form.values;
  return (
    <Modal opened onClose={onClose} title="New API key" size={460} closeOnClickOutside={!form.dirty}>
      <FormBody form={form} submit="Make" cancel={onClose}>
        <TextInput label="Name" placeholder="Website form" data-autofocus {...form.text("name")} />
        <Checkbox.Group label="May" value={[...scopes]} error={form.errorOf("scopes")} onChange={(next) => form.set({ scopes: next as Scope[] })}>
          <div style={{ display: "grid", gap: 6, paddingTop: 4 }}>
            {SCOPES.map(({ value, label, does }) => (
              <Checkbox key={value} value={value} label={`${label}: ${does}`} />
            ))}
          </div>
        </Checkbox.Group>
        <PersonPicker label="Belongs to" placeholder="The workspace" clearable {...form.field("user")} />
        <DateField
          label="Good until the end of"
          description="Empty: until it is revoked"
          value={form.values.expiresAt}
          onChange={(expiresAt) => form.set({ expiresAt })}
          error={form.errorOf("expiresAt")}
        />
      </FormBody>
    </Modal>
  );
}
