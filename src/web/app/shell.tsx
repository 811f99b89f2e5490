/** The shell around every screen of who is signed in: sidebar, banner, overlays, keys that hold everywhere. */
import { Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { openLive } from "../api/live.ts";
import { useRead } from "../api/query.ts";
import { useKeys } from "../keys/keys.ts";
import { showOverlay, useOverlay } from "./commands.ts";
import { ConnectionBanner } from "./connection-banner.tsx";
import { SessionProvider, useCan } from "./session.tsx";
import css from "./shell.module.css";
import { BottomBar, Sidebar, useNav } from "./sidebar.tsx";
import { SignedOut } from "./signed-out.tsx";
import { Toasts, undoNewest } from "./toasts.tsx";

const Palette = lazy(async () => ({ default: (await import("../palette/palette.tsx")).Palette }));
const KeysSheet = lazy(async () => ({ default: (await import("../keys/keys-sheet.tsx")).KeysSheet }));
const QuickAdd = lazy(async () => ({ default: (await import("../screens/leads/quick-add.tsx")).QuickAdd }));
const BellDrawer = lazy(async () => ({ default: (await import("./bell-drawer.tsx")).BellDrawer }));

const MustEnrol = lazy(async () => ({ default: (await import("../screens/account/must-enrol.tsx")).MustEnrol }));

export function Shell() {
  const { data } = useRead("getSession");
  if (data === undefined) return null;
  // Until there is a second factor where the workspace wants one, nothing but one's own account answers.
  if (data.secondFactor.required && !data.secondFactor.enabled)
    return (
      <Suspense fallback={null}>
        <MustEnrol />
      </Suspense>
    );
  return (
    <SessionProvider session={data} key={`${data.user.id} ${data.workspace.locale} ${data.workspace.timezone} ${data.workspace.currency}`}>
      <Inside />
    </SessionProvider>
  );
}

function Inside() {
  const nav = useNav();
  const can = useCan();
  const navigate = useNavigate();
  useEffect(openLive, []);
  useKeys([
    { keys: "mod+k", label: "Search or jump to", scope: "Everywhere", whileTyping: true, run: () => showOverlay("palette") },
    { keys: "/", label: "Search", scope: "Everywhere", run: () => showOverlay("palette") },
    { keys: "?", label: "All keys", scope: "Everywhere", run: () => showOverlay("keys") },
    { keys: "mod+z", label: "Undo what was just done", scope: "Everywhere", run: () => undoNewest() },
    ...(can("leads.create") ? [{ keys: "c", label: "New lead", scope: "Everywhere", command: true, run: () => showOverlay("quickAdd") } as const] : []),
    ...nav
      .filter(({ key }) => key !== undefined)
      .map(({ key, label, to }) => ({ keys: `g ${key}`, label: `Go to ${label}`, scope: "Everywhere", run: () => void navigate({ to }) }) as const),
  ]);
  return (
    <>
      <div className={css.shell}>
        <a href="#main" className={css.skip}>
          Skip to the content
        </a>
        <ConnectionBanner />
        <Sidebar />
        <main className={css.main} id="main" tabIndex={-1}>
          <Outlet />
        </main>
        <BottomBar />
      </div>
      <Overlays />
      <SignedOut />
      <Toasts />
    </>
  );
}

function Overlays() {
  const overlay = useOverlay();
  const close = (): void => showOverlay(null);
  return (
    <Suspense fallback={null}>
      {overlay === "palette" && <Palette onClose={close} />}
      {overlay === "keys" && <KeysSheet onClose={close} />}
      {overlay === "quickAdd" && <QuickAdd onClose={close} />}
      {overlay === "bell" && <BellDrawer onClose={close} />}
    </Suspense>
  );
}
