/** Who I am: theme, keys, account, signing out. */
import { Menu, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { Keyboard, LogOut, UserRound } from "lucide-react";
import { call } from "../api/call.ts";
import { queryClient } from "../api/query.ts";
import { Avatar } from "../parts/avatar.tsx";
import type { ColorScheme } from "../theme.ts";
import { showOverlay } from "./commands.ts";
import { useSession } from "./session.tsx";
import { toastProblem } from "./toasts.tsx";
import css from "./user-menu.module.css";

export function UserMenu() {
  const { user, workspace } = useSession();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu width={232}>
      <Menu.Target>
        <button type="button" className={css.me} aria-label={`Account of ${user.name}`}>
          <Avatar name={user.name} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={css.who}>
          <strong className="cut">{user.name}</strong>
          <span className="mut cut">{user.email}</span>
          <span className="mut cut">{workspace.name}</span>
        </div>
        <Menu.Divider />
        <div className={css.theme}>
          <SegmentedControl
            fullWidth
            aria-label="Colours"
            value={colorScheme}
            onChange={(value) => setColorScheme(value as ColorScheme)}
            data={[
              { value: "light", label: "Light" },
              { value: "dark", label: "Dark" },
              { value: "auto", label: "Auto" },
            ]}
          />
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<UserRound size={15} strokeWidth={1.75} />}
          onClick={() => void navigate({ to: "/settings/$section", params: { section: "profile" } })}
        >
          Account and settings
        </Menu.Item>
        <Menu.Item leftSection={<Keyboard size={15} strokeWidth={1.75} />} rightSection={<kbd>?</kbd>} onClick={() => showOverlay("keys")}>
          Keys
        </Menu.Item>
        <Menu.Item leftSection={<LogOut size={15} strokeWidth={1.75} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** A whole load afterwards: nothing of the session stays in memory. */
async function signOut(): Promise<void> {
  try {
    await call("signOut");
    queryClient.clear();
    location.assign("/sign-in");
  } catch (error) {
    toastProblem(error);
  }
}
