/**
 * What the last alignment changed: the rows, until something is decided on them or the list is closed, and what came
 * into them or went. Before and after are compared by the places of the texts in their files.
 *
 * @typedef {{version: string, came: number, from: string[], went: number, to: string[], scores: number[]}} Change
 *   characters, and the rows that they were in before, or are in now; the probability before and now if it changed
 */

import { store } from "./store.js";

const marked = new Set();
let entry = null; // the id of the alignment in the journal
let before = null; // the rows as they stood before it, where the page saw them
let known = new Map(); // the rows as they stand
let touched = []; // ids of rows that the last changes were about

/** Mark these rows, and no others, as changed. */
export function markChanged(ids) {
  const rows = [...new Set([...marked, ...ids])];
  marked.clear();
  for (const id of ids) marked.add(id);
  store.emit("changed", { rows });
}

/** @returns {boolean} whether a row is marked as changed */
export const isChanged = (id) => marked.has(id);

/** @returns {Change[]} what changed in a row; empty where it is not known */
export function changesOf(id) {
  if (!before) return [];
  return store.versions.map((version) => changeIn(id, version)).filter(({ came, went, scores }) => came || went || scores.length);
}

function changeIn(id, version) {
  const [was, now] = [before.get(id)?.spans[version] ?? [], store.rows.get(id)?.spans[version] ?? []];
  const [came, went] = [without(now, was), without(was, now)];
  const scores = [before, store.rows].map((rows) => rows.get(id)?.score[version]);
  return {
    version, came: lengthOf(came), from: holding(before, version, came), went: lengthOf(went), to: holding(store.rows, version, went),
    scores: scores.includes(undefined) || scores[0] === scores[1] ? [] : scores,
  };
}

const lengthOf = (spans) => spans.reduce((sum, [start, end]) => sum + end - start, 0);

/** What of some spans lies in none of the others. */
function without(spans, others) {
  return others.reduce(
    (left, [from, to]) => left.flatMap(([start, end]) => [[start, Math.min(end, from)], [Math.max(start, to), end]].filter(([low, high]) => low < high)),
    spans,
  );
}

/** The rows that hold any of some spans. */
function holding(rows, version, spans) {
  if (!spans.length) return [];
  const meets = ([start, end]) => spans.some(([from, to]) => start < to && from < end);
  return [...rows.values()].filter((row) => row.spans[version]?.some(meets)).map((row) => row.id);
}

function follow(entries) {
  const alignment = entries.findLast(({ op }) => op === "align");
  if (alignment) [entry, before] = [alignment.id, known];
  known = new Map(store.rows);
  if (entries.some(({ undoes }) => undoes !== undefined && undoes === entry)) markChanged([]);
  else if (!alignment && touched.some(isChanged)) markChanged([...marked].filter((id) => !touched.includes(id)));
}

/** Begin: follow the rows and what is decided on them. */
export function start() {
  store.on("loaded", ({ same }) => {
    known = new Map(store.rows);
    if (same) return;
    marked.clear();
    [entry, before] = [null, null];
  });
  store.on("rows", ({ changed }) => { touched = changed; });
  store.on("history", follow);
}
