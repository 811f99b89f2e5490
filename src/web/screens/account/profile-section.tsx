/** Who I am here, and how it looks to me. */
import { SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { call } from "../../api/call.ts";
import { queryClient, query, refresh } from "../../api/query.ts";
import { useSession } from "../../app/session.tsx";
import { toast } from "../../app/toasts.tsx";
import type { ColorScheme } from "../../theme.ts";
import { ROLE_WORDS } from "../settings/roles.ts";
import { Section, Setting, TextSetting } from "../settings/section.tsx";

export function ProfileSection() {
  const { user, teams, rights, workspace } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const rename = async (name: string): Promise<void> => {
    const write = async (next: string): Promise<void> => {
      queryClient.setQueryData(query("getSession").queryKey, await call("changeSelf", { body: { name: next } }));
      refresh("listUsers", "listTeams", "getConfig");
    };
    await write(name);
    toast({ text: `You are ${name} now`, undo: () => write(user.name) });
  };
  const signs = [rights.signerMarketing ? "marketing" : "", rights.signerSales ? "sales" : ""].filter((word) => word !== "");
  return (
    <Section title="Profile">
      <Setting label="Your name" effect="What others see beside what you own and did.">
        {(ids) => <TextSetting ids={ids} value={user.name} required onSave={rename} />}
      </Setting>
      <Setting label="E-mail" effect="You sign in with it. An administrator can invite you under another one.">
        {() => <span className="cut">{user.email}</span>}
      </Setting>
      <Setting label="Role" effect={ROLE_WORDS[user.role].does}>
        {() => <span>{ROLE_WORDS[user.role].label}</span>}
      </Setting>
      <Setting label="Teams" effect="You are dealt their leads in turn.">
        {() => <span>{teams.length === 0 ? "None" : teams.map(({ name }) => name).join(", ")}</span>}
      </Setting>
      {signs.length > 0 && (
        <Setting label="You sign for" effect="Definitions and promises between the two.">
          {() => <span>{signs.join(" and ")}</span>}
        </Setting>
      )}
      <Setting label="Colours" effect="On this device only." standard="as the device">
        {(ids) => (
          <SegmentedControl
            {...ids}
            fullWidth
            value={colorScheme}
            onChange={(next) => setColorScheme(next as ColorScheme)}
            data={[
              { value: "light", label: "Light" },
              { value: "dark", label: "Dark" },
              { value: "auto", label: "Auto" },
            ]}
          />
        )}
      </Setting>
      <Setting label="Workspace" effect={`Times are in ${workspace.timezone}, amounts in ${workspace.currency} unless they say otherwise.`}>
        {() => <span className="cut">{workspace.name}</span>}
      </Setting>
    </Section>
  );
}
