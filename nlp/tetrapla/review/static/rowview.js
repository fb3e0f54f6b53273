/**
 * A row as an element: its gutter, its cells with their texts, and what depends on the focus and the selection.
 */

import { renderCell, renderNothing } from "./cells.js";
import { el } from "./dialogs.js";
import { labelOf, renderGutter, spoken, versionOf } from "./gutter.js";
import { store } from "./store.js";
import { originalOf, textOf } from "./texts.js";

/** Languages whose characters are as wide as high. */
export const WIDE = new Set(["zh", "ja", "ko", "yue", "wuu"]);

const LINE = 24,
  LEAST = 58; // pixels of a line of text, and of the smallest row
const GUTTER = 150,
  PAD = 24; // pixels beside the texts
const WIDTHS = { wide: 16.5, narrow: 7.4 }; // pixels of a character, on average

/** Return how high a row will be, in pixels, from its characters; `width` is that of the grid. */
export function estimate(row, width) {
  const room = Math.max((width - GUTTER) / store.columns.length - PAD, 80);
  let lines = 0;
  for (const version of store.columns) {
    const spans = row.spans[version] ?? [];
    const length = spans.reduce((sum, [start, end]) => sum + end - start, 0);
    const letter = WIDTHS[WIDE.has(versionOf(version).language) ? "wide" : "narrow"];
    lines = Math.max(lines, Math.ceil((length * letter) / room) + 2 * Math.max(spans.length - 1, 0));
  }
  return Math.max(LEAST, lines * LINE + 18);
}

/** Return the heads of the columns. */
export function drawHead() {
  const heads = store.columns.map((id) => {
    const { language } = versionOf(id);
    const told = el("span", { text: language === id ? "" : language });
    return el("div", { role: "columnheader", "data-version": id }, el("b", { text: labelOf(id) }), told);
  });
  return [el("div", { role: "columnheader", class: "gutter", text: "Row" }), ...heads];
}

/** Return a row as an element with role row; `heightOf(id)` tells how high it is without its text. */
export function drawRow(row, heightOf) {
  const element = el("div", { role: "row", class: "row", "data-row": row.id }, renderGutter(row));
  for (const version of store.columns) {
    element.append(
      el("div", {
        role: "gridcell",
        class: "cell",
        tabindex: -1,
        lang: versionOf(version).language,
        "data-version": version,
      }),
    );
  }
  fillRow(element, row, heightOf);
  return element;
}

/** Put the texts into the cells of a row, as far as they are there. */
export function fillRow(element, row, heightOf) {
  for (const cell of element.querySelectorAll(".cell")) fill(cell, row, cell.dataset.version, heightOf);
  markRow(element, row.id);
}

function fill(cell, row, version, heightOf) {
  const none = !row.spans[version]?.length;
  const text = store.mode === "original" ? originalOf(row.id, version) : textOf(row.id, version);
  if (none) cell.replaceChildren(renderNothing(row, version, labelOf(version)));
  else if (text) cell.replaceChildren(renderCell(text, store.mode));
  else {
    const waiting = el("p", { class: "waiting" }, el("span", { class: "hear", text: "not loaded yet" }));
    waiting.style.setProperty("height", `${heightOf(row.id) - 20}px`);
    cell.replaceChildren(waiting);
  }
  cell.classList.toggle("none", none);
  cell.setAttribute("aria-busy", String(!none && !text));
}

/** Put on a row what depends on the focus and the selection; one element of the grid can be reached by Tab. */
export function markRow(element, id) {
  const { row, version, unit } = store.focus;
  const here = row === id;
  const chosen = store.selection.has(id);
  element.setAttribute("aria-label", spoken(store.rows.get(id)));
  element.setAttribute("aria-selected", String(chosen));
  element.classList.toggle("here", here);
  element.tabIndex = here && version === null ? 0 : -1;
  element.querySelector("[data-pick]").checked = chosen;
  for (const cell of element.querySelectorAll(".cell")) {
    const on = here && cell.dataset.version === version;
    const sentence = on && unit !== null ? cell.querySelector(`[data-unit="${unit}"]`) : null;
    cell.classList.toggle("here", on);
    cell.tabIndex = on && !sentence ? 0 : -1;
    const old = cell.querySelector(".s.here");
    if (old && old !== sentence) {
      old.classList.remove("here");
      old.tabIndex = -1;
    }
    if (!sentence) continue;
    sentence.classList.add("here");
    sentence.tabIndex = 0;
  }
}
