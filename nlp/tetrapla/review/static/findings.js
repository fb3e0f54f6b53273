/**
 * The mark that decisions are about: a finding or a mention of a concept. Keys step through the marks of a row and on
 * to the next row, or to the next row with the same kind of problem.
 */
import { get } from "./api.js";
import { decide } from "./decide.js";
import { editDialog } from "./dialogs.js";
import { numberOf } from "./gutter.js";
import { store } from "./store.js";
import { textOf } from "./texts.js";
import { isAbsent } from "./view.js";

/** @typedef {{row: string, version: string, mark: object}} Current */

// Kinds of problems that no finding stands for: a form that is not the one of its version, and nothing at all.
const INCONSISTENT = "inconsistent", ABSENT = "absent";

/** @type {Current|null} */
let current = null;
let kind; // of problem, that was gone through last
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

/** @returns {Current|null} the finding or mention that decisions are about */
export const currentMark = () => current;

/** @returns {boolean} whether that is a finding (of a type) */
export const onFinding = (type) => current?.mark.finding !== undefined && (!type || current.mark.type === type);

/** @returns {boolean} whether that is a finding with a repair to accept */
export const hasRepair = () => onFinding() && ((current.mark.replacement ?? null) !== null || current.mark.type === "duplicate");

/** Decisions are about this mark from now on; null: about none. */
export function setMark(next) {
  current = next;
  sheet.replaceSync(current ? `${selector(current.mark)} { outline: 3px solid var(--focus); outline-offset: 1px }` : "");
  store.emit("mark", current);
}

const selector = ({ finding, concept }) =>
  finding !== undefined ? `#table [data-finding="${CSS.escape(finding)}"]` : `#table [data-concept="${CSS.escape(concept)}"]`;

/** The marks of a cell in the order of the text; each once. */
function marksOf(cell, fits) {
  const order = new Set(cell.pieces.flatMap(({ sentences }) => sentences.flatMap(({ runs }) => runs.flatMap(({ m }) => m ?? []))));
  return [...order].map((k) => cell.marks[k]).filter(fits);
}

const isFinding = ({ finding }) => finding !== undefined;
/** With a filter by findings, only those that it asks for are stepped through. */
const isWanted = (mark) => isFinding(mark) && ofFilter(mark.type);
const ofFilter = (type) => {
  const { type: only, group } = store.filter;
  return (!only || type === only) && (!group || (store.groupOf.get(type) ?? "other") === group);
};
const isMention = (mark) => !isFinding(mark);

/** The cells of a row in the columns on display; those that were not fetched yet are asked for. */
async function cellsOf(row) {
  const full = store.columns.filter((version) => store.rows.get(row)?.spans[version]?.length);
  const lacking = full.filter((version) => textOf(row, version) === null);
  const fetched = lacking.length
    ? await get(`documents/${encodeURIComponent(store.doc)}/cells`, { rows: row, versions: lacking.join(",") }) : { cells: [] };
  return full.map((version) => textOf(row, version) ?? fetched.cells.find((cell) => cell.version === version)).filter(Boolean);
}

/** All marks of a row in the columns on display, from left to right. */
async function marksIn(row, fits) {
  const cells = await cellsOf(row);
  return cells.flatMap((cell) => marksOf(cell, fits).map((mark) => ({ row, version: cell.version, mark })));
}

const same = (one, other) =>
  one !== null && one.row === other.row && one.version === other.version
  && (one.mark.finding !== undefined ? one.mark.finding === other.mark.finding : one.mark === other.mark);

/** Go to the next finding of the row, or the first one of the next row that has any. */
export const stepFinding = (backwards) => step(backwards, isWanted, hasFinding, "finding");

/** Go to the next mention of a concept. */
export const stepMention = (backwards) => step(backwards, isMention, ({ concepts }) => concepts?.length > 0, "mention");

const hasFinding = (row) => kindsIn(row).some((type) => type !== INCONSISTENT && type !== ABSENT);

async function step(backwards, fits, has, noun) {
  const { row } = store.focus;
  if (!row) return;
  const here = await marksIn(row, fits);
  const at = here.findIndex((one) => same(current, one));
  const next = at < 0 ? (backwards ? here.length - 1 : 0) : at + (backwards ? -1 : 1);
  if (here[next]) return goTo(here[next], `${noun} ${next + 1} of ${here.length} in row ${numberOf(row)}`);
  if (!store.next(has, backwards)) return store.tell(store.review.checked ? `No further ${noun}.` : `No further ${noun} so far: the texts are still being checked.`);
  const there = await marksIn(store.focus.row, fits);
  if (there.length) goTo(there.at(backwards ? -1 : 0), `${noun} ${backwards ? there.length : 1} of ${there.length} in row ${numberOf(store.focus.row)}`);
}

