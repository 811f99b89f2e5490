/** One import: the wizard while it is a draft, then how it runs and what came of it. */
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useRead } from "../../api/query.ts";
import { Screen } from "../../parts/screen.tsx";
import { Bones, Loaded } from "../../parts/states.tsx";
import css from "./import.module.css";
import { RunView } from "./run-view.tsx";

const Wizard = lazy(async () => ({ default: (await import("./wizard.tsx")).Wizard }));

const route = getRouteApi("/shell/import/$importId");

export function ImportScreen() {
  const { importId } = route.useParams();
  const found = useRead("getImport", { params: { id: importId } });
  if (found.data?.state === "draft" && found.data.settings !== null && found.data.survey !== null)
    return (
      <Suspense fallback={<Bones />}>
        <Wizard key={importId} draft={found.data} settings={found.data.settings} survey={found.data.survey} />
      </Suspense>
    );
  const name = found.data?.name ?? "Import";
  return (
    <Screen title={name} heading={<Trail name={name} />} padded>
      <Loaded from={found}>{(one) => <RunView one={one} />}</Loaded>
    </Screen>
  );
}

export function Trail({ name }: { readonly name: string }) {
  return (
    <>
      <Link to="/import" className={css.back}>
        Import
      </Link>
      <span className="mut" aria-hidden>
        /
      </span>
      <h1 className="cut">{name}</h1>
    </>
  );
}
