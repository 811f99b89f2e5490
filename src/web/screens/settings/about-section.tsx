/** About this house: its version, how it is backed up, where the reference is. */
import { useQuery } from "@tanstack/react-query";
import type { z } from "zod";
import type { healthz } from "../../../contracts/house.ts";
import { useRead } from "../../api/query.ts";
import { useCan } from "../../app/session.tsx";
import { formatNumber } from "../../format/format.ts";
import { Loaded } from "../../parts/states.tsx";
import { Part, Section } from "./section.tsx";
import css from "./settings.module.css";

export function AboutSection() {
  const can = useCan();
  const config = useRead("getConfig").data;
  const house = useQuery({ queryKey: ["healthz"], queryFn: askHouse, staleTime: 60_000 });
  return (
    <Section title="About" about="Baton is open source under the Apache License 2.0. Nothing you keep here leaves this house unless you send it.">
      <Loaded from={house}>
        {({ version, commit }) => (
          <dl className={css.facts}>
            <dt>Version</dt>
            <dd>
              {version}
              {commit !== null && <span className="mut"> · {commit.slice(0, 10)}</span>}
            </dd>
            {config !== undefined && (
              <>
                <dt>Configuration</dt>
                <dd>
                  version {formatNumber(config.number)} <a href="/api/v1/config">as JSON</a>
                </dd>
              </>
            )}
            <dt>API</dt>
            <dd>
              <a href="/docs" target="_blank" rel="noreferrer">
                Reference
              </a>{" "}
              · <a href="/openapi.json">OpenAPI</a>
            </dd>
          </dl>
        )}
      </Loaded>
      {can("workspace.manage") && (
        <Part
          title="Backup and restore"
          about="One file holds everything: leads, history, people, configuration. Write it while Baton runs, and keep it somewhere else. Restoring checks the file first, and pauses mail, so that an old queue is not sent once more."
        >
          <p className={css.effect}>On the machine where Baton runs:</p>
          <pre
            className={css.pre}
          >{`npm run baton -- backup /safe/place/baton-$(date +%F).backup\nnpm run baton -- restore /safe/place/baton-2026-11-22.backup\nnpm run baton -- doctor`}</pre>
        </Part>
      )}
    </Section>
  );
}

type House = z.output<(typeof healthz)["replies"][200]["body"]>;

/** What is open to everybody stands outside of the API. */
async function askHouse(): Promise<House> {
  const response = await fetch("/healthz");
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return (await response.json()) as House;
}
