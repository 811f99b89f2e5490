/** Definitions: what each stage asks, as marketing and sales have signed it. A list of stages; one of them at `?stage=`. */
import { getRouteApi, Link } from "@tanstack/react-router";
import type { Out } from "../../api/call.ts";
import { useRead } from "../../api/query.ts";
import { counted } from "../../format/format.ts";
import { StageTag, When } from "../../parts/lead-parts.tsx";
import { Loaded } from "../../parts/states.tsx";
import { DefinitionView } from "./definition-view.tsx";
import css from "./definitions.module.css";
import { Part, Section } from "./section.tsx";
import own from "./settings.module.css";

export type Definition = Out<"getDefinition">;

const route = getRouteApi("/shell/settings/$section");

export function DefinitionsSection() {
  const { stage, show } = route.useSearch();
  const list = useRead("listDefinitions");
  return stage === undefined ? <Loaded from={list}>{(data) => <Overview data={data} />}</Loaded> : <DefinitionView key={stage} stage={stage} show={show} />;
}

function Overview({ data: { signing, signers, items } }: { readonly data: Out<"listDefinitions"> }) {
  const mine = items.filter((one) => one.mine.length > 0);
  const names = (side: keyof typeof signers): string => signers[side].map(({ name }) => name).join(", ") || "nobody yet";
  return (
    <Section
      wide
      title="Definitions"
      about={
        <>
          What a lead must be to stand at a stage, in words and in conditions that the house executes. A change is drafted, compared with what is in force, and
          signed by one person for marketing and another for sales; then leads are held against it.
        </>
      }
    >
      <div className={own.note} data-tone={signing ? undefined : "quiet"}>
        <span>
          {signing
            ? "Definitions change by two signatures."
            : "Until there is an active signer for marketing and another for sales, definitions may also be changed under Scoring."}{" "}
          <span className="mut">
            Marketing: {names("marketing")}. Sales: {names("sales")}.
          </span>
        </span>
        {!signing && (
          <Link to="/settings/$section" params={{ section: "users" }}>
            Choose signers
          </Link>
        )}
      </div>
      {mine.length > 0 && (
        <p className={css.waiting} role="status">
          {counted(mine.length, "definition")} {mine.length === 1 ? "waits" : "wait"} for your signature: {mine.map(({ label }) => label).join(", ")}.
        </p>
      )}
      {(["main", "exit"] as const).map((line) => (
        <Part key={line} title={line === "main" ? "Main line" : "Exits"}>
          <ul className={own.rows}>
            {items
              .filter((one) => one.line === line)
              .map((one) => (
                <li className={css.stage} key={one.stage}>
                  <Link to="/settings/$section" params={{ section: "definitions" }} search={{ stage: one.stage }} className={css.name}>
                    <StageTag stage={one.stage} long />
                  </Link>
                  <span className={css.live}>
                    <Live definition={one} />
                  </span>
                  <span className={css.draft}>
                    <Waiting definition={one} />
                  </span>
                </li>
              ))}
          </ul>
        </Part>
      ))}
    </Section>
  );
}

function Live({ definition: { live } }: { readonly definition: Definition }) {
  if (live === null) return <span className="mut">Not defined</span>;
  return (
    <>
      Version {live.version}
      <span className="mut">
        {live.signatures.length === 0 ? ", without signatures" : `, signed by ${live.signatures.map(({ by }) => by.name).join(" and ")}`}
        {live.at !== null && (
          <>
            , <When at={live.at} dateOnly />
          </>
        )}
      </span>
    </>
  );
}

function Waiting({ definition: { stage, draft, mine } }: { readonly definition: Definition }) {
  if (draft === null) return null;
  const words = !draft.asked
    ? "Draft, being written"
    : draft.stale
      ? "Draft, to be looked at again"
      : mine.length > 0
        ? "Waits for you"
        : `Waits for ${draft.missing.join(" and ")}`;
  return (
    <Link
      to="/settings/$section"
      params={{ section: "definitions" }}
      search={{ stage, show: "draft" }}
      className={own.pill}
      data-tone={mine.length > 0 ? "good" : undefined}
    >
      {words}
    </Link>
  );
}
