/**
 * The texts of rows: fetched in batches for what is on display, kept by row and version, fetched again when they fall
 * out of date. An old text stays on display until the new one is there.
 */

import { get } from "./api.js";
import { store } from "./store.js";

const BATCH = 24; // rows to a request: the first ones should not wait for the last ones
const AT_ONCE = 3; // requests under way
const KEPT = 800; // rows whose texts are kept
const LATER = 1000; // milliseconds before the server is asked again that could not answer

/** @type {Map<string, Map<string, object>>} row -> version -> {cell, stale} */
const cells = new Map();
const originals = new Map();
const asked = new Set(); // "row version" under way
const stamps = new Map(); // row -> how often it fell out of date
let wanted = []; // rows on display, the most urgent first
let running = 0;
let timer = 0;

/** Return a cell as the server gave it last, or null. */
export const textOf = (row, version) => cells.get(row)?.get(version)?.cell ?? null;

/** Return the original lines of a cell, or null where they were not fetched yet. */
export const originalOf = (row, version) => originals.get(`${row} ${version}`) ?? null;

/** Have the texts of these rows fetched, the most urgent first; what was wanted before and not begun is dropped. */
export function want(rows) {
  wanted = rows;
  for (const id of rows) {
    const kept = cells.get(id);
    if (!kept) continue;
    cells.delete(id); // the rows that were wanted last are dropped last
    cells.set(id, kept);
  }
  for (const id of cells.keys()) {
    if (cells.size <= KEPT + rows.length) break;
    cells.delete(id);
  }
  pump();
}

function pump() {
  if (timer || !store.review) return;
  while (running < AT_ONCE) {
    const batch = store.mode === "original" ? nextOriginal() : nextBatch();
    if (!batch) return;
    running += 1;
    batch().finally(() => {
      running -= 1;
      pump();
    });
  }
}

const missing = (id, version) => {
  const kept = cells.get(id)?.get(version);
  return (!kept || kept.stale) && !asked.has(`${id} ${version}`) && store.rows.get(id)?.spans[version]?.length;
};

function nextBatch() {
  const rows = [],
    versions = new Set();
  for (const id of wanted) {
    const lacking = store.columns.filter((version) => missing(id, version));
    if (!lacking.length) continue;
    rows.push(id);
    lacking.forEach((version) => versions.add(version));
    if (rows.length === BATCH) break;
  }
  return rows.length ? () => fetchCells(rows, [...versions]) : null;
}

async function fetchCells(rows, versions) {
  const keys = rows.flatMap((id) => versions.map((version) => `${id} ${version}`));
  const before = new Map(rows.map((id) => [id, stamps.get(id) ?? 0]));
  const doc = store.doc;
  keys.forEach((key) => asked.add(key));
  try {
    const answer = await get(`documents/${encodeURIComponent(doc)}/cells`, {
      rows: rows.join(","),
      versions: versions.join(","),
    });
    if (doc !== store.doc) return;
    for (const cell of answer.cells) {
      if (!cells.has(cell.row)) cells.set(cell.row, new Map());
      cells.get(cell.row).set(cell.version, { cell, stale: before.get(cell.row) !== (stamps.get(cell.row) ?? 0) });
    }
    store.emit("cells", { rows });
  } catch (problem) {
    store.tell(`The texts could not be fetched: ${problem.message}.`, "error");
    clearTimeout(timer);
    timer = setTimeout(resume, LATER);
  } finally {
    keys.forEach((key) => asked.delete(key));
  }
}

function resume() {
  timer = 0;
  pump();
}

function nextOriginal() {
  for (const id of wanted) {
    for (const version of store.columns) {
      const key = `${id} ${version}`;
      const there = originals.has(key) || asked.has(key) || !store.rows.get(id)?.spans[version]?.length;
      if (!there) return () => fetchOriginal(id, version, key);
    }
  }
  return null;
}

async function fetchOriginal(row, version, key) {
  const doc = store.doc;
  asked.add(key);
  try {
    const answer = await get(`documents/${encodeURIComponent(doc)}/original`, { row, version });
    if (doc !== store.doc) return;
    originals.set(key, answer);
    store.emit("cells", { rows: [row] });
  } catch (problem) {
    store.tell(`The original could not be fetched: ${problem.message}.`, "error");
    clearTimeout(timer);
    timer = setTimeout(resume, LATER);
  } finally {
    asked.delete(key);
  }
}

/** Begin: what is known is forgotten with another document, and fetched again where it fell out of date. */
export function start() {
  store.on("loaded", ({ same }) => {
    if (!same) cells.clear();
    outdate(null);
  });
  store.on("stale", ({ rows }) => outdate(rows));
  store.on("mode", pump);
  store.on("columns", pump);
}

function outdate(rows) {
  for (const id of rows ?? [...cells.keys()]) {
    stamps.set(id, (stamps.get(id) ?? 0) + 1);
    for (const kept of cells.get(id)?.values() ?? []) kept.stale = true;
    for (const version of store.versions) originals.delete(`${id} ${version}`);
  }
  if (rows === null) originals.clear();
  resume();
}
