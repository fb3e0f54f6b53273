/**
 * Decisions: what the reviewer decided is put into a queue and posted in order, each with the revisions of the rows
 * as the reviewer saw them. Nothing leaves the queue before the server answered: what could not be saved, and what
 * somebody else was quicker to decide, stays in sight until it is dealt with.
 */
import { post } from "./api.js";
import { el } from "./dialogs.js";
import { numberOf } from "./gutter.js";
import { store } from "./store.js";

const SHORTEST = 2000, LONGEST = 30000; // milliseconds before a failed post is tried again by itself

const LATER = [403, 408, 429]; // a new server must be let in first, or an old one is slow: nothing wrong with the decision

/** @type {Item[]} the first one is under way */
const queue = [];
/** @type {Item[]} what others decided before */
const disputed = [];
const mine = new Set(); // ids of the entries that this page makes: it draws them, so that nothing is done twice
let running = false;
let failure = null; // why the first of the queue could not be posted
let timer = 0;
let wait = SHORTEST;

/** @typedef {{id: string, path: string, doc: string, op: string, names: string[], args: object, seen: Map<string, string>,
 *             done: (saved: boolean) => void, before?: object}} Item */

/** @returns {string} the name that decisions are kept under */
export const reviewer = () => store.by ?? store.me ?? "";

/** Keep decisions under this name from now on. */
export function setReviewer(name) {
  store.by = name;
}

/** @returns {{waiting: number, failed: boolean, disputed: number}} what is not saved yet */
export const unsaved = () => ({ waiting: queue.length, failed: failure !== null, disputed: disputed.length });

/** @returns {boolean} whether a decision on the row is still on its way */
export const isPending = (row) => queue.some(({ names }) => names.includes(row));

/**
 * Decide something on rows.
 * @param {string} op
 * @param {object} args
 * @param {string[]} [names]  the rows; those selected, or the focused one
 * @returns {Promise<boolean>} whether it was saved, once that is known
 */
export function decide(op, args, names = store.targets()) {
  return enter({ path: "decide", op, names, args, seen: new Map(names.map((id) => [id, store.rows.get(id)?.rev ?? ""])) });
}

/** Take back the reviewer's last decision, after all that is still on its way. */
export const undo = () => enter({ path: "undo", op: "undo", names: [], args: {}, seen: new Map() });

/** Do again what was undone last. */
export const redo = () => enter({ path: "redo", op: "redo", names: [], args: {}, seen: new Map() });

function enter(item) {
  return new Promise((done) => {
    const id = drawn();
    mine.add(id);
    queue.push({ ...item, id, doc: store.doc, by: reviewer() || null, done });
    show();
    run();
  });
}

/** @returns {string} 16 random hexadecimal digits; what is sent again under them is not done again */
const drawn = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The revision that a reviewer saw, or the one that his own decisions have made of it since. */
function revision(id, seen) {
  const now = store.rows.get(id)?.rev ?? "";
  return mine.has(now) ? now : seen;
}

async function run() {
  if (running) return;
  running = true;
  clearTimeout(timer);
  failure = null;
  while (queue.length && failure === null) {
    show();
    await send(queue[0]);
  }
  running = false;
  show();
}

async function send(item) {
  const { id, path, doc, by, op, names, args, seen } = item;
  const here = doc === store.doc;
  const body = { id, since: here ? store.n : 0, by };
  if (path === "decide") Object.assign(body, { op, args, rows: names.map((row) => ({ id: row, rev: here ? revision(row, seen.get(row)) : seen.get(row) })) });
  let changes;
  try {
    changes = await post(`documents/${encodeURIComponent(doc)}/${path}`, body);
  } catch (problem) {
    return refused(item, problem);
  }
  queue.shift();
  wait = SHORTEST;
  const own = changes.entries.find((entry) => entry.id === id);
  if (doc === store.doc) store.apply(changes);
  store.tell(own ? inNumbers(own.told) : "Saved."); // an answer that was lost, of what the page knows by now
  item.done(true);
}

function refused(item, problem) {
  const { path } = item;
  const { status, body } = problem;
  const told = inNumbers(problem.message);
  if (status === 409 && body.conflict && path === "decide") {
    queue.shift();
    item.before = body;
    disputed.push(item);
    if (body.changes && item.doc === store.doc) store.apply(body.changes);
    const by = body.conflict.map((one) => `${one.by}: ${inNumbers(one.told)}`).join("; ");
    store.tell(`Changed in the meantime by ${by || "somebody"}. What you decided is kept aside: ! goes to it.`, "conflict");
    show();
  } else if (status >= 400 && status < 500 && !LATER.includes(status)) {
    // What cannot be done at all will not be possible later either.
    queue.shift();
    store.tell(told, "error");
    item.done(false);
  } else {
    failure = told;
    store.tell(`Not saved: ${told}`, "error");
    timer = setTimeout(run, wait);
    wait = Math.min(wait * 2, LONGEST);
  }
}

