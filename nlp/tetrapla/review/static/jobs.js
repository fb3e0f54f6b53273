/**
 * Work in the background: aligning the rest again around what was confirmed, and checking again; how far it is, how
 * to stop it, and which rows it changed.
 */
import { del, post } from "./api.js";
import { markChanged } from "./changed.js";
import { count, inNumbers, reviewer } from "./decide.js";
import { el } from "./dialogs.js";
import { changeInWords, numberOf } from "./gutter.js";
import { store } from "./store.js";

const WORDS = { read: "Reading the texts", prepare: "Looking for concepts", check: "Checking", align: "Aligning the rest again" };

/** @type {Map<string, object>} the last job of each kind */
const jobs = new Map();
let changed = []; // rows that the last alignment set
let box;

/** @returns {boolean} whether work of a kind is under way */
export const working = (kind) => jobs.get(kind)?.state === "running";

/** Align the rest again around what was confirmed. */
export const alignAgain = () => begin("align");

/** Look for findings again, in the rows as they stand now. */
export const checkAgain = () => begin("check");

async function begin(kind) {
  try {
    take(await post(`documents/${encodeURIComponent(store.doc)}/jobs`, { kind, by: reviewer() || null }));
  } catch (problem) {
    store.tell(`Not started: ${problem.message}`, "error");
  }
}

async function stop({ id }) {
  try {
    await del(`documents/${encodeURIComponent(store.doc)}/jobs/${encodeURIComponent(id)}`);
  } catch (problem) {
    store.tell(`Not stopped: ${problem.message}`, "error");
  }
}

/** Go to the next row that the last alignment changed. */
export function stepChanged(backwards) {
  const there = new Set(changed.filter((id) => store.rows.has(id)));
  if (!there.size) return store.tell("No alignment was made again, or it changed nothing.");
  const id = store.next((row) => there.has(row.id), backwards);
  store.tell(id === null ? "No other row was changed." : `Row ${numberOf(id)}: ${changeInWords(id)}.`);
}

function goTo(id) {
  store.setFocus({ row: id });
  store.tell(`Row ${numberOf(id)}: ${changeInWords(id)}.`);
}

/** Close what is told of a kind of work. */
function leave(kind) {
  jobs.delete(kind);
  if (kind === "align") markChanged([]);
  show();
}

/** Begin: show what is under way and follow it. */
export function start() {
  box = el("section", { class: "jobs", "aria-label": "Work in the background", hidden: true });
  document.getElementById("toolbox").append(box);
  store.on("loaded", ({ same }) => {
    jobs.clear();
    // Of an alignment that ended before this page was opened, there is something to see only if it changed rows.
    for (const job of store.review.jobs ?? []) if (same || job.state !== "done" || job.changed?.length) jobs.set(job.kind, job);
    if (!same) changed = jobs.get("align")?.changed ?? [];
    show();
  });
  store.on("job", take);
  // The job may be known to have ended before the rows that it changed have come, and their numbers.
  store.on("rows", ({ order }) => {
    if (order && changed.length) show();
  });
}

function take(job) {
  const before = jobs.get(job.kind);
  if (before?.id === job.id && before.state !== "running" && job.state === "running") return; // came late
  jobs.set(job.kind, job);
  const ended = job.state !== "running" && (before?.id !== job.id || before.state === "running");
  if (ended && job.kind === "align" && job.state === "done") {
    changed = job.changed ?? [];
    markChanged(changed);
  }
  if (ended) store.tell(outcome(job), job.state === "failed" ? "error" : "ok");
  else if (before?.stage !== job.stage) store.tell(`${WORDS[job.kind]}: ${job.stage || "begun"}.`);
  show();
  store.emit("jobs");
}

function outcome(job) {
  if (job.state === "stopped") return `${WORDS[job.kind]}: stopped.`;
  if (job.state === "failed") return `${WORDS[job.kind]} failed: ${job.told}`;
  if (job.kind !== "align") return inNumbers(job.told || "") || `${WORDS[job.kind]}: done.`;
  return job.changed?.length ? `Aligned again: ${count(job.changed.length, "row")} changed. > goes through them, u takes it all back.` : "Aligned again: nothing changed.";
}

function show() {
  const inside = box.contains(document.activeElement) ? document.activeElement.dataset.act : undefined;
  const parts = [...jobs.values()].map(part).filter(Boolean);
  box.hidden = parts.length === 0;
  box.replaceChildren(...parts);
  if (inside !== undefined) (box.querySelector(`[data-act="${inside}"]`) ?? document.querySelector('#table [tabindex="0"]'))?.focus();
}

function part(job) {
  const { kind, state, stage, done, total, told } = job;
  const close = el("button", { type: "button", "data-act": `close ${kind}`, onclick: () => leave(kind), text: "Close" });
  if (state === "running") {
    const label = `${WORDS[kind]}${stage ? `: ${stage}` : ""}`;
    return el("div", { class: "job" }, el("p", { text: label }),
      el("progress", { "aria-label": label, max: total || null, value: total ? done : null }),
      kind === "read" || kind === "prepare" ? null : el("button", { type: "button", "data-act": `stop ${kind}`, onclick: () => stop(job), text: "Stop" }));
  }
  if (state === "stopped" || (kind !== "align" && state === "done")) return null; // the status line said so
  if (state === "failed") return el("div", { class: "job bad" }, el("p", { text: `${WORDS[kind]} failed: ${told}` }), close);
  const rows = changed.filter((id) => store.rows.has(id));
  if (!rows.length) return el("div", { class: "job" }, el("p", { text: outcome(job) }), close);
  return el("div", { class: "job" },
    el("p", { text: `Aligned again: ${count(rows.length, "row")} changed. Undo takes it all back.` }),
    el("ul", { class: "changed" }, ...rows.slice(0, 200).map((id) => el("li", {},
      el("button", { type: "button", "data-act": `row ${id}`, "aria-label": `row ${numberOf(id)}`, onclick: () => goTo(id), text: String(numberOf(id)) })))),
    el("p", { class: "buttons" },
      el("button", { type: "button", "data-act": "previous", onclick: () => stepChanged(true) }, "Previous", el("kbd", { "aria-hidden": "true", text: "<" })),
      el("button", { type: "button", "data-act": "next", onclick: () => stepChanged(false) }, "Next", el("kbd", { "aria-hidden": "true", text: ">" })),
      el("button", { type: "button", "data-act": "filter", onclick: () => store.setFilter({ search: "", hits: new Set(rows) }), text: "Only these" }), close));
}
