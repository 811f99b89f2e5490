/**
 * What a person does with the product in a pass of the bench: goes through the list, opens leads and comes back, filters,
 * sorts, jumps, looks somebody up, changes screens, writes, assigns and finishes a next step. All of it by real keys and clicks.
 */
import type { Hand } from "./interaction-hand.ts";
import type { Sight } from "./interaction-probe.ts";

const ROWS = '[role="grid"] [role="row"][id]';
const CURRENT = `${ROWS}[data-current]`;
const TIMELINE = 'section[aria-label="Timeline"]';
const STEPS = 'section[aria-labelledby="next-steps"]';
const DIALOG = '[role="dialog"][aria-modal="true"]';
const NOTICE = 'section[aria-label="Notices"] [role="status"]';

/** A lead is there when its name, its stages, its next steps and the first lines of its timeline are. */
const A_LEAD: readonly Sight[] = [
  { there: "main h1" },
  { there: 'ol[aria-label="Stages"] li' },
  { there: `${STEPS} ul` },
  { there: `${TIMELINE} [data-index]` },
  { there: '[aria-labelledby="score-why"] li' },
];
const ANOTHER_LEAD: readonly Sight[] = [{ other: "main h1" }, ...A_LEAD];
const A_LIST: readonly Sight[] = [{ there: "main h1", with: "Leads" }, { rows: "first" }];

/** The view of the bench: leads that wait for a call. Who receives a lead in the bench has none of them, so a lead that was worked leaves it. */
export const WORK = "Work";
export const RECEIVERS: readonly string[] = ["Rep 20", "Rep 21", "Rep 22", "Rep 23", "Rep 24"];
/** What is typed into the palette: the first three letters in a go, each of the next four is timed. */
const LOOKED_UP = ["kowalski", "schneider", "fernandez", "rodriguez", "johansson"] as const;

/** How many passes make up the bench; each is some fifty actions. */
export const PASSES = 5;

/** Begins and ends on the screen Leads, on all leads. @param pass from 0; no pass does the same to the same lead as another */
export async function workOnce(hand: Hand, pass: number): Promise<void> {
  await walkTheList(hand);
  await openAndBack(hand);
  await sortAndJump(hand);
  await filter(hand);
  await lookUp(hand, LOOKED_UP[pass % LOOKED_UP.length] as string);
  await workALead(hand, pass);
  await changeScreens(hand);
}

async function walkTheList({ act }: Hand): Promise<void> {
  for (let i = 0; i < 6; i++) await act("down the list", { keys: ["j"] }, [{ other: CURRENT }]);
  for (let i = 0; i < 2; i++) await act("up the list", { keys: ["k"] }, [{ other: CURRENT }]);
  await act("select", { keys: ["x"] }, [{ there: `${CURRENT}[aria-selected="true"]` }]);
  await act("select", { keys: ["x"] }, [{ there: `${CURRENT}[aria-selected="false"]` }]);
}

async function openAndBack({ act, page }: Hand): Promise<void> {
  await act("open a lead", { keys: ["Enter"] }, ANOTHER_LEAD);
  for (let i = 0; i < 3; i++) await act("next lead", { keys: ["j"] }, ANOTHER_LEAD);
  await act("previous lead", { keys: ["k"] }, ANOTHER_LEAD);
  await act("tab of the timeline", { click: `${TIMELINE} button:has-text("Changes")` }, [
    { there: `${TIMELINE} button[aria-pressed="true"]`, with: "Changes" },
    { there: `${TIMELINE} [data-index]` },
  ]);
  await act("tab of the timeline", { click: `${TIMELINE} button:has-text("All")` }, [
    { there: `${TIMELINE} button[aria-pressed="true"]`, with: "All" },
    { there: `${TIMELINE} [data-index]` },
  ]);
  await act("back to the list", { click: 'nav[aria-label="Where am I"] a' }, [{ there: "main h1", with: "Leads" }, { there: ROWS }]);
  await page.locator('[role="grid"]').hover({ position: { x: 5, y: 5 } });
}

const head = (label: string): string => `[role="columnheader"] button:has-text("${label}")`;
const sorted = (direction: "ascending" | "descending", label: string): readonly Sight[] => [
  { there: `[role="columnheader"][aria-sort="${direction}"]`, with: label },
  { other: ROWS },
  { there: '[role="grid"][aria-busy="false"]' },
];

