/** Where each column goes: what it holds, what is proposed and why, and the choice. */
import { Select } from "@mantine/core";
import { useMemo, useState } from "react";
import type { Out } from "../../api/call.ts";
import { toast } from "../../app/toasts.tsx";
import { formatNumber, formatPercent } from "../../format/format.ts";
import { WhyPopover } from "../../parts/why.tsx";
import css from "./import.module.css";
import { NewFieldEditor } from "./new-field.tsx";
import { fieldFor, type Group, groupsOf, NEW_FIELD, newFieldOf, retarget, targetLabel } from "./targets.ts";
import type { Column, Draft, Settings } from "./use-draft.ts";

type FieldDef = Out<"getConfig">["config"]["fields"][number];

/** Columns that are shown before one asks for more. */
const MANY = 60;

export function Mapping({ draft, fields }: { readonly draft: Draft; readonly fields: readonly FieldDef[] }) {
  const { settings, survey, edit } = draft;
  const [most, setMost] = useState(MANY);
  const groups = useMemo(() => groupsOf(fields, settings, survey.columns), [fields, settings, survey.columns]);
  const targets = useMemo(() => new Map(settings.columns.map(({ index, target }) => [index, target])), [settings.columns]);
  const used = [...targets.values()].filter((target) => target !== null).length;

  const choose = (column: Column, picked: string | null): void => {
    const made = picked === NEW_FIELD ? fieldFor(column, settings, fields) : null;
    const target = made === null ? picked : `fields.${made.key}`;
    const before: Partial<Settings> = { columns: settings.columns, newFields: settings.newFields };
    const { change, loser } = retarget(settings, column.index, target);
    const needed = made ?? (column.proposal.target === target ? column.proposal.newField : null);
    const has = needed === null || [...settings.newFields, ...fields].some(({ key }) => key === needed.key);
    edit({ ...change, ...(has ? {} : { newFields: [...settings.newFields, needed] }) });
    if (loser !== null && target !== null) {
      const other = survey.columns.find(({ index }) => index === loser)?.name ?? `column ${loser + 1}`;
      toast({ text: `${targetLabel(target, fields)} now comes from “${column.name}”, no more from “${other}”`, undo: async () => edit(before) });
    }
  };

  return (
    <section aria-labelledby="mapping" className={css.part}>
      <header className={css.partHead}>
        <h2 id="mapping">Columns</h2>
        <span className="mut">
          {formatNumber(used)} of {formatNumber(survey.columns.length)} imported
        </span>
      </header>
      <ul className={css.columns}>
        {survey.columns.slice(0, most).map((column) => (
          <ColumnLine
            key={column.index}
            column={column}
            target={targets.get(column.index) ?? null}
            groups={groups}
            draft={draft}
            fields={fields}
            onChoose={choose}
          />
        ))}
      </ul>
      {survey.columns.length > most && (
        <button type="button" className={css.more} onClick={() => setMost(most + 200)}>
          Show more columns
        </button>
      )}
    </section>
  );
}

type LineProps = {
  readonly column: Column;
  readonly target: string | null;
  readonly groups: Group[];
  readonly draft: Draft;
  readonly fields: readonly FieldDef[];
  readonly onChoose: (column: Column, target: string | null) => void;
};

function ColumnLine({ column, target, groups, draft, fields, onChoose }: LineProps) {
  const { index, name, samples, filled, distinct, proposal } = column;
  const fresh = newFieldOf(target, draft.settings, fields);
  const asProposed = target === proposal.target;
  const unsure = asProposed && target !== null && proposal.confidence < 0.7 && fresh === null;
  const label = name.trim() === "" ? `Column ${index + 1}` : name;
  return (
    <li className={css.column} data-out={target === null || undefined}>
      <div className={css.holds}>
        <span className={css.name} title={label}>
          {label}
        </span>
        <span className={css.samples} title={samples.join("\n")}>
          {samples.length === 0 ? "empty" : samples.slice(0, 3).join(" · ")}
        </span>
      </div>
      <div className={css.goes}>
        <Select
          aria-label={`Where “${label}” goes`}
          data={groups}
          value={target}
          onChange={(picked) => onChoose(column, picked)}
          searchable
          clearable
          selectFirstOptionOnChange
          onFocus={(event) => event.currentTarget.select()}
          onClick={(event) => event.currentTarget.select()}
          placeholder="Not imported"
          nothingFoundMessage="Nothing of that name"
          withScrollArea={false}
          classNames={{ options: css.targets ?? "" }}
          clearButtonProps={{ "aria-label": `Do not import “${label}”` }}
        />
        {fresh !== null && <NewFieldEditor field={fresh} draft={draft} />}
      </div>
      <div className={css.reason}>
        {target === null && !asProposed ? (
          <span className="mut">Left out by you</span>
        ) : asProposed ? (
          <span data-unsure={unsure || undefined}>{unsure ? "Please check" : target === null ? "Left out" : `${formatPercent(proposal.confidence)} sure`}</span>
        ) : (
          <span className="mut">Chosen by you</span>
        )}
        <WhyPopover of={`target of ${label}`} title={label}>
          <p>{proposal.reason}</p>
          {!asProposed && (
            <p className="mut">
              Proposed was {proposal.target === null ? "to leave it out" : targetLabel(proposal.target, [...fields, ...draft.settings.newFields])}.
            </p>
          )}
          <p className="mut">
            {formatPercent(filled)} of the rows looked at have a value, {formatNumber(distinct)} different.
          </p>
        </WhyPopover>
      </div>
    </li>
  );
}
