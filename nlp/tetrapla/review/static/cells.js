/**
 * The text of a row in one version: cleaned, with what was repaired or found marked in place by colour, line and
 * sign, concepts marked alike across the versions, sentences that answer to each other; or the original lines.
 */

import { el } from "./dialogs.js";
import { store } from "./store.js";

const SIGN = { applied: "✎", edited: "✎", offered: "?", rejected: "–", flagged: "!" };
const TOLD = {
  applied: "repaired",
  edited: "repaired by hand",
  offered: "repair offered",
  rejected: "repair rejected",
  flagged: "found",
};
const COLOURS = 8;

/** Return a cell's content: `cell` as the server gave it (mode "clean") or its original lines (mode "original"). */
export function renderCell(cell, mode = "clean") {
  const holder = document.createDocumentFragment();
  if (mode === "original") holder.append(...cell.pieces.map(originalPiece));
  else {
    let unit = 0;
    const told = new Set(); // marks whose sign stands in the cell already
    const several = cell.pieces.length > 1;
    for (const piece of cell.pieces) {
      const box = el("div", { class: piece.torn || several ? "piece seam" : "piece" });
      if (piece.torn || several) box.append(el("div", { class: "from" }, `${piece.torn ? "⌇ " : ""}${piece.from}`));
      const text = el("p", { title: several || piece.torn ? null : piece.from });
      for (const sentence of piece.sentences) text.append(renderSentence(sentence, unit++, cell, told));
      box.append(text);
      holder.append(box);
    }
  }
  return holder;
}

function renderSentence(sentence, unit, cell, told) {
  const weak = sentence.link !== null && sentence.score !== null && sentence.score < 0.5;
  const span = el("span", {
    class: `s${weak ? " weak" : ""}${sentence.link === null ? " alone" : ""}`,
    tabindex: -1,
    "data-unit": unit,
    "data-link": sentence.link,
    title: sentence.score === null ? null : `sentence linked with probability ${sentence.score.toFixed(2)}`,
  });
  span.append(...nested(sentence.runs, cell, told));
  return span;
}

/** Runs that follow each other under the same mark share one element; the longest mark is outermost. */
function nested(runs, cell, told) {
  // A sentence of which nothing is left has the sign of what took it away, even if that stands elsewhere, too.
  const empty = runs.every(({ t }) => t === "");
  const spread = new Map();
  for (const { m } of runs) for (const index of m) spread.set(index, (spread.get(index) ?? 0) + 1);
  const top = document.createDocumentFragment();
  const open = []; // [index of the mark, element]
  for (const { t, m } of runs) {
    const seen = t === "" ? m.filter((index) => cell.marks[index].finding && (empty || !told.has(index))) : m;
    const marks = [...seen].sort(
      (a, b) =>
        spread.get(b) - spread.get(a) ||
        Number("concept" in cell.marks[a]) - Number("concept" in cell.marks[b]) ||
        a - b,
    );
    let same = 0;
    while (same < open.length && same < marks.length && open[same][0] === marks[same]) same += 1;
    open.length = same;
    for (const index of marks.slice(same)) {
      const element = renderMark(cell.marks[index], cell, index, t);
      if (told.has(index) && !empty) element.classList.add("more");
      told.add(index);
      (open.at(-1)?.[1] ?? top).append(element);
      // A button may hold no other: a finding around another one is a group.
      if (cell.marks[index].finding)
        for (const [outer, around] of open) if (cell.marks[outer].finding) around.setAttribute("role", "group");
      open.push([index, element]);
    }
    (open.at(-1)?.[1] ?? top).append(t);
  }
  return [...top.childNodes];
}

function renderMark(mark, cell, index, text) {
  return mark.finding ? findingMark(mark, cell, index, text) : conceptMark(mark, cell, index);
}

function findingMark(mark, cell, index, text) {
  const type = store.review.types.find(({ name }) => name === mark.type) ?? { hue: 0, line: "solid", short: mark.type };
  const removed = text === "" && mark.replacement === "";
  const said = [`${mark.type}: ${TOLD[mark.state] ?? mark.state}`, mark.message, change(mark)]
    .filter(Boolean)
    .join(" – ");
  const element = el("span", {
    class: `f ${mark.state}${removed ? " removed" : ""}${mark.grade === "review" ? " ask" : ""}`,
    role: "button",
    tabindex: -1,
    title: said,
    "aria-description": said,
    "aria-label": removed ? `${mark.type}, removed: ${mark.text}` : null,
    "data-finding": mark.finding,
    "data-mark": index,
    "data-sign": `${SIGN[mark.state] ?? "!"}${type.short}`,
  });
  element.style.setProperty("--h", type.hue);
  element.style.setProperty("--line", type.line);
  return element;
}

function change(mark) {
  if (mark.replacement === null) return "";
  return mark.replacement === "" ? `take out “${mark.text}”` : `“${mark.text}” → “${mark.replacement}”`;
}

function conceptMark(mark, cell, index) {
  const place = store.rows.get(cell.row)?.concepts.indexOf(store.conceptIndex.get(mark.concept)) ?? 0;
  const status = mark.status ?? "preferred";
  return el("span", {
    class: `c c${Math.max(place, 0) % COLOURS} ${status}`,
    "data-concept": mark.concept,
    "data-mark": index,
    title: status === "preferred" ? mark.name : `${mark.name} – this form is ${status}`,
  });
}

function originalPiece(piece) {
  const box = el("div", { class: "piece raw" });
  for (const { number, text } of piece.lines) {
    box.append(
      el("span", { class: "number", text: String(number), "aria-label": `line ${number}` }),
      el("code", { text: text || " " }),
    );
  }
  return box;
}

/** Return what stands in a cell that has no text. */
export function renderNothing(row, version, label) {
  const verdict = row.verdicts[version];
  const told = verdict === "absent" ? `∅ rightly absent from ${label}` : `∅ nothing in ${label}`;
  return el("p", { class: "nothing", text: told });
}

/**
 * Have sentences and concepts that are pointed at or focused shown in all cells of the row, and clicks on marks told
 * as "open-finding" and "open-concept" ({mark, row, version, element}). `markOf(element)` returns the mark's record.
 */
export function watch(grid, markOf) {
  const lit = { s: null, c: null };
  const light = (row, kind, elements) => {
    const key = elements?.[0] ?? null;
    if (lit[kind]?.key === key) return;
    for (const element of lit[kind]?.elements ?? []) element.classList.remove("lit");
    for (const element of elements ?? []) element.classList.add("lit");
    lit[kind] = { key, elements: elements ?? [] };
  };
  const point = (target) => {
    const row = target.closest?.("[role=row]");
    const link = target.closest?.(".s")?.dataset.link;
    light(row, "s", link === undefined ? null : [...row.querySelectorAll(`.s[data-link="${CSS.escape(link)}"]`)]);
    const concept = target.closest?.(".c")?.dataset.concept;
    light(
      row,
      "c",
      concept === undefined ? null : [...grid.querySelectorAll(`.c[data-concept="${CSS.escape(concept)}"]`)],
    );
  };
  grid.addEventListener("pointerover", (event) => event.pointerType !== "touch" && point(event.target));
  grid.addEventListener("pointerleave", () => point(document.activeElement));
  grid.addEventListener("focusin", (event) => point(event.target));
  const open = (event) => {
    const element = event.target.closest("[data-mark]");
    if (!element || getSelection()?.toString()) return;
    const found = markOf(element);
    if (!found) return;
    const name = found.mark.finding ? "open-finding" : "open-concept";
    element.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { ...found, element } }));
  };
  grid.addEventListener("click", open);
  return { point };
}
