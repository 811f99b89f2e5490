/** The scoring model: rules by section, what they can add up to, the thresholds. Changed in a draft, published with a note. */
import { ActionIcon, Button, NumberInput, TextInput } from "@mantine/core";
import { X } from "lucide-react";
import { useState } from "react";
import { useRead } from "../../api/query.ts";
import { toastProblem } from "../../app/toasts.tsx";
import { counted, formatNumber } from "../../format/format.ts";
import { useKeys } from "../../keys/keys.ts";
import { Loaded } from "../../parts/states.tsx";
import { useFilterFields } from "./condition.tsx";
import { DefinitionRow, HeatRow } from "./definitions.tsx";
import { setDraft, useDraft } from "./draft.ts";
import { type Config, publishWithUndo } from "./publish.ts";
import { RuleDialog } from "./rule-dialog.tsx";
import { changesOf, mostOfSection, pointsWords, type Rule, ruleWords, SECTION_WORDS, type SectionId } from "./scoring-words.ts";
import { ChangedBy, Part, Section } from "./section.tsx";
import css from "./settings.module.css";
import { WhatItTakes } from "./what-it-takes.tsx";

const SECTION_IDS = Object.keys(SECTION_WORDS) as readonly SectionId[];

export function ScoringSection() {
  const live = useRead("getConfig");
  return <Loaded from={live}>{({ number, config }) => <Body number={number} live={config} />}</Loaded>;
}

function Body({ number, live }: { readonly number: number; readonly live: Config }) {
  const draft = useDraft();
  const config = draft?.next ?? live;
  const base = draft?.base ?? live;
  const fields = useFilterFields();
  const signed = useRead("listDefinitions").data?.signing ?? false;
  const [open, setOpen] = useState<{ readonly rule: Rule | null; readonly section: SectionId } | null>(null);
  useKeys([{ keys: "n", label: "New scoring rule", scope: "This screen", command: true, run: () => setOpen({ rule: null, section: "fit" }) }]);
  const change = (next: Config): void => setDraft(changesOf(base, next).length === 0 ? null : { base, next });
  const model = (part: Partial<Config["model"]>): void => change({ ...config, model: { ...config.model, ...part } });
  const putRule = (rule: Rule, facets: Config["facets"]): void => {
    const at = config.model.rules.findIndex(({ id }) => id === rule.id);
    const rules = at === -1 ? [...config.model.rules, rule] : config.model.rules.with(at, rule);
    change({ ...config, facets, model: { ...config.model, rules } });
  };
  return (
    <Section
      wide
      title="Scoring"
      about={
        <>
          A score is the sum of the rules that fit a lead; each lead’s page shows which. You work on a draft: nothing changes until you publish, then every lead
          is scored anew in the background. Live is version {formatNumber(number)}, “{live.model.name}”.
        </>
      }
      actions={
        <Button variant="filled" onClick={() => setOpen({ rule: null, section: "fit" })} aria-keyshortcuts="n">
          New rule
        </Button>
      }
    >
      <ChangedBy action="config.published" part="model" />
      <Sums config={config} />
      {SECTION_IDS.map((section) => (
        <RuleTable
          key={section}
          section={section}
          config={config}
          words={(rule) => ruleWords(rule, fields, config.facets)}
          isNew={(rule) => base.model.rules.every((old) => old !== rule && JSON.stringify(old) !== JSON.stringify(rule))}
          onOpen={(rule) => setOpen({ rule, section })}
          onRemove={(rule) => model({ rules: config.model.rules.filter(({ id }) => id !== rule.id) })}
          onCap={(cap) => {
            const { [section]: _, ...others } = config.model.caps;
            model({ caps: cap === null ? others : { ...others, [section]: cap } });
          }}
        />
      ))}
      <Part title="Thresholds" about="What becomes of a score. A lead that meets a definition moves by itself where the stage is entered by definition.">
        {config.definitions.map((definition, i) => (
          <DefinitionRow
            key={definition.stage}
            definition={definition}
            signed={signed}
            stage={config.stages.find(({ id }) => id === definition.stage)}
            onChange={(criteria) => {
              const was = base.definitions.find(({ stage }) => stage === definition.stage)?.version ?? definition.version;
              change({ ...config, definitions: config.definitions.with(i, { ...definition, criteria, version: was + 1 }) });
            }}
          />
        ))}
        <HeatRow heat={config.model.heat} onChange={(heat) => model({ heat })} />
        <div className={css.three} style={{ maxWidth: 560, paddingTop: 12 }}>
          <NumberInput
            label="Floor"
            description="No score goes below"
            value={config.model.floor}
            onChange={(floor) => typeof floor === "number" && model({ floor })}
          />
          <NumberInput
            label="Ceiling"
            description="No score goes above"
            value={config.model.ceiling}
            onChange={(ceiling) => typeof ceiling === "number" && model({ ceiling })}
          />
          <TextInput
            label="Name of the model"
            description="Stands beside scores"
            value={config.model.name}
            onChange={(event) => model({ name: event.currentTarget.value })}
          />
        </div>
      </Part>
      <WhatItTakes config={live} fields={fields} />
      {draft !== null && <DraftBar base={draft.base} next={draft.next} />}
      {open !== null && (
        <RuleDialog
          rule={open.rule}
          section={open.section}
          config={config}
          onClose={() => setOpen(null)}
          onDone={(rule, facets) => {
            putRule(rule, facets);
            setOpen(null);
          }}
        />
      )}
    </Section>
  );
}

