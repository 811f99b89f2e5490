/** What a text would do: who enters by himself, and who stands in the stage without meeting it. Reckoned by the server as it would be done. */
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { asksOf, type DefinitionText } from "../../../core/definitions/definition.ts";
import type { Filter } from "../../../core/filter/filter.ts";
import type { Out } from "../../api/call.ts";
import { call } from "../../api/call.ts";
import { wordsOf } from "../../app/toasts.tsx";
import { counted, formatNumber } from "../../format/format.ts";
import { StageTag, useStages } from "../../parts/lead-parts.tsx";
import css from "./definitions.module.css";
import type { Definition } from "./definitions-section.tsx";

export type Effect = Out<"previewDefinition">;

export function useEffectOf(stage: string, text: DefinitionText) {
  const [settled] = useDebouncedValue(text, 350);
  return useQuery({
    queryKey: ["previewDefinition", { stage, text: settled }],
    queryFn: ({ signal }) => call("previewDefinition", { params: { stage }, body: { text: settled as never }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    retry: false,
  });
}

export function EffectPanel({ definition, text }: { readonly definition: Definition; readonly text: DefinitionText }) {
  const effect = useEffectOf(definition.stage, text);
  const stages = useStages();
  const { data, error, isFetching } = effect;
  if (data === undefined)
    return (
      <p className={error === null ? "mut" : css.wrong} role="status">
        {error === null ? "Reckoning who meets it…" : wordsOf(error)}
      </p>
    );
  const main = stages.filter(({ line }) => line === "main").map(({ id }) => id);
  const before: Filter = { field: "stage", op: "in", value: main.slice(0, Math.max(0, main.indexOf(definition.stage))) };
  const here: Filter = { field: "stage", op: "eq", value: definition.stage };
  const about = data.exact ? "" : "about ";
  return (
    <div className={css.effect} aria-live="polite" aria-busy={isFetching} data-old={error === null ? undefined : ""}>
      {error !== null && <p className={css.wrong}>{wordsOf(error)}</p>}
      {definition.moves && (
        <Group
          part={data.entering}
          sentence={
            data.entering.count === 0
              ? "Nobody would enter by himself."
              : `${capital(about)}${counted(data.entering.count, "lead")} would enter ${text.label} by ${data.entering.count === 1 ? "itself" : "themselves"}.`
          }
          filter={{ and: [before, asksOf(text)] }}
          open="All who stand before it and meet it"
        />
      )}
      <Group
        part={data.staying}
        sentence={
          data.inStage === 0
            ? "Nobody stands there now."
            : data.staying.count === 0
              ? `All ${about}${formatNumber(data.inStage)} who stand there meet it.`
              : `${capital(about)}${formatNumber(data.staying.count)} of the ${formatNumber(data.inStage)} who stand there do not meet it. They stay: nobody is moved out.`
        }
        filter={{ and: [here, { not: asksOf(text) }] }}
        open="All of them in Leads"
      />
      {!data.exact && <p className="mut">Reckoned from {formatNumber(data.looked)} leads taken by chance.</p>}
    </div>
  );
}

function capital(word: string): string {
  return word === "" ? "" : `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

function Group({
  part,
  sentence,
  filter,
  open,
}: {
  readonly part: Effect["entering"];
  readonly sentence: string;
  readonly filter: Filter;
  readonly open: string;
}) {
  const [all, setAll] = useState(false);
  const shown = all ? part.leads : part.leads.slice(0, 5);
  return (
    <div>
      <p className={css.sentence}>{sentence}</p>
      {part.count > 0 && part.leads.length === 0 && <p className="mut">None of them is in your sight.</p>}
      {part.leads.length > 0 && (
        <>
          <ul className={css.named}>
            {shown.map(({ id, name, company, stage, score }) => (
              <li key={id}>
                <Link to="/leads/$leadId" params={{ leadId: id }} search={{}} className="cut">
                  {name}
                </Link>
                <span className="mut cut">{company ?? ""}</span>
                <StageTag stage={stage} />
                <span className="num">{formatNumber(Math.round(score))}</span>
              </li>
            ))}
          </ul>
          <p className={css.more}>
            {part.leads.length > shown.length && (
              <button type="button" onClick={() => setAll(true)}>
                Show {formatNumber(part.leads.length)}
              </button>
            )}
            <Link to="/leads" search={{ filter }}>
              {open}
            </Link>
          </p>
        </>
      )}
    </div>
  );
}
