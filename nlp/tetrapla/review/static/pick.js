/**
 * Moving text to another row: what is to be moved is chosen first, then the row that it belongs to. While a row is
 * picked, the focus of the page is the aim: rows, map and search lead to it as always, and Enter moves.
 */
import { get } from "./api.js";
import { decide } from "./decide.js";
import { el } from "./dialogs.js";
import { numberOf } from "./gutter.js";
import { clear as clearPart, hold, inWords } from "./part.js";
import { store } from "./store.js";
import { textOf } from "./texts.js";

/** @typedef {{row: string, version: string, extent: "sentence"|"piece"|"cell"|"part", first: number, last: number, part?: import("./part.js").Part}} Taken */

/** @type {(Taken & {from: object})|null} */
let taken = null;
let bar, field, told;
let hits = null; // {text, rows, at}: what was searched for in the field
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

/** @returns {boolean} whether a row is being picked */
export const picking = () => taken !== null;

/** @returns {{piece: object, sentence: object}[]} the sentences of a cell with the pieces that they stand in */
export const sentencesOf = (row, version) =>
  (textOf(row, version)?.pieces ?? []).flatMap((piece) => piece.sentences.map((sentence) => ({ piece, sentence })));

/** @returns {string|null} the version that is meant: the focused one, or the only one beside the pivot */
export const versionMeant = () => store.focus.version ?? (store.chosen.length === 1 ? store.chosen[0] : null);

/** @returns {string|null} the row that goes by a number, as rows are counted in the document, or an id */
export function rowCalled(text) {
  if (store.rows.has(text)) return text;
  return /^\d+$/.test(text) ? store.order[Number(text) - 1] ?? null : null;
}

/** @returns {number[][]} the spans that were taken */
function spansOf({ row, version, extent, first, last, part }) {
  if (extent === "part") return part.spans;
  if (extent === "cell") return store.rows.get(row).spans[version];
  const units = sentencesOf(row, version).slice(first, last + 1);
  if (extent === "sentence") return units.flatMap(({ sentence }) => sentence.spans);
  return [...new Set(units.map(({ piece }) => piece))].map(({ span }) => span);
}

/** Begin to move a part that is selected, or else what is focused: the sentence, or the whole cell where none is. */
export function startPicking(at = store.focus, part = null) {
  if (part) return pickPart(part);
  const { row, unit } = at;
  const version = at.version ?? versionMeant();
  if (!version) return store.tell("Go to a column first, with ← or →: several are shown.", "error");
  if (!store.rows.get(row).spans[version]?.length) return store.tell("There is no text to move.", "error");
  const known = unit !== null && unit !== undefined && sentencesOf(row, version).length > 0;
  taken = { row, version, extent: known ? "sentence" : "cell", first: known ? unit : 0, last: known ? unit : 0, from: { row, version, unit } };
  hits = null;
  show();
}

function pickPart(part) {
  const { row, version, units } = part;
  const from = { row, version, unit: units[0].unit };
  taken = { row, version, extent: "part", part, first: from.unit, last: units.at(-1).unit, from };
  hits = null;
  hold(part);
  if (store.focus.row !== row || store.focus.version !== version) store.setFocus(from);
  show();
}

/** Take only what `extent` says: the sentence, its whole piece (passage), or all of the cell. */
export function takeExtent(extent) {
  if (extent !== "cell" && !sentencesOf(taken.row, taken.version).length) return;
  if (taken.part) clearPart();
  taken.extent = extent;
  show();
}

function extend(by) {
  const most = sentencesOf(taken.row, taken.version).length - 1;
  if (taken.part) clearPart();
  taken.extent = taken.extent === "piece" ? "piece" : "sentence";
  taken.last = Math.min(Math.max(taken.last + by, taken.first), Math.max(most, 0));
  show();
}

/** Leave without moving; the focus goes back to where the text is. */
export function stopPicking(message = "Nothing was moved.") {
  const { from } = taken;
  close();
  if (store.rows.has(from.row)) store.setFocus(from);
  if (message) store.tell(message);
}

