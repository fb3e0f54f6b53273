/**
 * The rows as a grid of which only what is near the view is in the document. A row's height is estimated from its
 * characters until it was drawn and measured; whatever grows or shrinks, the row that is looked at stays where it is.
 */

import { watch } from "./cells.js";
import { el } from "./dialogs.js";
import { versionOf } from "./gutter.js";
import { WIDE, drawHead, drawRow, estimate, fillRow, markRow } from "./rowview.js";
import { store } from "./store.js";
import { textOf, want } from "./texts.js";

let grid, head, body;
const drawn = new Map(); // row id -> element
const measured = new Map(); // row id -> height
let places = new Map(); // row id -> index in store.shown
let tops = new Float64Array(1);
let frame = 0;

const observer = new ResizeObserver((entries) => {
  const news = entries.filter(({ target, borderBoxSize }) => {
    const height = borderBoxSize[0].blockSize;
    const id = target.dataset.row;
    if (!target.isConnected || !height || Math.abs((measured.get(id) ?? 0) - height) < 0.5) return false;
    measured.set(id, height);
    return true;
  });
  if (news.length) steady(() => {});
});

/** Begin: make the grid in #table and follow the store. */
export function start() {
  head = el("div", { role: "row", class: "head", "aria-rowindex": 1 });
  body = el("div", { role: "rowgroup", class: "body" });
  grid = el(
    "div",
    { role: "grid", class: "grid", "aria-multiselectable": "true", "aria-label": "Rows of the alignment" },
    el("div", { role: "rowgroup", class: "heads" }, head),
    body,
  );
  document.getElementById("table").append(grid);
  grid.addEventListener("scroll", soon, { passive: true });
  new ResizeObserver(resized).observe(grid);
  grid.addEventListener("click", clicked);
  watch(grid, markOf);
  store.on("loaded", ({ same }) => relaid(same));
  store.on("columns", () => relaid());
  store.on("mode", () => relaid());
  store.on("order", () => steady(() => redrawAll()));
  store.on("rows", ({ changed, order }) => {
    for (const id of changed) measured.delete(id);
    steady(() => (order ? redrawAll() : changed.forEach(redraw)));
  });
  store.on("changed", ({ rows }) => steady(() => rows.forEach(redraw)));
  store.on("cells", ({ rows }) => steady(() => rows.forEach(refill)));
  store.on("focus", focused);
  store.on("selection", () => drawn.forEach(markRow));
}

/** Return the cell of a row in a version, or null where the row is not drawn. */
const cellOf = (row, version) =>
  drawn.get(row)?.querySelector(`[data-version="${CSS.escape(version)}"]`) ?? null;

/** Return the element of a sentence in a cell, or null. */
const unitElement = (row, version, unit) => cellOf(row, version)?.querySelector(`[data-unit="${unit}"]`) ?? null;

/** Return the ids of the rows in view. */
export function inView(height = grid.clientHeight) {
  const [first, last] = range(0, height);
  return store.shown.slice(first, last + 1);
}

/** Bring a row into view, with a little room around it; a row that is far away comes to the upper third. */
function scrollToRow(id) {
  const place = places.get(id);
  if (place === undefined) return;
  const [top, height] = [tops[place], tops[place + 1] - tops[place]];
  const [room, at] = [viewHeight(), grid.scrollTop];
  const margin = Math.min(40, room / 8);
  if (top >= at && top + height <= at + room) return drawNear();
  const far = top > at + 2 * room || top + height < at - room;
  if (height > room || top < at) grid.scrollTop = Math.max(0, far ? top - room / 3 : top - margin);
  else grid.scrollTop = far ? top - room / 3 : top + height - room + margin;
  if (height > room) grid.scrollTop = top;
  drawNear();
}

/** Draw what is in view at once, what is near it with the next frame. */
function drawNear() {
  render(true);
  soon();
}

