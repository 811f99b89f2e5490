/** Written from the contracts by `npm run openapi`; do not edit. */

export const ROUTES = {
  acceptInvitation: ["POST", "/api/v1/invitations/accept"],
  acceptLead: ["POST", "/api/v1/leads/{id}/accept"],
  addCompanyNote: ["POST", "/api/v1/companies/{id}/notes"],
  addLeadNote: ["POST", "/api/v1/leads/{id}/notes"],
  addOpportunityNote: ["POST", "/api/v1/opportunities/{id}/notes"],
  assignLead: ["POST", "/api/v1/leads/{id}/assign"],
  cancelBulk: ["POST", "/api/v1/bulk/{id}/cancel"],
  cancelImport: ["POST", "/api/v1/imports/{id}/cancel"],
  cancelTask: ["POST", "/api/v1/tasks/{id}/cancel"],
  captureLead: ["POST", "/api/v1/leads"],
  captureLeads: ["POST", "/api/v1/leads/batch"],
  changeMailSettings: ["PATCH", "/api/v1/mail/settings"],
  changeNotificationChoices: ["PATCH", "/api/v1/notifications/choices"],
  changePassword: ["PUT", "/api/v1/session/password"],
  changeSelf: ["PATCH", "/api/v1/session"],
  changeTeam: ["PATCH", "/api/v1/teams/{id}"],
  changeTemplate: ["PATCH", "/api/v1/mail/templates/{id}"],
  changeUser: ["PATCH", "/api/v1/users/{id}"],
  changeView: ["PATCH", "/api/v1/views/{id}"],
  changeWorkspace: ["PATCH", "/api/v1/workspace"],
  checkHealth: ["GET", "/api/v1/health-check"],
  completeTask: ["POST", "/api/v1/tasks/{id}/complete"],
  confirmSecondFactor: ["POST", "/api/v1/session/second-factor/confirm"],
  convertLead: ["POST", "/api/v1/leads/{id}/convert"],
  countHeld: ["GET", "/api/v1/held/count"],
  countNotifications: ["GET", "/api/v1/notifications/count"],
  countViews: ["GET", "/api/v1/views/counts"],
  createApiKey: ["POST", "/api/v1/api-keys"],
  createForm: ["POST", "/api/v1/forms"],
  createResetLink: ["POST", "/api/v1/users/{id}/password-reset"],
  createTask: ["POST", "/api/v1/tasks"],
  createTeam: ["POST", "/api/v1/teams"],
  createTemplate: ["POST", "/api/v1/mail/templates"],
  createUser: ["POST", "/api/v1/users"],
  createView: ["POST", "/api/v1/views"],
  delegateTask: ["POST", "/api/v1/tasks/{id}/delegate"],
  deleteCompanyNote: ["DELETE", "/api/v1/companies/{id}/notes/{note}"],
  deleteLead: ["DELETE", "/api/v1/leads/{id}"],
  deleteLeadNote: ["DELETE", "/api/v1/leads/{id}/notes/{note}"],
  deleteTeam: ["DELETE", "/api/v1/teams/{id}"],
  deleteTemplate: ["DELETE", "/api/v1/mail/templates/{id}"],
  deleteView: ["DELETE", "/api/v1/views/{id}"],
  disableSecondFactor: ["POST", "/api/v1/session/second-factor/disable"],
  dismissHeld: ["POST", "/api/v1/held/{id}/dismiss"],
  editCompany: ["PATCH", "/api/v1/companies/{id}"],
  editCompanyNote: ["PATCH", "/api/v1/companies/{id}/notes/{note}"],
  editForm: ["PATCH", "/api/v1/forms/{id}"],
  editImport: ["PATCH", "/api/v1/imports/{id}"],
  editLead: ["PATCH", "/api/v1/leads/{id}"],
  editLeadNote: ["PATCH", "/api/v1/leads/{id}/notes/{note}"],
  editOpportunity: ["PATCH", "/api/v1/opportunities/{id}"],
  editTask: ["PATCH", "/api/v1/tasks/{id}"],
  endOtherSessions: ["DELETE", "/api/v1/sessions"],
  endSession: ["DELETE", "/api/v1/sessions/{id}"],
  endUserSessions: ["DELETE", "/api/v1/users/{id}/sessions"],
  explainLead: ["GET", "/api/v1/leads/{id}/why"],
  explainLeadScore: ["GET", "/api/v1/leads/{id}/score"],
  exportLeads: ["GET", "/api/v1/leads/export"],
  exportSelectedLeads: ["POST", "/api/v1/leads/export"],
  finishOidc: ["GET", "/api/v1/session/oidc/callback"],
  getBulk: ["GET", "/api/v1/bulk/{id}"],
  getCompany: ["GET", "/api/v1/companies/{id}"],
  getConfig: ["GET", "/api/v1/config"],
  getDefinition: ["GET", "/api/v1/definitions/{stage}"],
  getForm: ["GET", "/api/v1/forms/{id}"],
  getHeld: ["GET", "/api/v1/held/{id}"],
  getImport: ["GET", "/api/v1/imports/{id}"],
  getImportErrors: ["GET", "/api/v1/imports/{id}/errors"],
  getLead: ["GET", "/api/v1/leads/{id}"],
  getMail: ["GET", "/api/v1/mail/{id}"],
  getMailSettings: ["GET", "/api/v1/mail/settings"],
  getMeeting: ["GET", "/api/v1/opportunities/{id}/meeting.ics"],
  getNotificationChoices: ["GET", "/api/v1/notifications/choices"],
  getOidc: ["GET", "/api/v1/workspace/oidc"],
  getOpportunity: ["GET", "/api/v1/opportunities/{id}"],
  getSending: ["GET", "/api/v1/mail/sending"],
  getSession: ["GET", "/api/v1/session"],
  getSignature: ["GET", "/api/v1/mail/signature"],
  getTaskMeeting: ["GET", "/api/v1/tasks/{id}/meeting.ics"],
  getWorkspace: ["GET", "/api/v1/workspace"],
  inviteAgain: ["POST", "/api/v1/users/{id}/invitation"],
  linkContact: ["POST", "/api/v1/leads/{id}/contacts"],
  listApiKeys: ["GET", "/api/v1/api-keys"],
  listAudit: ["GET", "/api/v1/audit"],
  listBin: ["GET", "/api/v1/bin"],
  listBulkFailures: ["GET", "/api/v1/bulk/{id}/failures"],
  listBulks: ["GET", "/api/v1/bulk"],
  listCompanies: ["GET", "/api/v1/companies"],
  listDefinitionLeads: ["GET", "/api/v1/definitions/{stage}/report/leads"],
  listDefinitionVersions: ["GET", "/api/v1/definitions/{stage}/versions"],
  listDefinitions: ["GET", "/api/v1/definitions"],
  listFacts: ["GET", "/api/v1/leads/{id}/facts"],
  listForms: ["GET", "/api/v1/forms"],
  listHealthLeads: ["GET", "/api/v1/health-check/leads"],
  listHeld: ["GET", "/api/v1/held"],
  listImportLeads: ["GET", "/api/v1/imports/{id}/leads"],
  listImports: ["GET", "/api/v1/imports"],
  listLeadContacts: ["GET", "/api/v1/leads/{id}/contacts"],
  listLeadFacets: ["GET", "/api/v1/leads/facets"],
  listLeadFields: ["GET", "/api/v1/leads/fields"],
  listLeadMail: ["GET", "/api/v1/leads/{id}/mail"],
  listLeadNotes: ["GET", "/api/v1/leads/{id}/notes"],
  listLeadTasks: ["GET", "/api/v1/leads/{id}/tasks"],
  listLeads: ["GET", "/api/v1/leads"],
  listNotifications: ["GET", "/api/v1/notifications"],
  listOpportunities: ["GET", "/api/v1/opportunities"],
  listOutbox: ["GET", "/api/v1/mail/outbox"],
  listReportLeads: ["GET", "/api/v1/reports/leads"],
  listReturnReasons: ["GET", "/api/v1/leads/return-reasons"],
  listSessions: ["GET", "/api/v1/sessions"],
  listTasks: ["GET", "/api/v1/tasks"],
  listTeams: ["GET", "/api/v1/teams"],
  listTemplates: ["GET", "/api/v1/mail/templates"],
  listUsers: ["GET", "/api/v1/users"],
  listViews: ["GET", "/api/v1/views"],
  logContact: ["POST", "/api/v1/leads/{id}/log"],
  lookAtLink: ["POST", "/api/v1/links/look"],
  moveLead: ["POST", "/api/v1/leads/{id}/stage"],
  moveOpportunity: ["POST", "/api/v1/opportunities/{id}/stage"],
  myDay: ["GET", "/api/v1/my-day"],
  orderViews: ["PUT", "/api/v1/views/order"],
  pauseImport: ["POST", "/api/v1/imports/{id}/pause"],
  previewBulk: ["POST", "/api/v1/bulk/preview"],
  previewDefinition: ["POST", "/api/v1/definitions/{stage}/preview"],
  previewImport: ["POST", "/api/v1/imports/{id}/preview"],
  previewMail: ["POST", "/api/v1/leads/{id}/mail/preview"],
  publishConfig: ["PUT", "/api/v1/config"],
  reachScore: ["GET", "/api/v1/scoring/reach"],
  readBoard: ["GET", "/api/v1/opportunities/board"],
  readNotifications: ["POST", "/api/v1/notifications/read"],
  readStages: ["GET", "/api/v1/leads/{id}/stages"],
  readTimeline: ["GET", "/api/v1/leads/{id}/timeline"],
  recordTouches: ["POST", "/api/v1/touches"],
  rejectLead: ["POST", "/api/v1/leads/{id}/reject"],
  removeOidc: ["DELETE", "/api/v1/workspace/oidc"],
  removeSecondFactor: ["DELETE", "/api/v1/users/{id}/second-factor"],
  renewRecoveryCodes: ["POST", "/api/v1/session/second-factor/recovery-codes"],
  replayHeld: ["POST", "/api/v1/held/{id}/replay"],
  reportDefinition: ["GET", "/api/v1/definitions/{stage}/report"],
  reportFunnel: ["GET", "/api/v1/reports/funnel"],
  reportRevenue: ["GET", "/api/v1/reports/revenue"],
  reportVelocity: ["GET", "/api/v1/reports/velocity"],
  requestPasswordReset: ["POST", "/api/v1/password-resets"],
  resetPassword: ["POST", "/api/v1/password-resets/complete"],
  resolveMail: ["POST", "/api/v1/mail/{id}/resolve"],
  restoreLead: ["POST", "/api/v1/leads/{id}/restore"],
  resumeImport: ["POST", "/api/v1/imports/{id}/resume"],
  revokeApiKey: ["DELETE", "/api/v1/api-keys/{id}"],
  revokeInvitation: ["DELETE", "/api/v1/users/{id}/invitation"],
  rotateFormKey: ["POST", "/api/v1/forms/{id}/rotate-key"],
  saveDefinitionDraft: ["PUT", "/api/v1/definitions/{stage}/draft"],
  search: ["GET", "/api/v1/search"],
  sendMail: ["POST", "/api/v1/leads/{id}/mail"],
  setOidc: ["PUT", "/api/v1/workspace/oidc"],
  setSending: ["PUT", "/api/v1/mail/sending"],
  setSignature: ["PUT", "/api/v1/mail/signature"],
  setUp: ["POST", "/api/v1/setup"],
  signDefinition: ["POST", "/api/v1/definitions/{stage}/signatures"],
  signIn: ["POST", "/api/v1/session"],
  signInOptions: ["GET", "/api/v1/session/options"],
  signOut: ["DELETE", "/api/v1/session"],
  snoozeTask: ["POST", "/api/v1/tasks/{id}/snooze"],
  startBulk: ["POST", "/api/v1/bulk"],
  startImport: ["POST", "/api/v1/imports/{id}/start"],
  startOidc: ["POST", "/api/v1/session/oidc"],
  startSecondFactor: ["POST", "/api/v1/session/second-factor"],
  streamEvents: ["GET", "/api/v1/events"],
  tagLead: ["POST", "/api/v1/leads/{id}/tags"],
  takeBackHeld: ["POST", "/api/v1/held/{id}/take-back"],
  undoBulk: ["POST", "/api/v1/bulk/{id}/undo"],
  undoLead: ["POST", "/api/v1/leads/{id}/undo"],
  unlinkContact: ["DELETE", "/api/v1/leads/{id}/contacts/{contact}"],
  uploadImport: ["POST", "/api/v1/imports"],
  withdrawDefinitionDraft: ["DELETE", "/api/v1/definitions/{stage}/draft"],
  withdrawMail: ["POST", "/api/v1/mail/{id}/withdraw"],
} as const;

