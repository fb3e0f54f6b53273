/**
 * Who did what and when, the newest first, with undo and redo.
 */
import { get } from "./api.js";
import { clock, inNumbers, redo, reviewer, undo } from "./decide.js";
import { el } from "./dialogs.js";
import { store } from "./store.js";

const SHOWN = 40, ALL = 1000; // entries

let panel, list, undoing, redoing, more;
let entries = [];
let limit = SHOWN;

/** Begin: fill the panel and follow the store. */
export function start() {
  panel = document.getElementById("history");
  undoing = el("button", { type: "button", onclick: () => { if (ahead().undo) undo(); } });
  redoing = el("button", { type: "button", onclick: () => { if (ahead().redo) redo(); } });
  list = el("ol", { class: "entries", reversed: true });
  more = el("button", { type: "button", class: "more", hidden: true, onclick: showMore, text: "Show all" });
  panel.replaceChildren(el("h2", { id: "history-title", text: "History" }),
    el("p", { class: "turns" }, undoing, redoing), list, more);
  panel.setAttribute("aria-labelledby", "history-title");
  store.on("loaded", fetchAll);
  store.on("history", add);
}

/** Go to the history. */
export function toHistory() {
  document.body.classList.remove("folded");
  panel.scrollIntoView({ block: "nearest" });
  undoing.focus();
}

async function fetchAll() {
  const { doc } = store;
  turns();
  try {
    const answer = await get(`documents/${encodeURIComponent(doc)}/history`, { limit: limit + 1 });
    if (doc !== store.doc) return;
    entries = answer.entries;
    show();
  } catch (problem) {
    store.tell(`The history could not be fetched: ${problem.message}`, "error");
  }
}

function showMore() {
  limit = ALL;
  fetchAll();
}

function add(news = []) {
  const known = new Set(entries.map(({ id }) => id));
  entries = [...news.filter(({ id }) => !known.has(id)).reverse(), ...entries].slice(0, limit + 1);
  turns();
  show();
}

/** @returns {{undo: string|null, redo: string|null}} what undo would take back and redo do again */
export const ahead = () => store.review?.history ?? { undo: null, redo: null };

function turns() {
  const { undo: last, redo: next } = ahead();
  turn(undoing, "Undo", "u", last);
  turn(redoing, "Redo", "U", next);
}

function turn(button, word, key, told) {
  // Not disabled: the keyboard would be lost where a button is that has the focus.
  button.setAttribute("aria-disabled", String(!told));
  button.replaceChildren(told ? `${word}: ${inNumbers(told)} ` : `${word} `, el("kbd", { "aria-hidden": "true", text: key }));
}

function show() {
  const undone = new Set(entries.map(({ undoes }) => undoes).filter(Boolean));
  const me = reviewer();
  list.replaceChildren(...entries.slice(0, limit).map(({ id, at, by, told }) => el("li", { class: undone.has(id) ? "undone" : null },
    el("span", { text: inNumbers(told) }), undone.has(id) ? el("span", { class: "hear", text: " (undone)" }) : null,
    el("small", {}, `${by === me ? "you" : by}, `, el("time", { datetime: at, text: clock(at) })))));
  more.hidden = entries.length <= limit || limit === ALL;
}
