/**
 * A part of a cell that is acted upon, in place of whole sentences: text that is selected by mouse or touch, or taken
 * in a dialog by keys. What is shown is mapped to the file by the "map" of its sentences; of a place where a repair is
 * made, all goes along.
 *
 * @typedef {{row: string, version: string, spans: number[][], text: string, units: Stretch[]}} Part
 *   `spans` are raw and in the order of the cell, `units` the sentences that it lies in
 * @typedef {{unit: number, from: number, to: number}} Stretch  of the text of a sentence, in UTF-16 units
 */
import { ask, el } from "./dialogs.js";
import { numberOf, versionOf } from "./gutter.js";
import { store } from "./store.js";
import { textOf } from "./texts.js";

const NAME = "part"; // of the highlight, and of the event that tells of a part

/** @type {Part|null} what was taken in the dialog, or is being moved */
let taken = null;
let held = false; // whether it stays when the focus goes elsewhere
let at = null; // the focus when text was last selected: with another one the selection does not count
let pressed = null; // what was selected when a button was pressed: a finger takes the selection away
let frame = 0;

/** @returns {Part|null} the part of a cell that decisions are about, null where there is none */
export const current = () => taken ?? selected() ?? pressed;

/** Let no part be acted upon any more. */
export function clear() {
  const selection = getSelection();
  if (selection?.type === "Range" && cellAt(selection.anchorNode)) selection.removeAllRanges();
  [taken, held, pressed] = [null, false, null];
  show();
}

/** Keep a part marked while a row for it is looked for, until `clear`. */
export function hold(part) {
  [taken, held] = [part, true];
  show();
}

const listOf = (row, version) => (textOf(row, version)?.pieces ?? []).flatMap(({ sentences }) => sentences);
const shown = ({ runs }) => runs.map(({ t }) => t).join("");

// --- from the text of a sentence to the file ------------------------------------------------------------------------

const codePoints = (text) => [...text].length;

/** Where an index of the text, at a border of the character `of`, stands in the file; a repair begins and ends there. */
function origin({ map }, text, index, of) {
  const [from, start, end] = map.findLast(([first]) => first <= of);
  const here = start + codePoints(text.slice(from, index));
  return end === undefined ? [here, here] : [start, end];
}

/** The raw span of a stretch of a sentence; empty where nothing of it stands in the file. */
function spanOf(sentence, text, from, to) {
  const [first, last] = [sentence.spans[0][0], sentence.spans.at(-1)[1]];
  const low = from === 0 ? first : origin(sentence, text, from, from)[0];
  const high = to === text.length ? last : origin(sentence, text, to, to - 1)[1];
  const start = Math.min(Math.max(low, first), last);
  return [start, Math.max(start, Math.min(high, last))];
}

/** What of a span a row holds: between pieces that a reviewer put together there may be blanks of others. */
const inRow = ([start, end], own) =>
  own.map(([from, to]) => [Math.max(start, from), Math.min(end, to)]).filter(([from, to]) => from < to);

/** @returns {Part|null} what some stretches of a cell come to, null where that is nothing */
function partOf(row, version, stretches) {
  const sentences = listOf(row, version), own = store.rows.get(row)?.spans[version] ?? [];
  const units = stretches.filter(({ unit, from, to }) => shown(sentences[unit]).slice(from, to).trim());
  const spans = units.flatMap(({ unit, from, to }) => inRow(spanOf(sentences[unit], shown(sentences[unit]), from, to), own));
  if (!spans.length) return null;
  return { row, version, spans, units, text: units.map(({ unit, from, to }) => shown(sentences[unit]).slice(from, to)).join("") };
}

// --- selected text --------------------------------------------------------------------------------------------------

const cellAt = (node) => (node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement)?.closest?.("#table .cell") ?? null;

/** The part that is selected, as long as the focus has not gone elsewhere and no rows are selected; else null. */
function selected() {
  const selection = getSelection();
  if (selection?.type !== "Range" || at !== store.focus || store.selection.size) return null;
  return partIn(selection.getRangeAt(0));
}

function partIn(range) {
  const [first, last] = [cellAt(range.startContainer), cellAt(range.endContainer)];
  // A selection of whole lines may end before what comes next.
  const within = first && first === last ? first : document.querySelector("#table .body");
  const units = [...(within?.querySelectorAll("[data-unit]") ?? [])].filter((unit) => range.intersectsNode(unit));
  const found = units.map((element) => ({ element, ...stretchOf(element, range) })).filter(({ from, to }) => from < to);
  const cells = new Set(found.map(({ element }) => cellAt(element)));
  if (cells.size !== 1) return null;
  const [cell] = cells, { row } = cell.closest("[data-row]").dataset, { version } = cell.dataset;
  const sentences = listOf(row, version);
  if (found.some(({ element, unit }) => !sentences[unit] || shown(sentences[unit]) !== element.textContent)) return null;
  return partOf(row, version, found.map(({ unit, from, to }) => ({ unit, from, to })));
}

/** What of the text of a sentence a range holds. */
function stretchOf(element, range) {
  const text = new Range();
  text.selectNodeContents(element);
  const length = text.toString().length;
  const before = (container, offset) => {
    const place = text.comparePoint(container, offset);
    if (place) return place < 0 ? 0 : length;
    const part = text.cloneRange();
    part.setEnd(container, offset);
    return part.toString().length;
  };
  return { unit: Number(element.dataset.unit), from: before(range.startContainer, range.startOffset), to: before(range.endContainer, range.endOffset) };
}

// --- taken by keys --------------------------------------------------------------------------------------------------