async function sortAndJump({ act }: Hand): Promise<void> {
  await act("sort", { click: head("Score") }, sorted("descending", "Score"));
  await act("jump to the end", { keys: ["End"] }, [{ rows: "last" }]);
  await act("up the list", { keys: ["k"] }, [{ other: CURRENT }]);
  await act("jump to the beginning", { keys: ["Home"] }, [{ rows: "first" }]);
  await act("sort", { click: head("Name") }, sorted("descending", "Name"));
  await act("sort", { click: head("Name") }, sorted("ascending", "Name"));
}

async function filter({ act, page }: Hand): Promise<void> {
  await act("change the view", { click: '[role="tab"]:has-text("All")' }, [{ there: '[role="tab"][aria-selected="true"]', with: "All" }, { other: ROWS }]);
  await act("open the filter", { keys: ["f"] }, [{ there: 'input[aria-label="Field to filter by"]' }]);
  await page.keyboard.type("city");
  await act("choose a field", { keys: ["Enter"] }, [{ there: 'input[aria-label="Value"]' }]);
  await page.keyboard.type("Wien");
  await act("add a filter", { keys: ["Enter"] }, [{ there: '[role="group"][aria-label="Filter"]', with: "Wien" }, { other: ROWS }]);
  await act("take a filter away", { click: 'button[aria-label^="Remove City"]' }, [{ gone: 'button[aria-label^="Remove City"]' }, { other: ROWS }]);
}

const ANSWERED = '#palette-list:not([aria-busy="true"])';

async function lookUp({ act, page }: Hand, name: string): Promise<void> {
  const field = `${DIALOG} input[role="combobox"]`;
  await act("open the palette", { keys: ["Control+k"] }, [{ there: field }, { there: "#palette-list [role=option]" }]);
  await page.keyboard.type(name.slice(0, 3), { delay: 90 });
  for (let i = 3; i < 7; i++)
    await act("type in the palette", { keys: [name[i] as string] }, [
      { there: field, value: name.slice(0, i + 1) },
      { there: ANSWERED, with: "Found" },
    ]);
  await act("close the palette", { keys: ["Escape"] }, [{ gone: DIALOG }]);
}

async function workALead({ act, page }: Hand, pass: number): Promise<void> {
  const view = (name: string): readonly Sight[] => [{ there: '[role="tab"][aria-selected="true"]', with: name }, { rows: "first" }];
  await act("change the view", { click: `[role="tab"]:has-text("${WORK}")` }, view(WORK));
  for (let i = 0; i < 5; i++) await act("down the list", { keys: ["j"] }, [{ other: CURRENT }]);
  await act("open a lead", { keys: ["Enter"] }, ANOTHER_LEAD);
  await act("open the note", { keys: ["n"] }, [{ there: `${TIMELINE} textarea` }]);
  await act("close the note", { keys: ["Escape"] }, [{ gone: `${TIMELINE} textarea` }]);
  const to = RECEIVERS[pass % RECEIVERS.length] as string;
  await act("open assigning", { keys: ["a"] }, [{ there: `${DIALOG} input[role="combobox"], ${DIALOG} input` }, { there: '[role="option"]' }]);
  await page.keyboard.type(to.slice(0, -1), { delay: 60 });
  await act("type a name", { keys: [to.slice(-1)] }, [
    { there: `${DIALOG} input`, value: to },
    { there: '[role="option"]', with: to },
  ]);
  await act("assign", { keys: ["Enter"] }, [{ gone: DIALOG }, { there: NOTICE, with: `is given to ${to}` }]);
  await act("open a next step", { click: `${STEPS} button:has-text("Log call…")` }, [{ there: `${STEPS} form` }]);
  await act("finish a next step", { keys: ["Enter"] }, [{ gone: `${STEPS} form` }, { there: NOTICE, with: ": done" }]);
}

async function changeScreens({ act, page }: Hand): Promise<void> {
  await act("go to My day", { keys: ["g", "d"] }, [
    { there: "main h1", with: "My day" },
    { there: '[role="region"][aria-label="My day"] button[aria-current]' },
  ]);
  await page.keyboard.press("j"); // the first is the one the keys are on
  await act("down the day", { keys: ["j"] }, [{ other: 'main button[aria-current="true"]' }]);
  await act("go to Pipeline", { keys: ["g", "p"] }, [{ there: "main h1", with: "Pipeline" }, { there: '[aria-label="Pipeline by stage"] [data-deal]' }]);
  await act("go to Leads", { keys: ["g", "l"] }, A_LIST);
  await page.locator('[role="grid"]').hover({ position: { x: 5, y: 5 } });
}