export type Contracts = {
  readonly acceptInvitation: typeof import("../../contracts/session.ts").acceptInvitation;
  readonly acceptLead: typeof import("../../contracts/leads.ts").acceptLead;
  readonly addCompanyNote: typeof import("../../contracts/companies.ts").addCompanyNote;
  readonly addLeadNote: typeof import("../../contracts/lead-changes.ts").addLeadNote;
  readonly addOpportunityNote: typeof import("../../contracts/lead-changes.ts").addOpportunityNote;
  readonly assignLead: typeof import("../../contracts/leads.ts").assignLead;
  readonly cancelBulk: typeof import("../../contracts/bulk.ts").cancelBulk;
  readonly cancelImport: typeof import("../../contracts/imports.ts").cancelImport;
  readonly cancelTask: typeof import("../../contracts/task.ts").cancelTask;
  readonly captureLead: typeof import("../../contracts/leads.ts").captureLead;
  readonly captureLeads: typeof import("../../contracts/leads.ts").captureLeads;
  readonly changeMailSettings: typeof import("../../contracts/mail-setup.ts").changeMailSettings;
  readonly changeNotificationChoices: typeof import("../../contracts/notifications.ts").changeNotificationChoices;
  readonly changePassword: typeof import("../../contracts/session.ts").changePassword;
  readonly changeSelf: typeof import("../../contracts/session.ts").changeSelf;
  readonly changeTeam: typeof import("../../contracts/teams.ts").changeTeam;
  readonly changeTemplate: typeof import("../../contracts/mail-templates.ts").changeTemplate;
  readonly changeUser: typeof import("../../contracts/users.ts").changeUser;
  readonly changeView: typeof import("../../contracts/views.ts").changeView;
  readonly changeWorkspace: typeof import("../../contracts/workspace.ts").changeWorkspace;
  readonly checkHealth: typeof import("../../contracts/health-check.ts").checkHealth;
  readonly completeTask: typeof import("../../contracts/task.ts").completeTask;
  readonly confirmSecondFactor: typeof import("../../contracts/session.ts").confirmSecondFactor;
  readonly convertLead: typeof import("../../contracts/leads.ts").convertLead;
  readonly countHeld: typeof import("../../contracts/held.ts").countHeld;
  readonly countNotifications: typeof import("../../contracts/notifications.ts").countNotifications;
  readonly countViews: typeof import("../../contracts/views.ts").countViews;
  readonly createApiKey: typeof import("../../contracts/api-keys.ts").createApiKey;
  readonly createForm: typeof import("../../contracts/forms.ts").createForm;
  readonly createResetLink: typeof import("../../contracts/users.ts").createResetLink;
  readonly createTask: typeof import("../../contracts/task.ts").createTask;
  readonly createTeam: typeof import("../../contracts/teams.ts").createTeam;
  readonly createTemplate: typeof import("../../contracts/mail-templates.ts").createTemplate;
  readonly createUser: typeof import("../../contracts/users.ts").createUser;
  readonly createView: typeof import("../../contracts/views.ts").createView;
  readonly delegateTask: typeof import("../../contracts/task.ts").delegateTask;
  readonly deleteCompanyNote: typeof import("../../contracts/companies.ts").deleteCompanyNote;
  readonly deleteLead: typeof import("../../contracts/lead-changes.ts").deleteLead;
  readonly deleteLeadNote: typeof import("../../contracts/lead-changes.ts").deleteLeadNote;
  readonly deleteTeam: typeof import("../../contracts/teams.ts").deleteTeam;
  readonly deleteTemplate: typeof import("../../contracts/mail-templates.ts").deleteTemplate;
  readonly deleteView: typeof import("../../contracts/views.ts").deleteView;
  readonly disableSecondFactor: typeof import("../../contracts/session.ts").disableSecondFactor;
  readonly dismissHeld: typeof import("../../contracts/held.ts").dismissHeld;
  readonly editCompany: typeof import("../../contracts/companies.ts").editCompany;
  readonly editCompanyNote: typeof import("../../contracts/companies.ts").editCompanyNote;
  readonly editForm: typeof import("../../contracts/forms.ts").editForm;
  readonly editImport: typeof import("../../contracts/imports.ts").editImport;
  readonly editLead: typeof import("../../contracts/leads.ts").editLead;
  readonly editLeadNote: typeof import("../../contracts/lead-changes.ts").editLeadNote;
  readonly editOpportunity: typeof import("../../contracts/opportunities.ts").editOpportunity;
  readonly editTask: typeof import("../../contracts/task.ts").editTask;
  readonly endOtherSessions: typeof import("../../contracts/session.ts").endOtherSessions;
  readonly endSession: typeof import("../../contracts/session.ts").endSession;
  readonly endUserSessions: typeof import("../../contracts/users.ts").endUserSessions;
  readonly explainLead: typeof import("../../contracts/lead-page.ts").explainLead;
  readonly explainLeadScore: typeof import("../../contracts/leads.ts").explainLeadScore;
  readonly exportLeads: typeof import("../../contracts/lead-export.ts").exportLeads;
  readonly exportSelectedLeads: typeof import("../../contracts/lead-export.ts").exportSelectedLeads;
  readonly finishOidc: typeof import("../../contracts/session.ts").finishOidc;
  readonly getBulk: typeof import("../../contracts/bulk.ts").getBulk;
  readonly getCompany: typeof import("../../contracts/companies.ts").getCompany;
  readonly getConfig: typeof import("../../contracts/config.ts").getConfig;
  readonly getDefinition: typeof import("../../contracts/definitions.ts").getDefinition;
  readonly getForm: typeof import("../../contracts/forms.ts").getForm;
  readonly getHeld: typeof import("../../contracts/held.ts").getHeld;
  readonly getImport: typeof import("../../contracts/imports.ts").getImport;
  readonly getImportErrors: typeof import("../../contracts/imports.ts").getImportErrors;
  readonly getLead: typeof import("../../contracts/leads.ts").getLead;
  readonly getMail: typeof import("../../contracts/mail.ts").getMail;
  readonly getMailSettings: typeof import("../../contracts/mail-setup.ts").getMailSettings;
  readonly getMeeting: typeof import("../../contracts/mail.ts").getMeeting;
  readonly getNotificationChoices: typeof import("../../contracts/notifications.ts").getNotificationChoices;
  readonly getOidc: typeof import("../../contracts/workspace.ts").getOidc;
  readonly getOpportunity: typeof import("../../contracts/opportunities.ts").getOpportunity;
  readonly getSending: typeof import("../../contracts/mail-setup.ts").getSending;
  readonly getSession: typeof import("../../contracts/session.ts").getSession;
  readonly getSignature: typeof import("../../contracts/mail-setup.ts").getSignature;
  readonly getTaskMeeting: typeof import("../../contracts/mail.ts").getTaskMeeting;
  readonly getWorkspace: typeof import("../../contracts/workspace.ts").getWorkspace;
  readonly inviteAgain: typeof import("../../contracts/users.ts").inviteAgain;
  readonly linkContact: typeof import("../../contracts/companies.ts").linkContact;
  readonly listApiKeys: typeof import("../../contracts/api-keys.ts").listApiKeys;
  readonly listAudit: typeof import("../../contracts/audit.ts").listAudit;
  readonly listBin: typeof import("../../contracts/lead-changes.ts").listBin;
  readonly listBulkFailures: typeof import("../../contracts/bulk.ts").listBulkFailures;
  readonly listBulks: typeof import("../../contracts/bulk.ts").listBulks;
  readonly listCompanies: typeof import("../../contracts/companies.ts").listCompanies;
  readonly listDefinitionLeads: typeof import("../../contracts/definitions.ts").listDefinitionLeads;
  readonly listDefinitionVersions: typeof import("../../contracts/definitions.ts").listDefinitionVersions;
  readonly listDefinitions: typeof import("../../contracts/definitions.ts").listDefinitions;
  readonly listFacts: typeof import("../../contracts/leads.ts").listFacts;
  readonly listForms: typeof import("../../contracts/forms.ts").listForms;
  readonly listHealthLeads: typeof import("../../contracts/health-check.ts").listHealthLeads;
  readonly listHeld: typeof import("../../contracts/held.ts").listHeld;
  readonly listImportLeads: typeof import("../../contracts/imports.ts").listImportLeads;
  readonly listImports: typeof import("../../contracts/imports.ts").listImports;
  readonly listLeadContacts: typeof import("../../contracts/companies.ts").listLeadContacts;
  readonly listLeadFacets: typeof import("../../contracts/lead-list.ts").listLeadFacets;
  readonly listLeadFields: typeof import("../../contracts/lead-list.ts").listLeadFields;
  readonly listLeadMail: typeof import("../../contracts/mail.ts").listLeadMail;
  readonly listLeadNotes: typeof import("../../contracts/lead-changes.ts").listLeadNotes;
  readonly listLeadTasks: typeof import("../../contracts/leads.ts").listLeadTasks;
  readonly listLeads: typeof import("../../contracts/lead-list.ts").listLeads;
  readonly listNotifications: typeof import("../../contracts/notifications.ts").listNotifications;
  readonly listOpportunities: typeof import("../../contracts/opportunities.ts").listOpportunities;
  readonly listOutbox: typeof import("../../contracts/mail.ts").listOutbox;
  readonly listReportLeads: typeof import("../../contracts/reports.ts").listReportLeads;
  readonly listReturnReasons: typeof import("../../contracts/lead-list.ts").listReturnReasons;
  readonly listSessions: typeof import("../../contracts/session.ts").listSessions;
  readonly listTasks: typeof import("../../contracts/task.ts").listTasks;
  readonly listTeams: typeof import("../../contracts/teams.ts").listTeams;
  readonly listTemplates: typeof import("../../contracts/mail-templates.ts").listTemplates;
  readonly listUsers: typeof import("../../contracts/users.ts").listUsers;
  readonly listViews: typeof import("../../contracts/views.ts").listViews;
  readonly logContact: typeof import("../../contracts/lead-changes.ts").logContact;
  readonly lookAtLink: typeof import("../../contracts/session.ts").lookAtLink;
  readonly moveLead: typeof import("../../contracts/leads.ts").moveLead;
  readonly moveOpportunity: typeof import("../../contracts/opportunities.ts").moveOpportunity;
  readonly myDay: typeof import("../../contracts/my-day.ts").myDay;
  readonly orderViews: typeof import("../../contracts/views.ts").orderViews;
  readonly pauseImport: typeof import("../../contracts/imports.ts").pauseImport;
  readonly previewBulk: typeof import("../../contracts/bulk.ts").previewBulk;
  readonly previewDefinition: typeof import("../../contracts/definitions.ts").previewDefinition;
  readonly previewImport: typeof import("../../contracts/imports.ts").previewImport;
  readonly previewMail: typeof import("../../contracts/mail.ts").previewMail;
  readonly publishConfig: typeof import("../../contracts/config.ts").publishConfig;
  readonly reachScore: typeof import("../../contracts/scoring.ts").reachScore;
  readonly readBoard: typeof import("../../contracts/opportunities.ts").readBoard;
  readonly readNotifications: typeof import("../../contracts/notifications.ts").readNotifications;
  readonly readStages: typeof import("../../contracts/lead-page.ts").readStages;
  readonly readTimeline: typeof import("../../contracts/lead-page.ts").readTimeline;
  readonly recordTouches: typeof import("../../contracts/touches.ts").recordTouches;
  readonly rejectLead: typeof import("../../contracts/leads.ts").rejectLead;
  readonly removeOidc: typeof import("../../contracts/workspace.ts").removeOidc;
  readonly removeSecondFactor: typeof import("../../contracts/users.ts").removeSecondFactor;
  readonly renewRecoveryCodes: typeof import("../../contracts/session.ts").renewRecoveryCodes;
  readonly replayHeld: typeof import("../../contracts/held.ts").replayHeld;
  readonly reportDefinition: typeof import("../../contracts/definitions.ts").reportDefinition;
  readonly reportFunnel: typeof import("../../contracts/reports.ts").reportFunnel;
  readonly reportRevenue: typeof import("../../contracts/reports.ts").reportRevenue;
  readonly reportVelocity: typeof import("../../contracts/reports.ts").reportVelocity;
  readonly requestPasswordReset: typeof import("../../contracts/session.ts").requestPasswordReset;
  readonly resetPassword: typeof import("../../contracts/session.ts").resetPassword;
  readonly resolveMail: typeof import("../../contracts/mail.ts").resolveMail;
  readonly restoreLead: typeof import("../../contracts/lead-changes.ts").restoreLead;
  readonly resumeImport: typeof import("../../contracts/imports.ts").resumeImport;
  readonly revokeApiKey: typeof import("../../contracts/api-keys.ts").revokeApiKey;
  readonly revokeInvitation: typeof import("../../contracts/users.ts").revokeInvitation;
  readonly rotateFormKey: typeof import("../../contracts/forms.ts").rotateFormKey;
  readonly saveDefinitionDraft: typeof import("../../contracts/definitions.ts").saveDefinitionDraft;
  readonly search: typeof import("../../contracts/search.ts").search;
  readonly sendMail: typeof import("../../contracts/mail.ts").sendMail;
  readonly setOidc: typeof import("../../contracts/workspace.ts").setOidc;
  readonly setSending: typeof import("../../contracts/mail-setup.ts").setSending;
  readonly setSignature: typeof import("../../contracts/mail-setup.ts").setSignature;
  readonly setUp: typeof import("../../contracts/session.ts").setUp;
  readonly signDefinition: typeof import("../../contracts/definitions.ts").signDefinition;
  readonly signIn: typeof import("../../contracts/session.ts").signIn;
  readonly signInOptions: typeof import("../../contracts/session.ts").signInOptions;
  readonly signOut: typeof import("../../contracts/session.ts").signOut;
  readonly snoozeTask: typeof import("../../contracts/task.ts").snoozeTask;
  readonly startBulk: typeof import("../../contracts/bulk.ts").startBulk;
  readonly startImport: typeof import("../../contracts/imports.ts").startImport;
  readonly startOidc: typeof import("../../contracts/session.ts").startOidc;
  readonly startSecondFactor: typeof import("../../contracts/session.ts").startSecondFactor;
  readonly streamEvents: typeof import("../../contracts/events.ts").streamEvents;
  readonly tagLead: typeof import("../../contracts/lead-changes.ts").tagLead;
  readonly takeBackHeld: typeof import("../../contracts/held.ts").takeBackHeld;
  readonly undoBulk: typeof import("../../contracts/bulk.ts").undoBulk;
  readonly undoLead: typeof import("../../contracts/lead-changes.ts").undoLead;
  readonly unlinkContact: typeof import("../../contracts/companies.ts").unlinkContact;
  readonly uploadImport: typeof import("../../contracts/imports.ts").uploadImport;
  readonly withdrawDefinitionDraft: typeof import("../../contracts/definitions.ts").withdrawDefinitionDraft;
  readonly withdrawMail: typeof import("../../contracts/mail.ts").withdrawMail;
};
