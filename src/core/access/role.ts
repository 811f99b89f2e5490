/** What a user is in the house. A role decides nothing yet: that comes with signing in; it is kept from the start so that nobody has to be asked again. */
export const ROLES = ["admin", "revenueOperations", "marketing", "salesRep", "salesManager", "customerSuccess", "readOnly"] as const;
export type Role = (typeof ROLES)[number];
