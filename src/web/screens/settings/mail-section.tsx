/** How mail leaves: whom it is from, whether opens are counted, and whether it leaves at all. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { call, type In, type Out } from "../../api/call.ts";
import { queryClient, query, refresh, useRead } from "../../api/query.ts";
import { toast, toastProblem } from "../../app/toasts.tsx";
import { Loaded } from "../../parts/states.tsx";
import { ChangedBy, Section, Setting, SwitchSetting, TextSetting } from "./section.tsx";
import { changeSending, SendingNotes } from "./sending.tsx";

type MailSettings = Out<"getMailSettings">;
type Change = NonNullable<In<"changeMailSettings">["body"]>;

export function MailSection() {
  return (
    <Section title="Mail" about="One-to-one mail to leads, and what the house itself writes: invitations, reset links, the digest.">
      <SendingNotes />
      <Loaded from={useRead("getMailSettings")}>{(settings) => <Rows settings={settings} />}</Loaded>
    </Section>
  );
}

async function save(was: MailSettings, change: Change, done: string): Promise<void> {
  const write = async (body: Change): Promise<void> => {
    queryClient.setQueryData(query("getMailSettings").queryKey, await call("changeMailSettings", { body }));
    refresh("listAudit");
  };
  await write(change);
  const before = Object.fromEntries(Object.keys(change).map((key) => [key, was[key as keyof Change]])) as Change;
  toast({ text: done, undo: () => write(before) });
}

const orNull = (text: string): string | null => (text === "" ? null : text);

function Rows({ settings }: { readonly settings: MailSettings }) {
  const { fromName, fromAddress, tracking, consentTopic, smtp } = settings;
  const paused = useRead("getSending").data?.state === "paused";
  const changed = (field: string) => <ChangedBy action="mail.settingsChanged" field={field} />;
  return (
    <>
      <Setting
        label="Mail server (SMTP)"
        effect="Set by whoever runs Baton, in the environment: SMTP_URL. Its password never shows here."
        standard="none: mail is kept"
      >
        {() => <b>{smtp === "set" ? "Set" : "None"}</b>}
      </Setting>
      <Setting
        label="From name"
        effect="Of mail the house writes. One-to-one mail carries the name of who wrote it."
        standard="the workspace’s name"
        changed={changed("fromName")}
      >
        {(ids) => (
          <TextSetting
            ids={ids}
            value={fromName ?? ""}
            placeholder="The workspace’s name"
            onSave={(next) => save(settings, { fromName: orNull(next) }, "From name changed")}
          />
        )}
      </Setting>
      <Setting
        label="From address"
        effect="Mail comes from here; answers to one-to-one mail go to who wrote it. Its domain needs SPF and DKIM for your mail server."
        standard="that of the mail server"
        changed={changed("fromAddress")}
      >
        {(ids) => (
          <TextSetting
            ids={ids}
            value={fromAddress ?? ""}
            placeholder="hello@example.com"
            onSave={(next) => save(settings, { fromAddress: orNull(next) }, "From address changed")}
          />
        )}
      </Setting>
      <Setting
        label="Count opens and clicks"
        effect="Of one-to-one mail: a picture and links of this house, seen as touches on the lead and worth points by the scoring rules."
        standard="on"
        changed={changed("tracking")}
      >
        {(ids) => (
          <SwitchSetting
            ids={ids}
            checked={tracking}
            onChange={(next) =>
              void save(
                settings,
                { tracking: next },
                next ? "Opens and clicks are counted in mail written from now on" : "Opens and clicks are not counted any more",
              ).catch(toastProblem)
            }
          />
        )}
      </Setting>
      <Setting
        label="Consent topic"
        effect="Who has withdrawn consent for this topic gets no mail from here."
        standard="email"
        changed={changed("consentTopic")}
      >
        {(ids) => (
          <TextSetting
            ids={ids}
            value={consentTopic ?? ""}
            placeholder="email"
            onSave={(next) => save(settings, { consentTopic: orNull(next) }, "Consent topic changed")}
          />
        )}
      </Setting>
      <Setting
        label="Sending"
        effect={
          <>
            Of the whole house. Paused, mail waits in the{" "}
            <Link to="/settings/$section" params={{ section: "outbox" }}>
              outbox
            </Link>{" "}
            and loses nothing.
          </>
        }
        standard="running"
      >
        {() => <Button onClick={() => changeSending(paused ? "running" : "paused")}>{paused ? "Resume" : "Pause"}</Button>}
      </Setting>
    </>
  );
}
