/**
 * What is wrong with a configuration whose shape is right: parts that name what is not there, names given twice, filters
 * that ask for unknown fields, and what the process cannot do without.
 */
import { fieldsOf, type FilterField, filterProblems, kindOfField } from "../filter/filter.ts";
import { PROFILE_KEYS } from "../flow/state.ts";
import { stageHidden } from "./compile.ts";
import { type Config, type Definition, type FieldType, TAKEN_NAMES, TOUCH_KINDS } from "./config.ts";

export type ConfigProblem = { readonly path: string; readonly message: string };

/** In words, with the place; an empty list means it may be published. Units of points do not matter here. */
export function configProblems(config: Config): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const complain = (path: string, message: string): void => void problems.push({ path, message });
  checkNames(config, complain);
  checkStages(config, complain);
  checkModel(config, complain);
  checkDefinitions(config, complain);
  checkProcess(config, complain);
  checkPeople(config, complain);
  return problems;
}

/** What a change from one configuration to the next must not do, whatever else is right. */
export function changeProblems(from: Config, to: Config): readonly ConfigProblem[] {
  return to.fields.flatMap((field, i) => {
    const was = from.fields.find((candidate) => candidate.key === field.key);
    return was === undefined || was.type === field.type
      ? []
      : [{ path: `fields[${i}].type`, message: `was ${was.type} and cannot become ${field.type}: leads have values of it; make a field with another key` }];
  });
}

type Complain = (path: string, message: string) => void;

function checkNames(config: Config, complain: Complain): void {
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ["stages", config.stages.map(({ id }) => id)],
    ["fields", config.fields.map(({ key }) => key)],
    ["facets", config.facets.map(({ id }) => id)],
    ["model.rules", config.model.rules.map(({ id }) => id)],
    ["definitions", config.definitions.map(({ stage }) => stage)],
    ["process.tasks", config.process.tasks.map(({ key, stage }) => `${key} at ${stage}`)],
    ["routing.rules", config.routing.rules.map(({ id }) => id)],
    ["users", config.users.map(({ id }) => id)],
    ["teams", config.teams.map(({ id }) => id)],
    ["opportunityStages", config.opportunityStages],
  ];
  for (const [path, names] of lists) names.forEach((name, i) => names.indexOf(name) < i && complain(`${path}[${i}]`, `"${name}" is there twice`));
  for (const [path, names] of lists)
    names.forEach((name, i) => TAKEN_NAMES.has(name) && complain(`${path}[${i}]`, `"${name}" is a name every object has; take another`));
}

/** Stages that capture, conversion, winning and losing lead to. */
const NEEDED_STAGES = ["opportunity", "customer", "rejected", "lost"];

function checkStages({ stages, acceptance, opportunityStages, routing }: Config, complain: Complain): void {
  const ids = stages.map(({ id }) => id);
  if (stages.filter(({ entry }) => entry === "capture").length !== 1) complain("stages", 'exactly one stage has the entry "capture": where leads begin');
  for (const id of NEEDED_STAGES) if (!ids.includes(id)) complain("stages", `the stage "${id}" is needed; it may be renamed by its label`);
  if (acceptance && !stages.some(({ id, entry }) => id === "sal" && entry === "acceptance"))
    complain("acceptance", 'needs a stage "sal" whose entry is "acceptance"');
  if (!opportunityStages.includes("presentation")) complain("opportunityStages", '"presentation" is needed: a lead converted with a next meeting opens there');
  opportunityStages.forEach(
    (stage, i) => (stage === "won" || stage === "lost") && complain(`opportunityStages[${i}]`, `"${stage}" is always there and not listed`),
  );
  stages.forEach(({ id, next = [] }, i) =>
    next.forEach((to, j) => {
      if (!ids.includes(to)) complain(`stages[${i}].next[${j}]`, `there is no stage "${to}"`);
      else if (to === id) complain(`stages[${i}].next[${j}]`, "is the stage itself");
    }),
  );
  routing.at.forEach((id, i) => !ids.includes(id) && complain(`routing.at[${i}]`, `there is no stage "${id}"`));
}

function checkModel(config: Config, complain: Complain): void {
  const { model, facets, fields } = config;
  const kinds: readonly string[] = TOUCH_KINDS;
  facets.forEach(({ id }, i) => kinds.includes(id) && complain(`facets[${i}].id`, `"${id}" is a kind of touch; a facet needs a name of its own`));
  fields.forEach(({ type, options = [] }, i) => type === "select" && options.length === 0 && complain(`fields[${i}].options`, "a select needs options"));
  if (model.floor > model.ceiling) complain("model.floor", "is above the ceiling");
  model.rules.forEach((rule, i) => {
    const path = `model.rules[${i}]`;
    if (rule.kind === "field") {
      checkFilter(config, rule.when, `${path}.when`, complain);
      for (const field of fieldsOf(rule.when))
        if (DECIDED.has(field) || field.startsWith("scores."))
          complain(`${path}.when`, `a score cannot depend on "${field}", which is decided from scores; use what is known or was done`);
    }
    if (rule.kind === "signal" && !isFacet(config, rule.facet)) complain(`${path}.facet`, `there is no kind of touch or facet "${rule.facet}"`);
    if (rule.kind === "filled")
      rule.fields.forEach(
        (field, j) =>
          !(PROFILE_KEYS as readonly string[]).includes(field) && complain(`${path}.fields[${j}]`, `"${field}" is none of ${PROFILE_KEYS.join(", ")}`),
      );
    if (rule.kind === "age")
      rule.steps.forEach(
        ({ days }, j) => j > 0 && days <= (rule.steps[j - 1]?.days ?? 0) && complain(`${path}.steps[${j}].days`, "steps go from fewer days to more"),
      );
  });
}