function again(item) {
  disputed.splice(disputed.indexOf(item), 1);
  item.names = item.names.filter((id) => store.rows.has(id));
  item.seen = new Map(item.names.map((id) => [id, store.rows.get(id).rev]));
  queue.push(item);
  show();
  run();
}

function leave(item) {
  disputed.splice(disputed.indexOf(item), 1);
  store.tell(`Left as it is: ${named(item)}`);
  item.done(false);
  show();
}

const WORDS = { repair: "decide a repair", term: "set the status of a form", note: "note", clear: "take back the decision on" };
const named = ({ op, names }) => [WORDS[op] ?? op, rowsInWords(names)].join(" ").trim();

/** @returns {string} "row 12", "rows 12, 13 and 4 more" */
export function rowsInWords(ids) {
  if (!ids.length) return "";
  const numbers = ids.slice(0, ids.length > 4 ? 3 : 4).map(numberOf).join(", ");
  return `${ids.length === 1 ? "row" : "rows"} ${numbers}${ids.length > 4 ? ` and ${ids.length - 3} more` : ""}`;
}

/** What the panel and the line beside the tools say of what is not saved. */
function show() {
  store.emit("saving", unsaved());
  const panel = document.getElementById("unsaved") ?? document.getElementById("toolbox").appendChild(
    el("section", { id: "unsaved", class: "unsaved", "aria-label": "Decisions that are not saved", tabindex: "-1" }));
  panel.hidden = failure === null && disputed.length === 0;
  const inside = panel.contains(document.activeElement);
  panel.replaceChildren();
  if (failure !== null) {
    panel.append(el("div", { class: "trouble" },
      el("p", {}, el("b", { text: `Not saved: ${count(queue.length, "decision")}. ` }), failure),
      el("ul", {}, ...queue.slice(0, 5).map((item) => el("li", { text: named(item) }))),
      el("p", { class: "buttons" }, el("button", { type: "button", onclick: run, text: "Try again" }))));
  }
  for (const item of disputed) panel.append(dispute(item));
  if (inside && !panel.hidden) panel.querySelector("button")?.focus();
  else if (inside) document.querySelector('#table [tabindex="0"]')?.focus();
}

function dispute(item) {
  const { error, conflict } = item.before;
  return el("div", { class: "trouble" },
    el("p", {}, el("b", { text: `You wanted to ${named(item)}. ` }), conflict.length ? "In the meantime:" : inNumbers(error ?? "")),
    el("ul", {}, ...conflict.map(({ key, by, at, told }) =>
      el("li", { text: `${by}, ${clock(at)}: ${told ? inNumbers(told) : key}` }))),
    el("p", { class: "buttons" },
      el("button", { type: "button", onclick: () => go(item), text: "Show the row" }),
      el("button", { type: "button", onclick: () => again(item), text: "Do it all the same" }),
      el("button", { type: "button", onclick: () => leave(item), text: "Leave it as it is" })));
}

function go({ names: [row] }) {
  if (store.rows.has(row)) store.setFocus({ row });
}

/** @returns {string} a line of the program with the numbers of rows, as the page counts them, in place of their ids */
export const inNumbers = (told) => told.replace(/[\w+-]+/g, (word) => (store.rows.has(word) ? `row ${numberOf(word)}` : word));

/** Go to the panel of what is not saved. */
export const toUnsaved = () => document.querySelector("#unsaved button")?.focus();

/** @returns {string} a count with its noun */
export const count = (n, noun) => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;

/** @returns {string} the time of day, with the date if it was not today; `at` is in ISO 8601 */
export function clock(at) {
  const time = new Date(at);
  const today = time.toDateString() === new Date().toDateString();
  return time.toLocaleString("en-GB", today ? { hour: "2-digit", minute: "2-digit" } : { dateStyle: "medium", timeStyle: "short" });
}

// Whoever comes back to the page may have brought the program back.
for (const event of ["online", "focus"]) addEventListener(event, () => { if (failure !== null) run(); });
addEventListener("beforeunload", (event) => {
  if (queue.length || disputed.length) event.preventDefault();
});
