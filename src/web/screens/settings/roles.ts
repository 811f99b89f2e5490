/** Roles in words. */
import { ROLES, type Role } from "../../../core/access/role.ts";

export const ROLE_WORDS: Readonly<Record<Role, { readonly label: string; readonly does: string }>> = {
  admin: { label: "Administrator", does: "Everything, users and settings too." },
  revenueOperations: { label: "Revenue operations", does: "All leads; scoring, routing, process, held inputs, audit." },
  marketing: { label: "Marketing", does: "All leads, forms, imports, mail templates; reads opportunities." },
  salesRep: { label: "Sales rep", does: "Works the own leads and opportunities." },
  salesManager: { label: "Sales manager", does: "Works the leads of the teams; assigns, shares views." },
  customerSuccess: { label: "Customer success", does: "Works customers." },
  readOnly: { label: "Read-only", does: "Sees everything, changes nothing." },
};

export const ROLE_CHOICES = ROLES.map((value) => ({ value, label: ROLE_WORDS[value].label }));
