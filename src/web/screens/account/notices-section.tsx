/** What I am told of, and by which way. */
import { NativeSelect, Switch } from "@mantine/core";
import { call, type In, type Out } from "../../api/call.ts";
import { queryClient, query, useRead } from "../../api/query.ts";
import { useSession } from "../../app/session.tsx";
import { toast, toastProblem } from "../../app/toasts.tsx";
import { Loaded } from "../../parts/states.tsx";
import tableCss from "../../parts/table.module.css";
import { Section, Setting } from "../settings/section.tsx";
import css from "../settings/settings.module.css";

type Choices = Out<"getNotificationChoices">;
type NoticeEvent = keyof Choices["events"];
type Change = NonNullable<In<"changeNotificationChoices">["body"]>;

const EVENTS: readonly { readonly id: NoticeEvent; readonly label: string; readonly when: string }[] = [
  { id: "assigned", label: "A lead became mine", when: "by routing or by somebody" },
  { id: "hot", label: "A lead of mine got hot", when: "strong and recent engagement" },
  { id: "taskDue", label: "A next step is due", when: "or a reminder I set" },
  { id: "returned", label: "A lead came back", when: "returned to marketing by sales" },
  { id: "mention", label: "Somebody mentioned me", when: "in a note" },
  { id: "mailFailed", label: "A mail of mine did not arrive", when: "refused, or uncertain" },
  { id: "importFinished", label: "An import of mine ended", when: "or was stopped" },
  { id: "definition", label: "A definition waits for my signature", when: "or came into force" },
  { id: "inputHeld", label: "An input was held", when: "it waits to be mended" },
];

const MAIL = [
  { value: "none", label: "No mail" },
  { value: "atOnce", label: "At once" },
  { value: "digest", label: "Digest" },
];

async function write(body: Change): Promise<void> {
  queryClient.setQueryData(query("getNotificationChoices").queryKey, await call("changeNotificationChoices", { body }));
}

function save(change: Change, before: Change, done: string): void {
  write(change).then(() => toast({ text: done, undo: () => write(before) }), toastProblem);
}

export function NoticesSection() {
  return (
    <Section title="Notifications" about="The bell shows at once; mail needs a mail server. What you read in one place is read in the other.">
      <Loaded from={useRead("getNotificationChoices")}>{(choices) => <Table choices={choices} />}</Loaded>
    </Section>
  );
}

function Table({ choices: { events, digestHour } }: { readonly choices: Choices }) {
  const { timezone } = useSession().workspace;
  return (
    <>
      <table className={tableCss.plain}>
        <thead>
          <tr>
            <th>When</th>
            <th>Bell</th>
            <th>Mail</th>
          </tr>
        </thead>
        <tbody>
          {EVENTS.map(({ id, label, when }) => {
            const choice = events[id];
            if (choice === undefined) return null;
            const put = (next: typeof choice, done: string): void => save({ events: { [id]: next } }, { events: { [id]: choice } }, done);
            return (
              <tr key={id}>
                <td>
                  {label}
                  <span className={css.sub}>{when}</span>
                </td>
                <td>
                  <Switch
                    aria-label={`${label}: in the bell`}
                    checked={choice.bell}
                    onChange={(event) =>
                      put({ ...choice, bell: event.currentTarget.checked }, `${label}: ${event.currentTarget.checked ? "in the bell" : "not in the bell"}`)
                    }
                  />
                </td>
                <td>
                  <NativeSelect
                    aria-label={`${label}: by mail`}
                    data={MAIL}
                    value={choice.mail}
                    onChange={(event) => {
                      const mail = event.currentTarget.value as typeof choice.mail;
                      put({ ...choice, mail }, `${label}: ${MAIL.find(({ value }) => value === mail)?.label.toLowerCase()}`);
                    }}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <Setting label="Hour of the digest" effect={`Once a day, when there is something to say, by the clock of ${timezone}.`} standard="08:00">
        {(ids) => (
          <NativeSelect
            {...ids}
            value={String(digestHour)}
            data={Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: `${String(hour).padStart(2, "0")}:00` }))}
            onChange={(event) => save({ digestHour: Number(event.currentTarget.value) }, { digestHour }, "Hour of the digest changed")}
          />
        )}
      </Setting>
    </>
  );
}
