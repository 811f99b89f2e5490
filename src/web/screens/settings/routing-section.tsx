/** Routing: ordered rules, the first that fits takes the lead; who answers for what none takes. */
import { ActionIcon, Button, Checkbox, Modal, NativeSelect, TextInput } from "@mantine/core";
import { X } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { Filter } from "../../../core/filter/filter.ts";
import { useRead } from "../../api/query.ts";
import { toastProblem, wordsOf } from "../../app/toasts.tsx";
import { useKeys } from "../../keys/keys.ts";
import { PersonPicker } from "../../parts/fields.tsx";
import { EmptyState, Loaded } from "../../parts/states.tsx";
import { ConditionField, freshId, useFilterFields } from "./condition.tsx";
import { moved } from "./move.tsx";
import { OrderedRows } from "./ordered-rows.tsx";
import { type Config, publishWithUndo } from "./publish.ts";
import { briefWords } from "./scoring-words.ts";
import { ChangedBy, Part, Section, Setting, TextSetting } from "./section.tsx";
import css from "./settings.module.css";

type Rule = Config["routing"]["rules"][number];

export function RoutingSection() {
  return <Loaded from={useRead("getConfig")}>{({ config }) => <Body config={config} />}</Loaded>;
}

function Body({ config }: { readonly config: Config }) {
  const { routing, teams, stages } = config;
  const { rules, fallback, at } = routing;
  const fields = useFilterFields();
  const [open, setOpen] = useState<Rule | "new" | null>(null);
  useKeys([{ keys: "n", label: "New routing rule", scope: "This screen", command: true, run: () => setOpen("new") }]);
  const save = (next: Partial<Config["routing"]>, done: string): Promise<void> =>
    publishWithUndo(config, { ...config, routing: { ...routing, ...next } }, done);
  const put = (next: Partial<Config["routing"]>, done: string): void => void save(next, done).catch(toastProblem);
  const after = rules.findIndex(({ when }) => when === null);
  const add = (
    <Button variant="filled" onClick={() => setOpen("new")} aria-keyshortcuts="n" disabled={teams.length === 0}>
      New rule
    </Button>
  );
  return (
    <Section
      title="Routing"
      about="When a lead reaches one of these stages and nobody owns it, the first rule that fits gives it to its team, whose active members take turns. The lead’s page says which rule it was."
      actions={add}
    >
      {rules.length === 0 ? (
        <EmptyState title="No rules yet" actions={add}>
          {teams.length === 0 ? "Make a team first (Settings, Teams)." : "Every lead goes to the fallback queue until there is one."}
        </EmptyState>
      ) : (
        <OrderedRows
          label="Routing rules, asked from the first to the last"
          items={rules}
          idOf={({ id }) => id}
          nameOf={(rule) => rule.label}
          onMove={(from, by) =>
            save({ rules: [...moved(rules, from, by)] }, `“${rules[from]?.label}” is rule ${from + by + 1} of ${rules.length}`).catch(toastProblem)
          }
          row={(rule, i) => (
            <>
              <button type="button" className={css.open} onClick={() => setOpen(rule)}>
                {i + 1}. {rule.label}
              </button>
              <span className={css.sub}>
                {rule.when === null ? "Every lead" : briefWords(rule.when, fields)} → <b>{teams.find(({ id }) => id === rule.team)?.name ?? rule.team}</b>
                {after !== -1 && i > after && " · never asked: a rule above takes every lead"}
              </span>
            </>
          )}
          acts={(rule) => (
            <ActionIcon aria-label={`Remove ${rule.label}`} onClick={() => put({ rules: rules.filter(({ id }) => id !== rule.id) }, `“${rule.label}” removed`)}>
              <X size={14} />
            </ActionIcon>
          )}
        />
      )}
      <Part title="What no rule takes">
        <Setting label="Queue" effect="What the place is called where such leads wait." standard="Unassigned">
          {(ids) => (
            <TextSetting
              ids={ids}
              value={fallback.queue}
              required
              onSave={(queue) => save({ fallback: { ...fallback, queue } }, `The queue is “${queue}” now`)}
            />
          )}
        </Setting>
        <Setting label="Who answers for it" effect="Sees to it that nobody waits there." standard="who set the house up">
          {(ids) => (
            <PersonPicker
              {...ids}
              clearable
              placeholder="Nobody"
              value={fallback.responsible}
              onChange={(responsible) => put({ fallback: { ...fallback, responsible } }, "Who answers for the fallback queue changed")}
            />
          )}
        </Setting>
        <Setting label="When leads are routed" effect="On entering these stages, while they have no owner." standard="Marketing qualified">
          {(ids) => (
            <div role="group" {...ids}>
              {stages
                .filter(({ line, id }) => line === "main" && ["inquiry", "mql", "sal", "sql"].includes(id))
                .map(({ id, label }) => (
                  <Checkbox
                    key={id}
                    py={4}
                    label={label}
                    checked={at.includes(id)}
                    onChange={(event) =>
                      put({ at: event.currentTarget.checked ? [...at, id] : at.filter((one) => one !== id) }, "When leads are routed changed")
                    }
                  />
                ))}
            </div>
          )}
        </Setting>
      </Part>
      <ChangedBy action="config.published" part="routing" />
      {open !== null && (
        <RuleDialog
          rule={open === "new" ? null : open}
          config={config}
          onClose={() => setOpen(null)}
          onSave={async (rule) => {
            const i = rules.findIndex(({ id }) => id === rule.id);
            // A new one goes before the rule that takes everybody, else it would never be asked.
            const place = after === -1 || rule.when === null ? rules.length : after;
            const next = i === -1 ? [...rules.slice(0, place), rule, ...rules.slice(place)] : rules.with(i, rule);
            await save({ rules: next }, i === -1 ? `“${rule.label}” added` : `“${rule.label}” changed`);
          }}
        />
      )}
    </Section>
  );
}

function RuleDialog({
  rule,
  config,
  onClose,
  onSave,
}: {
  readonly rule: Rule | null;
  readonly config: Config;
  readonly onClose: () => void;
  readonly onSave: (rule: Rule) => Promise<void>;
}) {
  const [label, setLabel] = useState(rule?.label ?? "");
  const [when, setWhen] = useState<Filter | null>(rule?.when ?? null);
  const [team, setTeam] = useState(rule?.team ?? config.teams[0]?.id ?? "");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (label.trim() === "") return setError("Give it a name: it stands in the reason for an owner.");
    setBusy(true);
    try {
      const id =
        rule?.id ??
        freshId(
          label,
          config.routing.rules.map((one) => one.id),
        );
      await onSave({ id, label: label.trim(), when, team });
      onClose();
    } catch (problem) {
      setError(wordsOf(problem));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={rule?.label ?? "New rule"} size={520} closeOnClickOutside={false}>
      <form className={css.formRow} onSubmit={(event) => void submit(event)} noValidate>
        <TextInput label="Name" placeholder="Nordics to Team North" data-autofocus value={label} onChange={(event) => setLabel(event.currentTarget.value)} />
        <ConditionField label="When" value={when} everything="Every lead" onChange={setWhen} />
        <NativeSelect
          label="Goes to"
          value={team}
          data={config.teams.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(event) => setTeam(event.currentTarget.value)}
        />
        {error !== null && (
          <p className={css.alert} role="alert">
            {error}
          </p>
        )}
        <div className={css.sectionActions}>
          <Button variant="subtle" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="filled" loading={busy}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  );
}
