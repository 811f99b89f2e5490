/** What is asked again after a draft or a signature. */
export const READS = ["getDefinition", "listDefinitions", "listDefinitionVersions", "getConfig", "listAudit"] as const;
