/** The reading room: every version there was, who signed it and when, and any two side by side. */
import { NativeSelect } from "@mantine/core";
import { useState } from "react";
import type { Out } from "../../api/call.ts";
import { useRead } from "../../api/query.ts";
import { When } from "../../parts/lead-parts.tsx";
import { EmptyState, Loaded } from "../../parts/states.tsx";
import { DefinitionTextView, Difference, Signatures } from "./definition-text.tsx";
import css from "./definitions.module.css";
import type { Definition } from "./definitions-section.tsx";
import { Part } from "./section.tsx";

type Version = Out<"listDefinitionVersions">["items"][number];

export function DefinitionVersions({ definition: { stage } }: { readonly definition: Definition }) {
  const from = useRead("listDefinitionVersions", { params: { stage } });
  return (
    <Loaded from={from}>
      {({ items }) => (items.length === 0 ? <EmptyState title="No version yet">What is agreed first will be version 1.</EmptyState> : <Room items={items} />)}
    </Loaded>
  );
}

function nameOf({ version }: Version): string {
  return `Version ${version}`;
}

function Room({ items }: { readonly items: readonly Version[] }) {
  return (
    <>
      {items.length > 1 && <Compare items={items} />}
      {items.map((version) => (
        <Part key={version.config} title={nameOf(version)}>
          <div className={css.sheet}>
            <p className="mut">
              <When at={version.from} />
              {" to "}
              {version.until === null ? "now" : <When at={version.until} />}
              {version.by === null || version.signatures.length > 0 ? "" : `, published by ${version.by.name}`}
            </p>
            <DefinitionTextView text={version.text} />
            <Signatures signatures={version.signatures} none="Published without signatures." />
          </div>
        </Part>
      ))}
    </>
  );
}

function Compare({ items }: { readonly items: readonly Version[] }) {
  const [older, setOlder] = useState(items[1]?.config ?? 0);
  const [newer, setNewer] = useState(items[0]?.config ?? 0);
  const of = (config: number): Version | undefined => items.find((one) => one.config === config);
  const [a, b] = [of(older), of(newer)];
  const data = items.map((one) => ({ value: String(one.config), label: nameOf(one) }));
  return (
    <Part title="Compare">
      <div className={css.pair}>
        <NativeSelect label="From" value={String(older)} data={data} onChange={(event) => setOlder(Number(event.currentTarget.value))} />
        <NativeSelect label="To" value={String(newer)} data={data} onChange={(event) => setNewer(Number(event.currentTarget.value))} />
      </div>
      {a !== undefined && b !== undefined && <Difference from={a.text} to={b.text} />}
    </Part>
  );
}