function close() {
  const inside = bar.contains(document.activeElement);
  if (taken.part) clearPart();
  taken = null;
  bar.hidden = true;
  document.documentElement.classList.remove("picking");
  sheet.replaceSync("");
  if (inside) document.querySelector('#table [tabindex="0"]')?.focus({ preventScroll: true });
}

/**
 * Move what was taken.
 * @param {string|null} to  a row; null: one of its own
 * @param {number[][]|null} [beside]  the spans of the sentence of the pivot that it belongs beside
 */
export function moveTo(to, beside = null) {
  if (to === taken.row) return store.tell("It stands in this row: go to another one.", "error");
  const { row, version, from } = taken;
  const args = { version, spans: spansOf(taken), to, ...(beside ? { beside } : {}) };
  close();
  if (store.rows.has(from.row)) store.setFocus({ ...from, unit: null });
  decide("move", args, [row]);
}

const EXTENTS = [["sentence", "Sentence", "s"], ["piece", "Piece", "p"], ["cell", "Whole cell", "w"]];

function build() {
  field = el("input", { id: "pick-row", type: "text", autocomplete: "off", spellcheck: "false", enterkeyhint: "go", size: "14", "aria-describedby": "pick-what" });
  field.addEventListener("input", typed);
  field.addEventListener("keydown", inField);
  told = el("p", { id: "pick-what" });
  bar = el("section", { class: "pick-bar", "aria-label": "Move text to another row", hidden: true }, told,
    el("div", { role: "group", "aria-label": "What to move" }, ...EXTENTS.map(([extent, label, key]) =>
      el("button", { type: "button", "data-extent": extent, onclick: () => takeExtent(extent), "aria-keyshortcuts": key }, label, el("kbd", { "aria-hidden": "true", text: key })))),
    el("label", { for: "pick-row" }, "to row ", el("kbd", { "aria-hidden": "true", text: "/" })), field,
    el("button", { type: "button", class: "main", "data-go": "", onclick: () => moveTo(store.focus.row) }, "Move here", el("kbd", { "aria-hidden": "true", text: "Enter" })),
    el("button", { type: "button", onclick: () => moveTo(null) }, "A row of its own", el("kbd", { "aria-hidden": "true", text: "." })),
    el("button", { type: "button", onclick: () => stopPicking() }, "Leave", el("kbd", { "aria-hidden": "true", text: "Esc" })));
  document.getElementById("toolbox").append(bar);
}

function show() {
  field.value = hits ? field.value : "";
  bar.hidden = false;
  // The bar stands in place of the tools: a focus that was there would be lost.
  if (document.getElementById("tools").contains(document.activeElement)) field.focus();
  document.documentElement.classList.add("picking");
  for (const button of bar.querySelectorAll("[data-extent]")) button.setAttribute("aria-pressed", String(button.dataset.extent === taken.extent));
  const { row, version, extent, first, last } = taken;
  const cell = `#table [data-row="${CSS.escape(row)}"] [data-version="${CSS.escape(version)}"]`;
  const units = sentencesOf(row, version);
  const pieces = new Set(units.slice(first, last + 1).map(({ piece }) => piece));
  // A part is marked by itself.
  const lit = extent === "part" ? [] : extent === "cell" ? [cell] : units.flatMap(({ piece }, k) =>
    ((extent === "piece" ? pieces.has(piece) : k >= first && k <= last) ? [`${cell} [data-unit="${k}"]`] : []));
  if (!lit.length) sheet.replaceSync("");
  else sheet.replaceSync(`${lit.join(", ")} { background: color-mix(in srgb, var(--focus) 25%, transparent); outline: 1px dashed var(--focus) }`);
  aim();
}