/** What scoring itself decides: a rule on it would read the answer of last time, and the order of arrival would matter. */
const DECIDED: ReadonlySet<string> = new Set(["score", "heat", "stage", "status", "stageAt", "owner", "team", "updatedAt"]);

function checkDefinitions(config: Config, complain: Complain): void {
  config.definitions.forEach((definition, i) => {
    const { stage, criteria } = definition;
    if (!config.stages.some(({ id }) => id === stage)) complain(`definitions[${i}].stage`, `there is no stage "${stage}"`);
    checkFilter(config, criteria, `definitions[${i}].criteria`, complain);
    checkAnswers(config, definition, `definitions[${i}]`, complain);
  });
  config.routing.rules.forEach(({ when }, i) => when !== null && checkFilter(config, when, `routing.rules[${i}].when`, complain));
}

/** Answers are asked of people or forms: what is counted or decided is none. */
function checkAnswers(config: Config, { answers = [], exits = [] }: Definition, path: string, complain: Complain): void {
  answers.forEach((field, i) => {
    const kind = kindOfField(field, customField(config));
    if (answers.indexOf(field) < i) complain(`${path}.answers[${i}]`, `"${field}" is there twice`);
    else if (kind === null) complain(`${path}.answers[${i}]`, `there is no field "${field}"`);
    else if (kind === "touches" || DECIDED.has(field) || field === "score" || field.startsWith("scores."))
      complain(`${path}.answers[${i}]`, `"${field}" is nothing that somebody answers; ask for it in the criteria`);
  });
  exits.forEach(({ stage }, i) => {
    const exit = config.stages.find(({ id }) => id === stage);
    if (exit === undefined) complain(`${path}.exits[${i}].stage`, `there is no stage "${stage}"`);
    else if (exit.line !== "exit") complain(`${path}.exits[${i}].stage`, `"${exit.label}" is no exit`);
    else if (exits.findIndex((other) => other.stage === stage) < i) complain(`${path}.exits[${i}].stage`, `"${stage}" is there twice`);
  });
}

function checkProcess(config: Config, complain: Complain): void {
  const { tasks } = config.process;
  tasks.forEach((task, i) => {
    const path = `process.tasks[${i}]`;
    checkOpenStage(config, task.stage, `${path}.stage`, complain);
    if (task.results.length === 0) complain(`${path}.results`, "a task ends somehow: give it a result");
    task.results.forEach(({ id, leadsTo }, j) => {
      if (task.results.findIndex((result) => result.id === id) < j) complain(`${path}.results[${j}]`, `"${id}" is there twice`);
      if (leadsTo !== undefined && "stage" in leadsTo) checkOpenStage(config, leadsTo.stage, `${path}.results[${j}].leadsTo`, complain);
    });
    task.form?.forEach(({ key }, j, form) => form.findIndex((field) => field.key === key) < j && complain(`${path}.form[${j}]`, `"${key}" is there twice`));
    if (task.starts === "entry") return;
    task.starts.afterAny.forEach(
      (key, j) =>
        !tasks.some((other) => other.key === key && other.stage === task.stage) &&
        complain(`${path}.starts.afterAny[${j}]`, `there is no task "${key}" at stage "${task.stage}"`),
    );
  });
}

function checkOpenStage(config: Config, id: string, path: string, complain: Complain): void {
  const stage = config.stages.find((candidate) => candidate.id === id);
  if (stage === undefined) complain(path, `there is no stage "${id}"`);
  else if (stageHidden(config, stage)) complain(path, `stage "${id}" is hidden while acceptance is off`);
}

function checkPeople({ users, teams, routing }: Config, complain: Complain): void {
  const known = new Set(users.map(({ id }) => id));
  teams.forEach((team, i) => {
    for (const part of ["members", "managers"] as const) {
      const ids = team[part] ?? [];
      ids.forEach(
        (id, j) =>
          (!known.has(id) || ids.indexOf(id) < j) && complain(`teams[${i}].${part}[${j}]`, known.has(id) ? "is there twice" : `there is no user ${id}`),
      );
    }
  });
  routing.rules.forEach(({ team }, i) => !teams.some(({ id }) => id === team) && complain(`routing.rules[${i}].team`, `there is no team "${team}"`));
  const { responsible } = routing.fallback;
  if (responsible !== null && !known.has(responsible)) complain("routing.fallback.responsible", `there is no user ${responsible}`);
}

const FILTER_FIELDS: Readonly<Record<FieldType, FilterField>> = { text: "text", select: "text", number: "number", boolean: "boolean", date: "date" };

function customField({ fields }: Config): (key: string) => FilterField | null {
  return (key) => {
    const field = fields.find((candidate) => candidate.key === key);
    return field === undefined ? null : FILTER_FIELDS[field.type];
  };
}

function checkFilter(config: Config, filter: unknown, path: string, complain: Complain): void {
  const problems = filterProblems(filter, customField(config));
  for (const problem of problems) complain(problem.path.replace(/^filter/, path), problem.message);
  if (problems.length > 0) return;
  for (const facet of facetsIn(filter)) if (!isFacet(config, facet)) complain(path, `there is no kind of touch or facet "${facet}"`);
}

/** The facets that a sound tree asks for. */
function facetsIn(filter: unknown): readonly string[] {
  if (Array.isArray(filter)) return filter.flatMap(facetsIn);
  const tree = filter as Record<string, unknown>;
  if (typeof tree["field"] === "string") return tree["field"].startsWith("touches.") ? [tree["field"].slice(8)] : [];
  return Object.values(tree).flatMap(facetsIn);
}

function isFacet({ facets }: Config, name: string): boolean {
  return (TOUCH_KINDS as readonly string[]).includes(name) || name.startsWith("form:") || facets.some(({ id }) => id === name);
}