/** Draw all anew; `stay` leaves the rows in view where they are, as where only more became known of them. */
function relaid(stay = false) {
  head.replaceChildren(...drawHead());
  grid.setAttribute("aria-colcount", store.columns.length + 1);
  const widths = store.columns.map((id) => `minmax(0, ${WIDE.has(versionOf(id).language) ? 0.8 : 1}fr)`);
  grid.style.setProperty("--columns", widths.join(" "));
  grid.classList.toggle("many", store.columns.length > 2);
  grid.classList.toggle("original", store.mode === "original");
  steady(() => {
    measured.clear();
    redrawAll();
  });
  if (store.focus.row !== null && !stay) scrollToRow(store.focus.row);
}

let [width, height] = [0, 0];
function resized() {
  // What opens below or above the rows (a card, a strip) does not cover the one that is focused.
  const less = grid.clientHeight < height && inView(height).includes(store.focus.row);
  height = grid.clientHeight;
  if (less) scrollToRow(store.focus.row);
  if (grid.clientWidth !== width) {
    width = grid.clientWidth;
    steady(() => measured.clear());
    for (const [id, element] of drawn) measured.set(id, element.offsetHeight);
    steady(() => {});
  } else soon();
}

const viewHeight = (height = grid.clientHeight) => Math.max(height - head.offsetHeight, 50);

/** Return the height of a row, as it was measured or else estimated. */
const heightOf = (id) => measured.get(id) ?? estimate(store.rows.get(id), grid.clientWidth);

function place() {
  places = new Map(store.shown.map((id, index) => [id, index]));
  if (tops.length !== store.shown.length + 1) tops = new Float64Array(store.shown.length + 1);
  store.shown.forEach((id, index) => {
    tops[index + 1] = tops[index] + heightOf(id);
  });
  body.style.setProperty("height", `${tops.at(-1)}px`);
  grid.setAttribute("aria-rowcount", store.shown.length + 1);
}

const indexAt = (offset) => {
  let [low, high] = [0, store.shown.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (tops[middle] <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
};

function range(margin, height = grid.clientHeight) {
  const [at, room] = [grid.scrollTop, viewHeight(height)];
  return [indexAt(at - margin), indexAt(at + room + margin)];
}

/** Do something that moves rows, and have the focused row (or else the first in view) stay where it is on screen. */
function steady(change) {
  if (!store.review) return;
  const [at, room] = [grid.scrollTop, viewHeight()];
  const seen = (id) => {
    const index = places.get(id);
    return index !== undefined && index < tops.length - 1 && tops[index + 1] > at && tops[index] < at + room;
  };
  const old = [...places.keys()];
  const first = places.size ? Math.min(indexAt(at), old.length - 1) : 0;
  const anchors = [...(seen(store.focus.row) ? [store.focus.row] : []), ...old.slice(first, first + 20)];
  const offsets = anchors.map((id) => tops[places.get(id)] - at);
  change();
  place();
  const kept = anchors.findIndex((id) => places.has(id));
  if (kept >= 0) {
    const wanted = tops[places.get(anchors[kept])] - offsets[kept];
    if (Math.abs(wanted - grid.scrollTop) >= 1) grid.scrollTop = wanted;
  }
  render();
}

function soon() {
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    render();
  });
}

/** Draw what is in view; what is near the view, too, unless that has to wait for the next frame (`now`). */
function render(now = false) {
  if (!store.review) return;
  const near = new Set();
  const [top, bottom] = store.shown.length ? range(0) : [0, -1];
  const [first, last] = store.shown.length ? range(viewHeight()) : [0, -1];
  for (let index = first; index <= last; index += 1) {
    if (!now || (index >= top && index <= bottom) || drawn.has(store.shown[index])) near.add(store.shown[index]);
  }
  // The focused row stays in the document, for the keyboard's sake.
  if (places.has(store.focus.row)) near.add(store.focus.row);
  for (const [id, element] of drawn) if (!near.has(id)) drop(id, element);
  let before = null;
  for (const id of [...near].sort((a, b) => places.get(a) - places.get(b))) {
    const element = drawn.get(id) ?? draw(id);
    if (before ? before.nextSibling !== element : body.firstChild !== element)
      body.insertBefore(element, before ? before.nextSibling : body.firstChild);
    // No transform: what sticks to the top within a row would not heed it.
    element.style.setProperty("top", `${tops[places.get(id)]}px`);
    element.setAttribute("aria-rowindex", places.get(id) + 2);
    before = element;
  }
  const seen = store.shown.slice(top, bottom + 1);
  const focus = places.has(store.focus.row) ? [store.focus.row] : [];
  want([...new Set([...focus, ...seen, ...(store.mode === "clean" ? near : [])])]);
}