const what = ({ extent, first, last, version, row, part }) => {
  if (extent === "part") return inWords(part);
  const from = `of ${version} in row ${numberOf(row)}`;
  if (extent === "cell") return `all ${from}`;
  if (extent === "piece") return `the piece ${from}`;
  return first === last ? `sentence ${first + 1} ${from}` : `sentences ${first + 1} to ${last + 1} ${from}`;
};

function aim() {
  if (!taken) return;
  const { row } = store.focus;
  const here = row === taken.row;
  told.textContent = here ? `Move ${what(taken)}: go to its row (↑ ↓, a number, / to search, or click it).` : `Move ${what(taken)} to row ${numberOf(row)}?`;
  bar.querySelector("[data-go]").setAttribute("aria-disabled", String(here));
  store.tell(here ? told.textContent : `${told.textContent} Enter moves it.`);
}

function typed() {
  hits = null;
  const row = rowCalled(field.value.trim());
  if (row && row !== taken.row) store.setFocus({ row, version: taken.version });
}

async function inField(event) {
  if (event.key === "Enter") {
    event.preventDefault();
    const text = field.value.trim();
    if (!text || rowCalled(text) || hits?.text === text) return moveTo(store.focus.row);
    const { rows } = await get(`documents/${encodeURIComponent(store.doc)}/search`, { q: text, versions: store.columns.join(",") });
    if (!taken) return;
    hits = { text, rows: rows.filter((id) => id !== taken.row), at: -1 };
    if (hits.rows.length) toHit(1);
    else {
      hits = null;
      store.tell(`“${text}” stands in no other row.`, "error");
    }
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (hits) toHit(event.key === "ArrowDown" ? 1 : -1);
    else store.next(() => true, event.key === "ArrowUp");
  } else if (event.key === "Escape") {
    event.stopPropagation();
    stopPicking();
  }
}

function toHit(by) {
  hits.at = (hits.at + by + hits.rows.length) % hits.rows.length;
  store.setFocus({ row: hits.rows[hits.at], version: taken.version });
  store.tell(`Hit ${hits.at + 1} of ${hits.rows.length}: row ${numberOf(store.focus.row)}. Enter moves the text here, ↓ goes to the next.`);
}

/** Take a key while a row is picked. @returns {boolean} whether it was one for this */
export function pickKey(key, shift) {
  if (shift && (key === "ArrowDown" || key === "J")) extend(1);
  else if (shift && (key === "ArrowUp" || key === "K")) extend(-1);
  else if (key === "Enter") moveTo(store.focus.row);
  else if (key === "Escape") stopPicking();
  else if (key === ".") moveTo(null);
  else if (key === "/") field.focus();
  else if (/^\d$/.test(key)) {
    field.value = key;
    field.focus();
    typed();
  } else {
    const extent = EXTENTS.find(([, , own]) => own === key.toLowerCase());
    if (!extent) return false;
    takeExtent(extent[0]);
  }
  return true;
}

/** Have rows picked by the mouse, and text dragged to them. */
export function startPick() {
  build();
  const table = document.getElementById("table");
  store.on("focus", aim);
  store.on("loaded", () => { if (taken) stopPicking(null); });
  // A row that somebody else took away cannot be moved from any more.
  store.on("rows", () => { if (taken && !store.rows.has(taken.row)) stopPicking("The row is no more: nothing was moved."); });
  table.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]")?.dataset.row;
    if (!taken || !row) return;
    event.preventDefault();
    event.stopPropagation();
    moveTo(row, besideOf(event.target));
  }, true);
}

/** The sentence of the pivot that was clicked or dropped upon, as spans. */
export function besideOf(target) {
  const unit = target.closest?.("[data-unit]")?.dataset.unit;
  const { row } = target.closest?.("[data-row]")?.dataset ?? {};
  const { version } = target.closest?.("[data-version]")?.dataset ?? {};
  if (unit === undefined || version !== store.pivot || taken?.version === store.pivot) return null;
  return sentencesOf(row, version)[Number(unit)]?.sentence.spans ?? null;
}