/** @returns {string} a part in words: "the selected part of en in row 38" */
export const inWords = ({ row, version }) => `the selected part of ${version} in row ${numberOf(row)}`;

const HOW = "Select with Shift+→, whole words with Ctrl+Shift+→; the arrows alone go to where the part begins. Enter takes it.";
const KEYS = "m moves it, e marks it as extra, f as furniture, t splits the row before it, Escape leaves it.";

function tell(part) {
  const text = part.text.trim();
  store.tell(`Selected “${text.length > 60 ? `${text.slice(0, 60)}…` : text}”, part of ${part.version} in row ${numberOf(part.row)}: ${KEYS}`);
}

/** Ask for a part of a sentence of a cell, or where `unit` is null of all of them, which are a line each. */
export async function takePart(row, version, unit) {
  const lines = listOf(row, version).map((sentence, k) => ({ unit: k, text: shown(sentence) })).filter(({ unit: k }) => unit === null || k === unit);
  if (!lines.some(({ text }) => text.trim())) return store.tell("There is no text to select from.", "error");
  const refused = el("p", { role: "alert" });
  const area = el("textarea", { id: "part-text", "aria-readonly": "true", inputmode: "none", spellcheck: "false", lang: versionOf(version).language, "aria-describedby": "part-how" });
  const text = lines.map((line) => line.text).join("\n");
  area.value = text;
  area.rows = Math.min(14, 1 + Math.ceil(text.length / 40));
  const answer = ask({
    title: `Take part of ${unit === null ? "the text" : `sentence ${unit + 1}`} of ${version} in row ${numberOf(row)}`,
    body: [el("p", { class: "field" }, el("label", { for: "part-text", text: "Text" }), area, el("small", { id: "part-how", text: HOW })), refused],
    buttons: [{ label: "Take it", value: "ok" }],
  });
  const { form } = area;
  area.setSelectionRange(0, 0);
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    form.requestSubmit();
  });
  // Browsers show no caret in a field that is readonly, and do not move it: here it moves, but nothing is written.
  area.addEventListener("beforeinput", (event) => event.preventDefault());
  area.addEventListener("input", () => { area.value = text; });
  let part = null;
  form.addEventListener("submit", (event) => {
    part = partOf(row, version, chosen(lines, area.selectionStart, area.selectionEnd));
    if (part) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // the dialog stays
    refused.textContent = "Nothing of the text is selected yet.";
    area.focus();
  }, true);
  if (!(await answer) || !store.rows.has(row)) return;
  if (store.focus.row !== row || store.focus.version !== version) store.setFocus({ row, version, unit });
  clear();
  taken = part;
  show();
  tell(part);
}

/** What a selection in the lines of a field comes to in each. */
function chosen(lines, start, end) {
  let at = 0;
  return lines.map(({ unit, text: { length } }) => {
    const [from, to] = [start - at, end - at].map((index) => Math.min(Math.max(index, 0), length));
    at += length + 1;
    return { unit, from, to };
  }).filter(({ from, to }) => from < to);
}

// --- on the page ----------------------------------------------------------------------------------------------------

function soon() {
  if (!taken && !window.CSS?.highlights?.has(NAME)) return;
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    mark();
  });
}

function show() {
  mark();
  store.emit(NAME, current());
}

/** Mark what was taken where it stands in the page; selected text the browser marks. */
function mark() {
  if (!window.CSS?.highlights) return;
  CSS.highlights.delete(NAME);
  const ranges = taken ? taken.units.map(rangeOf).filter(Boolean) : [];
  if (ranges.length) CSS.highlights.set(NAME, new Highlight(...ranges));
}

function rangeOf({ unit, from, to }) {
  const { row, version } = taken;
  const element = document.querySelector(`#table [data-row="${CSS.escape(row)}"] .cell[data-version="${CSS.escape(version)}"] [data-unit="${unit}"]`);
  const sentence = listOf(row, version)[unit];
  if (!element || !sentence || element.textContent !== shown(sentence)) return null;
  const range = new Range(), walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let before = 0, begun = false;
  while (walker.nextNode()) {
    const { data } = walker.currentNode, after = before + data.length;
    if (!begun && from < after) {
      range.setStart(walker.currentNode, from - before);
      begun = true;
    }
    if (to <= after) {
      range.setEnd(walker.currentNode, to - before);
      return range;
    }
    before = after;
  }
  return null;
}

/** What was taken is no more where its row went, or its text out of that. */
function check() {
  if (!taken || held) return soon();
  const own = store.rows.get(taken.row)?.spans[taken.version] ?? [];
  const there = taken.spans.every(([start, end]) => own.some(([from, to]) => from <= start && end <= to));
  if (there) soon();
  else clear();
}

/** Begin: follow what is selected, and where the focus goes. */
export function start() {
  document.addEventListener("selectionchange", () => {
    if (getSelection()?.type === "Range") at = store.focus;
    store.emit(NAME, current());
  });
  document.addEventListener("pointerup", ({ target, shiftKey }) => {
    const part = target.closest?.("#table") && !shiftKey ? selected() : null;
    if (part) tell(part);
  });
  document.addEventListener("pointerdown", ({ target }) => {
    pressed = target.closest?.("#toolbox") ? selected() : null;
  }, true);
  document.addEventListener("keydown", () => { pressed = null; }, true);
  store.on("focus", () => {
    if (!held) clear();
  });
  store.on("selection", () => { if (taken && !held) clear(); });
  for (const event of ["rows", "loaded"]) store.on(event, check);
  for (const event of ["cells", "mode", "order"]) store.on(event, soon);
  new MutationObserver(soon).observe(document.querySelector("#table .body"), { childList: true });
}
