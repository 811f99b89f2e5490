/** What the workspace is called, how it counts and writes, and whom it lets in. Each is saved as soon as it is chosen. */
import { NativeSelect, SegmentedControl, Select } from "@mantine/core";
import { call, type In, type Out } from "../../api/call.ts";
import { queryClient, query, refresh, useRead } from "../../api/query.ts";
import { useSession } from "../../app/session.tsx";
import { toast, toastProblem } from "../../app/toasts.tsx";
import { Loaded } from "../../parts/states.tsx";
import { ChangedBy, Section, Setting, SwitchSetting, TextSetting } from "./section.tsx";

type Workspace = Out<"getWorkspace">;
type Change = NonNullable<In<"changeWorkspace">["body"]>;

const CURRENCIES = Intl.supportedValuesOf("currency");
const ZONES = [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];
const LOCALES = ["en-GB", "en-US", "de", "de-CH", "fr", "es", "it", "nl", "pl", "cs", "sv", "nb", "da", "fi", "pt", "pt-BR", "uk", "ja"];

export function WorkspaceSection() {
  return <Loaded from={useRead("getWorkspace")}>{(workspace) => <Rows workspace={workspace} />}</Loaded>;
}

async function save(was: Workspace, change: Change, done: string): Promise<void> {
  const write = async (body: Change): Promise<void> => {
    queryClient.setQueryData(query("getWorkspace").queryKey, await call("changeWorkspace", { body }));
    refresh("getSession", "getConfig", "listAudit");
  };
  await write(change);
  const before = Object.fromEntries(Object.keys(change).map((key) => [key, was[key as keyof Change]])) as Change;
  toast({ text: done, undo: () => write(before) });
}

function Rows({ workspace }: { readonly workspace: Workspace }) {
  const { name, timezone, currency, weekStart, locale, repsSee, secondFactorRequired } = workspace;
  const { enabled } = useSession().secondFactor;
  const put = (change: Change, done: string): void => void save(workspace, change, done).catch(toastProblem);
  const changed = (field: string) => <ChangedBy action="workspace.changed" field={field} />;
  const now = new Date();
  return (
    <Section title="Workspace" about="Holds for everybody who works here. Every change is in the audit, and can be taken back.">
      <Setting label="Name" effect="Stands in the sidebar, on forms and in mail." changed={changed("name")}>
        {(ids) => <TextSetting ids={ids} value={name} required onSave={(next) => save(workspace, { name: next }, "Name changed")} />}
      </Setting>
      <Setting
        label="Time zone"
        effect={<>When days begin and next steps are due. It is {clock(now, timezone)} there now.</>}
        standard="that of who set the house up"
        changed={changed("timezone")}
      >
        {(ids) => (
          <Select {...ids} searchable data={ZONES} value={timezone} onChange={(next) => next !== null && put({ timezone: next }, `Time zone is ${next}`)} />
        )}
      </Setting>
      <Setting label="Currency" effect="Of amounts that name none. What was written in another one stays." standard="EUR" changed={changed("currency")}>
        {(ids) => (
          <Select
            {...ids}
            searchable
            data={CURRENCIES.map((code) => ({ value: code, label: `${code} · ${currencyName(code)}` }))}
            value={currency}
            onChange={(next) => next !== null && put({ currency: next }, `Currency is ${next}`)}
          />
        )}
      </Setting>
      <Setting label="First day of the week" effect="Where weeks begin in reports and in “this week”." standard="Monday" changed={changed("weekStart")}>
        {(ids) => (
          <SegmentedControl
            {...ids}
            fullWidth
            value={weekStart}
            data={[
              { value: "monday", label: "Monday" },
              { value: "sunday", label: "Sunday" },
              { value: "saturday", label: "Saturday" },
            ]}
            onChange={(next) => put({ weekStart: next as Workspace["weekStart"] }, "First day of the week changed")}
          />
        )}
      </Setting>
      <Setting
        label="Language of numbers and dates"
        effect={
          <>
            Written as {new Intl.NumberFormat(locale, { style: "currency", currency }).format(1234.5)} and{" "}
            {new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: timezone }).format(now)}.
          </>
        }
        standard="that of the browser of who set the house up"
        changed={changed("locale")}
      >
        {(ids) => (
          <NativeSelect
            {...ids}
            value={locale}
            data={[...new Set([locale, ...LOCALES])].map((tag) => ({ value: tag, label: localeName(tag) }))}
            onChange={(event) => put({ locale: event.currentTarget.value }, "Language of numbers and dates changed")}
          />
        )}
      </Setting>
      <Setting
        label="Sales reps see"
        effect="Which leads, companies and opportunities a sales rep finds. Managers see their teams, others all."
        standard="those of their teams"
        changed={changed("repsSee")}
      >
        {(ids) => (
          <SegmentedControl
            {...ids}
            fullWidth
            value={repsSee}
            data={[
              { value: "own", label: "Their own" },
              { value: "team", label: "Their teams’" },
              { value: "all", label: "All" },
            ]}
            onChange={(next) => put({ repsSee: next as Workspace["repsSee"] }, "What sales reps see changed")}
          />
        )}
      </Setting>
      <Setting
        label="Second factor required"
        effect={
          enabled || secondFactorRequired
            ? "Who has none sets one up at the next click; until then only the own account answers."
            : "You have none yourself. Set it up under Sign-in and security first."
        }
        standard="off"
        changed={changed("secondFactorRequired")}
      >
        {(ids) => (
          <SwitchSetting
            ids={ids}
            checked={secondFactorRequired}
            onChange={(next) => put({ secondFactorRequired: next }, next ? "A second factor is required now" : "A second factor is a choice now")}
          />
        )}
      </Setting>
    </Section>
  );
}

function clock(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", weekday: "long" }).format(at);
}

function currencyName(code: string): string {
  return new Intl.DisplayNames(["en"], { type: "currency" }).of(code) ?? code;
}

function localeName(tag: string): string {
  return new Intl.DisplayNames(["en"], { type: "language" }).of(tag) ?? tag;
}