/** What each section can give at most, beside the others. */
function Sums({ config }: { readonly config: Config }) {
  const sums = SECTION_IDS.map((section) => ({ section, ...mostOfSection(config, section) }));
  const most = sums.reduce((total, one) => total + one.most, 0);
  const scale = Math.max(1, ...sums.map((one) => (Number.isFinite(one.most) ? one.most : 0)));
  const bounded = Math.min(most, config.model.ceiling);
  return (
    <Part title="What it can add up to">
      {sums.map(({ section, sum, cap, most: top }) => (
        <div className={css.sectionBar} key={section}>
          <span>{SECTION_WORDS[section].label}</span>
          <span className={css.bar} aria-hidden>
            <i style={{ width: `${(Math.min(top, scale) / scale) * 100}%`, background: SECTION_WORDS[section].tone }} />
          </span>
          <span className="num">
            up to <b>{Number.isFinite(top) ? formatNumber(top) : "any number"}</b>
            {cap !== null && sum > cap && <span className="mut"> of {Number.isFinite(sum) ? formatNumber(sum) : "∞"}, capped</span>}
          </span>
        </div>
      ))}
      <p className={css.effect}>
        Together at most {Number.isFinite(bounded) ? formatNumber(bounded) : "any number"}
        {most > config.model.ceiling && ` (the ceiling; the sections could give ${Number.isFinite(most) ? formatNumber(most) : "more"})`}.
      </p>
    </Part>
  );
}

function RuleTable({
  section,
  config,
  words,
  isNew,
  onOpen,
  onRemove,
  onCap,
}: {
  readonly section: SectionId;
  readonly config: Config;
  readonly words: (rule: Rule) => string;
  readonly isNew: (rule: Rule) => boolean;
  readonly onOpen: (rule: Rule | null) => void;
  readonly onRemove: (rule: Rule) => void;
  readonly onCap: (cap: number | null) => void;
}) {
  const { label, asks } = SECTION_WORDS[section];
  const rules = config.model.rules.filter((rule) => rule.section === section);
  return (
    <Part
      title={label}
      about={asks}
      actions={
        <>
          <label className={css.rowActions}>
            <span className="mut">Cap</span>
            <NumberInput
              w={84}
              hideControls
              placeholder="none"
              aria-label={`Cap of ${label}`}
              value={config.model.caps[section] ?? ""}
              onChange={(cap) => onCap(typeof cap === "number" ? cap : null)}
            />
          </label>
          <Button variant="subtle" onClick={() => onOpen(null)} aria-label={`Add a rule to ${label}`}>
            Add
          </Button>
        </>
      }
    >
      <div className={css.rows}>
        {rules.map((rule) => (
          <div className={css.row} key={rule.id}>
            <div className={css.rowText}>
              <button type="button" className={css.open} onClick={() => onOpen(rule)}>
                {rule.label}{" "}
                {isNew(rule) && (
                  <span className={css.pill} data-tone="good">
                    draft
                  </span>
                )}
              </button>
              <span className={css.sub}>{words(rule)}</span>
            </div>
            <div className={css.rowActions}>
              <span className={`${css.points} ${pointsWords(rule).startsWith("−") ? css.minus : ""}`}>{pointsWords(rule)}</span>
              <ActionIcon aria-label={`Remove ${rule.label}`} onClick={() => onRemove(rule)}>
                <X size={14} />
              </ActionIcon>
            </div>
          </div>
        ))}
        {rules.length === 0 && <p className={css.none}>No rules: this section gives nothing.</p>}
      </div>
    </Part>
  );
}

function DraftBar({ base, next }: { readonly base: Config; readonly next: Config }) {
  const [why, setWhy] = useState("");
  const [busy, setBusy] = useState(false);
  const changes = changesOf(base, next);
  const publish = async (): Promise<void> => {
    setBusy(true);
    try {
      await publishWithUndo(base, next, "Scoring published; leads are scored anew", why);
      setDraft(null);
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className={css.draft}
      aria-label="Draft"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void publish();
      }}
    >
      <ul>
        {changes.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <b role="status">{counted(changes.length, "change")} in the draft</b>
      <span className={css.spring} />
      <TextInput
        aria-label="Why (for the audit)"
        placeholder="Why? Stands in the audit"
        maxLength={500}
        value={why}
        onChange={(event) => setWhy(event.currentTarget.value)}
      />
      <Button variant="subtle" onClick={() => setDraft(null)}>
        Discard
      </Button>
      <Button type="submit" variant="filled" loading={busy}>
        Publish
      </Button>
    </form>
  );
}
