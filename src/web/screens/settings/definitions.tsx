/** The thresholds of the scoring model: when a stage is reached by definition, and when a lead is hot or warm. */
import { NumberInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Filter } from "../../../core/filter/filter.ts";
import { ConditionField } from "./condition.tsx";
import type { Config } from "./publish.ts";
import css from "./settings.module.css";

type Definition = Config["definitions"][number];

/** The one score a definition asks for, when it is as simple as that. */
export function thresholdOf(criteria: Filter): number | null {
  return "field" in criteria && criteria.field === "score" && criteria.op === "gte" && typeof criteria.value === "number" ? criteria.value : null;
}

export function DefinitionRow({
  definition: { version, criteria },
  stage,
  signed,
  onChange,
}: {
  readonly definition: Definition;
  readonly stage: Config["stages"][number] | undefined;
  /** It changes by signatures, elsewhere. */
  readonly signed: boolean;
  readonly onChange: (criteria: Filter) => void;
}) {
  const label = stage?.label ?? "?";
  const threshold = thresholdOf(criteria);
  return (
    <div className={css.setting}>
      <div className={css.words}>
        <div className={css.label}>
          {label} <span className="mut">definition, version {version}</span>
        </div>
        <div className={css.effect}>
          {stage?.entry === "definition" ? "A lead that meets it moves here by itself." : "Recorded when a lead meets it; it moves nobody."} Default: a score of
          50 or more.
        </div>
      </div>
      <div className={css.control}>
        {signed ? (
          <Link to="/settings/$section" params={{ section: "definitions" }} search={{ stage: stage?.id }}>
            {label}: draft a change, to be signed
          </Link>
        ) : (
          <Conditions label={label} threshold={threshold} criteria={criteria} onChange={onChange} />
        )}
      </div>
    </div>
  );
}

function Conditions({
  label,
  threshold,
  criteria,
  onChange,
}: {
  readonly label: string;
  readonly threshold: number | null;
  readonly criteria: Filter;
  readonly onChange: (criteria: Filter) => void;
}) {
  return (
    <>
      {threshold !== null && (
        <NumberInput
          label="Score of at least"
          value={threshold}
          onChange={(value) => typeof value === "number" && onChange({ field: "score", op: "gte", value })}
        />
      )}
      <ConditionField label={`What ${label} asks`} value={criteria} everything="Everything" onChange={(next) => onChange(next ?? { and: [] })} />
    </>
  );
}

type Heat = Config["model"]["heat"];

export function HeatRow({ heat, onChange }: { readonly heat: Heat; readonly onChange: (heat: Heat) => void }) {
  const bounds = [
    { key: "hot", label: "Hot" },
    { key: "warm", label: "Warm" },
  ] as const;
  return (
    <>
      {bounds.map(({ key, label }) => (
        <div className={css.setting} key={key}>
          <div className={css.words}>
            <div className={css.label}>{label}</div>
            <div className={css.effect}>
              A lead is {key} with at least so much engagement and a touch within so many days. Default:{" "}
              {key === "hot" ? "30 within 7 days" : "10 within 30 days"}.
            </div>
          </div>
          <div className={css.two}>
            <NumberInput
              label="Engagement"
              aria-label={`${label}: engagement of at least`}
              value={heat[key].engagement}
              onChange={(engagement) => typeof engagement === "number" && onChange({ ...heat, [key]: { ...heat[key], engagement } })}
            />
            <NumberInput
              label="Days"
              aria-label={`${label}: touched within days`}
              min={1}
              max={400}
              value={heat[key].withinDays}
              onChange={(withinDays) => typeof withinDays === "number" && onChange({ ...heat, [key]: { ...heat[key], withinDays } })}
            />
          </div>
        </div>
      ))}
    </>
  );
}
