/** Numbers of the health check that count leads, and open them. */
export const LEAD_MEASURES = ["unmet", "standing", "withoutStep", "unowned", "waited", "stale"] as const;
export type LeadMeasure = (typeof LEAD_MEASURES)[number];