function drop(id, element) {
  observer.unobserve(element);
  element.remove();
  drawn.delete(id);
}

function redrawAll() {
  const inside = body.contains(document.activeElement);
  for (const [id, element] of drawn) drop(id, element);
  place();
  render();
  if (inside) takeFocus(true);
}

function draw(id) {
  const element = drawRow(store.rows.get(id), heightOf);
  drawn.set(id, element);
  body.append(element);
  observer.observe(element);
  return element;
}

/** Make a row anew that changed; where the keyboard stood in it, it stands there again. */
function redraw(id) {
  const element = drawn.get(id);
  if (!element || !store.rows.has(id)) return;
  const inside = element.contains(document.activeElement);
  drop(id, element);
  if (!places.has(id)) return;
  draw(id);
  if (inside) takeFocus(true);
}

function refill(id) {
  const element = drawn.get(id),
    row = store.rows.get(id);
  if (!element || !row) return;
  const inside = element.contains(document.activeElement);
  fillRow(element, row, heightOf);
  if (inside) takeFocus(true);
}

function focused({ row, was }) {
  const before = drawn.get(was.row);
  scrollToRow(row);
  if (before && was.row !== row && store.rows.has(was.row)) markRow(before, was.row);
  const element = drawn.get(row);
  if (element) markRow(element, row);
  const active = document.activeElement;
  takeFocus(active === null || active === document.body || active.id === "table" || grid.contains(active));
}

/** Put the keyboard's focus where the store has it, and bring a sentence of a tall row into view. */
function takeFocus(take) {
  const { row, version, unit } = store.focus;
  const target =
    (unit !== null && unitElement(row, version, unit)) || (version !== null && cellOf(row, version)) || drawn.get(row);
  if (!target) return;
  if (take) target.focus({ preventScroll: true });
  if (unit === null) return;
  const box = target.getBoundingClientRect(),
    room = grid.getBoundingClientRect();
  if (box.top < room.top + head.offsetHeight) grid.scrollTop -= room.top + head.offsetHeight - box.top + 20;
  else if (box.bottom > room.bottom)
    grid.scrollTop += Math.min(box.bottom - room.bottom + 20, box.top - room.top - head.offsetHeight - 20);
}

function clicked(event) {
  const id = event.target.closest(".row")?.dataset.row;
  if (id === undefined) return;
  if (event.target.closest(".pick")) {
    if (event.target.tagName !== "INPUT") return;
    if (event.shiftKey) store.selectRange(id);
    else store.toggleSelect(id);
  } else if (event.shiftKey) store.selectRange(id);
  else if (event.ctrlKey || event.metaKey) store.toggleSelect(id);
  if (getSelection()?.type === "Range" && !event.shiftKey) return; // text is being selected, to be copied
  const version = event.target.closest(".cell")?.dataset.version ?? null;
  const unit = event.target.closest("[data-unit]")?.dataset.unit;
  store.setFocus({ row: id, version, unit: unit === undefined ? null : Number(unit) });
}

function markOf(element) {
  const row = element.closest(".row")?.dataset.row,
    version = element.closest(".cell")?.dataset.version;
  const mark = textOf(row, version)?.marks[Number(element.dataset.mark)];
  return mark ? { mark, row, version } : null;
}
