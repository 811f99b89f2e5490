/** Every operation of the API, in the order in which the reference shows them. */
import * as apiKeys from "./api-keys.ts";
import * as config from "./config.ts";
import type { Endpoint } from "./endpoint.ts";
import * as house from "./house.ts";
import * as leads from "./leads.ts";
import * as opportunities from "./opportunities.ts";
import * as reports from "./reports.ts";
import * as search from "./search.ts";
import * as task from "./task.ts";
import * as touches from "./touches.ts";
import * as users from "./users.ts";

export const ENDPOINTS: readonly Endpoint[] = [
  leads.captureLead,
  leads.captureLeads,
  leads.listLeads,
  leads.getLead,
  leads.editLead,
  leads.listFacts,
  leads.explainLeadScore,
  leads.moveLead,
  leads.acceptLead,
  leads.rejectLead,
  leads.convertLead,
  leads.assignLead,
  touches.recordTouches,
  leads.listLeadTasks,
  task.completeTask,
  opportunities.listOpportunities,
  opportunities.getOpportunity,
  opportunities.moveOpportunity,
  search.search,
  reports.reportFunnel,
  reports.reportVelocity,
  config.getConfig,
  config.publishConfig,
  users.listUsers,
  users.createUser,
  users.changeUser,
  apiKeys.createApiKey,
  apiKeys.listApiKeys,
  apiKeys.revokeApiKey,
  house.home,
  house.docs,
  house.openapi,
  house.healthz,
  house.readyz,
  house.metrics,
] as unknown as readonly Endpoint[];
