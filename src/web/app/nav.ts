/** What the sidebar, the bottom bar and the palette lead to. A screen that has a place in them has one line here. */
import type { LucideIcon } from "lucide-react";
import {
  Building2,
  ChartNoAxesColumn,
  CircleCheckBig,
  FileText,
  Handshake,
  HeartPulse,
  Import,
  Inbox,
  Settings,
  SquareKanban,
  Trash2,
  Users,
} from "lucide-react";
import type { Action } from "../../core/access/access.ts";

export type NavItem = {
  readonly to: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** The second key after `g`. */
  readonly key?: string;
  /** Who may see it. */
  readonly access: Action;
  readonly group: "work" | "grow" | "run";
  /** One of the five of the bottom bar. */
  readonly phone?: true;
  /** Which number stands beside it, see `nav-counts.ts`. */
  readonly count?: "leads" | "myDay" | "pipeline" | "held";
};

export const NAV: readonly NavItem[] = [
  { to: "/my-day", label: "My day", icon: CircleCheckBig, key: "d", access: "tasks.complete", group: "work", phone: true, count: "myDay" },
  { to: "/leads", label: "Leads", icon: Users, key: "l", access: "leads.read", group: "work", phone: true, count: "leads" },
  { to: "/companies", label: "Companies", icon: Building2, key: "c", access: "companies.read", group: "work" },
  { to: "/pipeline", label: "Pipeline", icon: SquareKanban, key: "p", access: "opportunities.read", group: "work", phone: true, count: "pipeline" },
  { to: "/customers", label: "Customers", icon: Handshake, key: "u", access: "leads.read", group: "work" },
  { to: "/reports", label: "Reports", icon: ChartNoAxesColumn, key: "r", access: "reports.read", group: "work", phone: true },
  { to: "/health-check", label: "Health check", icon: HeartPulse, key: "e", access: "reports.read", group: "run" },
  { to: "/forms", label: "Forms", icon: FileText, key: "f", access: "forms.edit", group: "grow" },
  { to: "/import", label: "Import", icon: Import, key: "i", access: "imports.run", group: "grow" },
  { to: "/held", label: "Held inputs", icon: Inbox, key: "h", access: "inputs.mend", group: "run", count: "held" },
  { to: "/bin", label: "Bin", icon: Trash2, key: "b", access: "leads.delete", group: "run" },
  { to: "/settings", label: "Settings", icon: Settings, key: "s", access: "self", group: "run" },
];
