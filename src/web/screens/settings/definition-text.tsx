/** The text of a definition as people read it, how two of them differ, and who signed. */
import { Check } from "lucide-react";
import { useMemo } from "react";
import type { DefinitionText } from "../../../core/definitions/definition.ts";
import { differenceOf, type Line, linesOf, type Words } from "../../../core/definitions/difference.ts";
import { conditionWords } from "../../parts/filter-words.ts";
import { useStages, When } from "../../parts/lead-parts.tsx";
import { useFilterFields } from "./condition.tsx";
import css from "./definitions.module.css";
import type { Definition } from "./definitions-section.tsx";

const PARTS: readonly { readonly part: Line["part"]; readonly label: string; readonly none: string }[] = [
  { part: "label", label: "Called", none: "" },
  { part: "meaning", label: "What it means", none: "Not said." },
  { part: "owner", label: "Who answers for it", none: "Not said." },
  { part: "criteria", label: "What it asks", none: "" },
  { part: "answers", label: "Must be known", none: "Nothing beside." },
  { part: "exits", label: "Ways out", none: "None named." },
];

export function useWords(): Words {
  const fields = useFilterFields();
  const stages = useStages();
  return useMemo(
    () => ({
      condition: (condition) => {
        const { label, op, value } = conditionWords(condition, fields);
        return [label, op, value].filter((word) => word !== "").join(" ");
      },
      field: (name) => fields.find(({ field }) => field === name)?.label ?? name,
      stage: (id) => stages.find((stage) => stage.id === id)?.label ?? id,
    }),
    [fields, stages],
  );
}

export function DefinitionTextView({ text }: { readonly text: DefinitionText }) {
  const words = useWords();
  const lines = linesOf(text, words);
  return (
    <dl className={css.text}>
      {PARTS.map(({ part, label, none }) => {
        const mine = lines.filter((line) => line.part === part);
        return (
          <div key={part}>
            <dt>{label}</dt>
            <dd>{mine.length === 0 ? <span className="mut">{none}</span> : mine.map((line, i) => <Written key={i} text={line.text} />)}</dd>
          </div>
        );
      })}
    </dl>
  );
}

/** Groups of conditions stand in by two spaces a level. */
function Written({ text }: { readonly text: string }) {
  const depth = (text.length - text.trimStart().length) / 2;
  return (
    <span className={css.line} style={{ paddingLeft: depth * 16 }}>
      {text.trimStart()}
    </span>
  );
}

const SIGNS = { added: "+", removed: "−", same: "" } as const;
const SAID = { added: "New: ", removed: "No longer: ", same: "" } as const;

/** What `to` says otherwise than `from`; every line of a part that changed, so that one reads it in its place. */
export function Difference({ from, to }: { readonly from: DefinitionText | null; readonly to: DefinitionText }) {
  const words = useWords();
  const lines = differenceOf(from === null ? [] : linesOf(from, words), linesOf(to, words));
  const changed = PARTS.filter(({ part }) => lines.some((line) => line.part === part && line.change !== "same"));
  if (changed.length === 0) return <p className="mut">They say the same.</p>;
  return (
    <dl className={css.text}>
      {changed.map(({ part, label }) => (
        <div key={part}>
          <dt>{label}</dt>
          <dd>
            {lines
              .filter((line) => line.part === part)
              .map(({ change, text }, i) => (
                <span key={i} className={css.changed} data-change={change}>
                  <b aria-hidden>{SIGNS[change]}</b>
                  <span className="out">{SAID[change]}</span>
                  <Written text={text} />
                </span>
              ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

type Signature = NonNullable<Definition["draft"]>["signatures"][number];
const SIDES = { marketing: "Marketing", sales: "Sales" } as const;

/** Both sides, signed or not. */
export function Signatures({ signatures, none }: { readonly signatures: readonly Signature[]; readonly none?: string }) {
  if (signatures.length === 0 && none !== undefined) return <p className="mut">{none}</p>;
  return (
    <div className={css.signatures} role="group" aria-label="Signatures">
      {(["marketing", "sales"] as const).map((side) => {
        const given = signatures.find((one) => one.side === side);
        return (
          <div key={side} className={css.signature} data-signed={given?.holds === true ? "" : undefined}>
            <small>For {SIDES[side].toLowerCase()}</small>
            {given === undefined ? (
              <span className="mut">Not signed yet</span>
            ) : (
              <>
                <strong>
                  {given.holds && <Check size={14} aria-hidden />} {given.by.name}
                </strong>
                <span className="mut">{given.holds ? <When at={given.at} /> : "Does not count any more: inactive, or no signer."}</span>
              </>
            )}
          </div>
        );
      })}
    </div>
  );
}