function goTo(found, where) {
  setMark(found);
  // The card is shown beside, before the row comes into view; the focus stays in the table, so that keys go on.
  store.emit("show-mark", found);
  store.setFocus({ row: found.row, version: found.version, unit: unitOf(found) });
  store.tell(`${where}: ${inWords(found.mark)}`);
}

/** The sentence that a mark begins in, by its number in the cell. */
function unitOf({ row, version, mark }) {
  const cell = textOf(row, version);
  const k = cell ? cell.marks.indexOf(mark) : -1;
  const unit = cell ? cell.pieces.flatMap(({ sentences }) => sentences).findIndex(({ runs }) => runs.some(({ m }) => m?.includes(k))) : -1;
  return unit < 0 ? null : unit;
}

/** @returns {string} a mark for people who hear the page */
export function inWords(mark) {
  if (mark.finding === undefined) return `${mark.name}, ${mark.status}`;
  const repair = mark.replacement === null || mark.replacement === undefined ? "" : mark.replacement === "" ? ", to be taken out" : `, would read “${mark.replacement}”`;
  return `${mark.type}, ${mark.state}: “${mark.text.length > 80 ? `${mark.text.slice(0, 80)}…` : mark.text}”${repair}`;
}

/** Go to the next row with the same kind of problem: that of the current finding, or the last one, or the row's first. */
export async function nextOfKind(backwards) {
  const row = store.rows.get(store.focus.row);
  if (!row) return;
  const kinds = kindsIn(row);
  if (onFinding() && ofFilter(current.mark.type)) kind = current.mark.type;
  else if (!kinds.includes(kind)) [kind] = kinds;
  if (kind === undefined) return store.tell("No quality problem in this row: w goes to the next finding.");
  const wanted = kind;
  if (store.next((other) => kindsIn(other).includes(wanted), backwards) === null) return store.tell(`No other row has this: ${wanted}.`);
  const marks = await marksIn(store.focus.row, (mark) => (wanted === INCONSISTENT ? isMention(mark) && mark.status !== "preferred" : mark.type === wanted));
  const there = wanted === INCONSISTENT ? marks.filter(({ version }) => version !== store.pivot) : marks;
  if (there.length) goTo(there[0], `${wanted} in row ${numberOf(store.focus.row)}`);
  else store.tell(`${wanted} in row ${numberOf(store.focus.row)}`);
}

/** The kinds of problems of a row in the columns on display: types of findings, and that a version is missing. */
function kindsIn(row) {
  const types = store.columns.flatMap((version) => Object.entries(row.counts?.[version] ?? {}).filter(([type, n]) => n > 0 && ofFilter(type)).map(([type]) => type));
  return store.chosen.some((version) => isAbsent(row, version, store.pivot)) ? [...types, ABSENT] : types;
}

/**
 * Decide about the repair of the current finding, and go on to the next one in its row.
 * @param {"accepted"|"rejected"|null} decision  null takes a decision back
 * @param {object} [more]  `keep`: "this" | "other", of a duplicate
 */
export async function judge(decision, more = {}) {
  const { row, mark } = current;
  const next = await marksIn(row, isWanted);
  const at = next.findIndex((one) => same(current, one));
  const saved = decide("repair", { finding: mark.finding, decision, ...more }, [row]);
  if (decision !== null && next[at + 1]) goTo(next[at + 1], `finding ${at + 2} of ${next.length} in row ${numberOf(row)}`);
  await saved;
}

/** Write the repair of the current finding oneself. */
export async function editRepair() {
  const { row, version, mark } = current;
  const replacement = await editDialog(mark, language(version));
  if (replacement !== null) await decide("repair", { finding: mark.finding, decision: "edited", replacement }, [row]);
}

/** @returns {string} the language of a version */
export const language = (version) => store.review.versions.find(({ id }) => id === version)?.language ?? "";

// A cell that was drawn anew has new marks: the current one is the same finding as it stands now.
function follow() {
  if (!current) return;
  const cell = textOf(current.row, current.version);
  const mark = cell?.marks.find((one) => one.finding !== undefined && one.finding === current.mark.finding);
  if (!mark || mark === current.mark) return;
  current = { ...current, mark };
  store.emit("mark", current);
}

store.on("cells", follow);
store.on("focus", () => {
  if (current && current.row !== store.focus.row) setMark(null);
});
