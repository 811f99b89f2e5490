/** Settings: a list of sections that can be searched down to the single setting, and the section beside it. */
import { TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { ChevronLeft, Search } from "lucide-react";
import { lazy, Suspense, useRef, useState } from "react";
import { useCan } from "../../app/session.tsx";
import { useKeys } from "../../keys/keys.ts";
import { Screen } from "../../parts/screen.tsx";
import { Bones, EmptyState } from "../../parts/states.tsx";
import { foundIn, GROUPS, SECTIONS, type SettingsSection } from "./sections.ts";
import css from "./settings.module.css";

const route = getRouteApi("/shell/settings/$section");

const SCREENS: Readonly<Record<string, React.ComponentType>> = {
  profile: lazy(async () => ({ default: (await import("../account/profile-section.tsx")).ProfileSection })),
  security: lazy(async () => ({ default: (await import("../account/security-section.tsx")).SecuritySection })),
  notifications: lazy(async () => ({ default: (await import("../account/notices-section.tsx")).NoticesSection })),
  signature: lazy(async () => ({ default: (await import("../account/signature-section.tsx")).SignatureSection })),
  workspace: lazy(async () => ({ default: (await import("./workspace-section.tsx")).WorkspaceSection })),
  users: lazy(async () => ({ default: (await import("./users-section.tsx")).UsersSection })),
  teams: lazy(async () => ({ default: (await import("./teams-section.tsx")).TeamsSection })),
  "api-keys": lazy(async () => ({ default: (await import("./keys-section.tsx")).KeysSection })),
  sso: lazy(async () => ({ default: (await import("./sso-section.tsx")).SsoSection })),
  stages: lazy(async () => ({ default: (await import("./stages-section.tsx")).StagesSection })),
  scoring: lazy(async () => ({ default: (await import("./scoring-section.tsx")).ScoringSection })),
  definitions: lazy(async () => ({ default: (await import("./definitions-section.tsx")).DefinitionsSection })),
  routing: lazy(async () => ({ default: (await import("./routing-section.tsx")).RoutingSection })),
  process: lazy(async () => ({ default: (await import("./process-section.tsx")).ProcessSection })),
  fields: lazy(async () => ({ default: (await import("./fields-section.tsx")).FieldsSection })),
  mail: lazy(async () => ({ default: (await import("./mail-section.tsx")).MailSection })),
  templates: lazy(async () => ({ default: (await import("./templates-section.tsx")).TemplatesSection })),
  outbox: lazy(async () => ({ default: (await import("./outbox-section.tsx")).OutboxSection })),
  audit: lazy(async () => ({ default: (await import("./audit-section.tsx")).AuditSection })),
  about: lazy(async () => ({ default: (await import("./about-section.tsx")).AboutSection })),
};

/** `/settings`: on a phone the list, else the first section. */
export function SettingsHome() {
  return <Settings section={null} />;
}

export function SettingsScreen() {
  return <Settings section={route.useParams().section} />;
}

function Settings({ section }: { readonly section: string | null }) {
  const can = useCan();
  const phone = useMediaQuery("(max-width: 700px)", undefined, { getInitialValueInEffect: false }) === true;
  const may = SECTIONS.filter(({ access }) => can(access));
  const first = may.find(({ group }) => group === "Workspace") ?? may[0];
  const current = section === null ? (phone ? undefined : first) : SECTIONS.find(({ id }) => id === section);
  const navigate = useNavigate();
  const find = useRef<HTMLInputElement>(null);
  const step = (by: number) => {
    const at = may.findIndex(({ id }) => id === current?.id);
    const next = may[(at + by + may.length) % may.length];
    if (next !== undefined) void navigate({ to: "/settings/$section", params: { section: next.id } });
  };
  useKeys([
    { keys: "f", label: "Find a setting", scope: "This screen", run: () => find.current?.focus() },
    { keys: "]", label: "Next section", scope: "This screen", run: () => step(1) },
    { keys: "[", label: "Previous section", scope: "This screen", run: () => step(-1) },
  ]);
  const Body = current === undefined ? undefined : SCREENS[current.id];
  const showsList = !phone || current === undefined;
  return (
    <Screen
      title={current === undefined ? "Settings" : `${current.label} · Settings`}
      heading={
        phone && section !== null ? (
          <>
            <Link to="/settings" className={css.back} aria-label="All settings">
              <ChevronLeft size={16} aria-hidden /> Settings
            </Link>
            <h1 className="out">{current?.label ?? "Settings"}</h1>
          </>
        ) : (
          <h1 className="cut">Settings</h1>
        )
      }
    >
      <div className={css.split}>
        {showsList && <SectionList may={may} current={current?.id} find={find} />}
        {!(phone && section === null) && (
          <div className={css.body} key={current?.id ?? "none"}>
            {current === undefined || Body === undefined ? (
              <EmptyState title="No such setting" actions={<Link to="/settings">All settings</Link>}>
                The address names a section that is not here.
              </EmptyState>
            ) : can(current.access) ? (
              <Suspense fallback={<Bones />}>
                <Body />
              </Suspense>
            ) : (
              <EmptyState title="You may not change this" actions={<Link to="/settings">All settings</Link>}>
                {current.label} is for others here. Ask an administrator.
              </EmptyState>
            )}
          </div>
        )}
      </div>
    </Screen>
  );
}

function SectionList({
  may,
  current,
  find,
}: {
  readonly may: readonly SettingsSection[];
  readonly current: string | undefined;
  readonly find: React.RefObject<HTMLInputElement | null>;
}) {
  const [typed, setTyped] = useState("");
  const navigate = useNavigate();
  const found = may.flatMap((section) => {
    const inside = typed.trim() === "" ? [] : foundIn(section, typed);
    return inside === null ? [] : [{ section, inside }];
  });
  return (
    <nav className={css.list} aria-label="Settings">
      <TextInput
        ref={find}
        className={css.find}
        placeholder="Find a setting"
        aria-label="Find a setting"
        aria-keyshortcuts="f"
        leftSection={<Search size={13} aria-hidden />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          const hit = found[0];
          if (event.key === "Escape") setTyped("");
          if (event.key !== "Enter" || hit === undefined) return;
          void navigate({ to: "/settings/$section", params: { section: hit.section.id } });
          setTyped("");
        }}
      />
      {GROUPS.map((group) => {
        const mine = found.filter(({ section }) => section.group === group);
        return mine.length === 0 ? null : (
          <div key={group}>
            <h2 className={css.group}>{group}</h2>
            {mine.map(({ section: { id, label, icon: Icon }, inside }) => (
              <Link key={id} to="/settings/$section" params={{ section: id }} className={css.item} aria-current={id === current ? "page" : undefined}>
                <Icon size={15} strokeWidth={1.75} aria-hidden />
                <span>{label}</span>
                {inside.length > 0 && <small>{inside.join(" · ")}</small>}
              </Link>
            ))}
          </div>
        );
      })}
      {found.length === 0 && (
        <p className={css.none} role="status">
          No setting of that name.
        </p>
      )}
    </nav>
  );
}
