/**
 * Starts the page: the modules, the document, the stream of what changes, and what is kept in the address.
 */

import { get, listen } from "./api.js";
import * as cards from "./cards.js";
import * as changed from "./changed.js";
import { el } from "./dialogs.js";
import * as filters from "./filters.js";
import * as found from "./found.js";
import { labelOf } from "./gutter.js";
import * as history from "./history.js";
import * as jobs from "./jobs.js";
import * as keys from "./keys.js";
import * as map from "./map.js";
import * as progress from "./progress.js";
import { store } from "./store.js";
import * as table from "./table.js";
import * as texts from "./texts.js";
import { FLAGS } from "./view.js";

const KEPT = ["group", "type", "concept", "status", "kind"]; // parts of the filter that the address keeps
const root = document.documentElement;
let stop = () => {};

// --- the address ----------------------------------------------------------------------------------------------------

const address = () => new URLSearchParams(location.hash.slice(1));
let writing = 0;

/** Keep in the address what would be missed after a reload. */
function keep() {
  clearTimeout(writing);
  writing = setTimeout(() => {
    const now = new URLSearchParams({ doc: store.doc, columns: store.columns.join(",") });
    if (store.sort !== "document") now.set("order", store.sort);
    for (const part of KEPT) if (store.filter[part]) now.set(part, store.filter[part]);
    for (const part of FLAGS) if (store.filter[part]) now.set(part, "1");
    if (store.filter.search) now.set("search", store.filter.search);
    if (store.focus.row !== null) now.set("row", store.focus.row);
    window.history.replaceState(null, "", `#${now}`);
  }, 200);
}

/** Take from the address what was kept there. */
function restore(kept) {
  const columns = kept
    .get("columns")
    ?.split(",")
    .filter((id) => store.versions.includes(id));
  if (columns?.length > 1) store.setColumns(columns);
  const filter = Object.fromEntries(KEPT.filter((part) => kept.has(part)).map((part) => [part, kept.get(part)]));
  for (const part of FLAGS) if (kept.has(part)) filter[part] = true;
  if (Object.keys(filter).length) store.setFilter(filter);
  if (kept.has("order")) store.setOrder(kept.get("order"));
  if (kept.has("search")) filters.search(kept.get("search"));
  const row = kept.get("row");
  if (store.rows.has(row) && !store.hidden.has(row)) store.setFocus({ row });
}

// --- documents ------------------------------------------------------------------------------------------------------

async function open(doc, kept = new URLSearchParams()) {
  stop();
  await store.load(doc);
  restore(kept);
  stop = listen(doc, {
    changed: (n) => {
      if (n > store.n || !store.review.ready) refresh();
    },
    job: worked,
    back: () => refresh().then(() => store.tell("The program answers again.")),
    lost: () =>
      store.tell(
        "The program does not answer. If it ended, start it again and open the address that it prints.",
        "error",
      ),
  });
  store.emit("saved", { state: "saved", text: "saved" });
}

let refreshing = null;
/** Fetch what changed since; one request at a time. */
function refresh() {
  refreshing ??= get(`documents/${encodeURIComponent(store.doc)}/changes`, { since: store.n, by: store.by })
    .then((changes) => (changes.n < store.n ? store.load(store.doc) : store.apply(changes)))
    .catch((problem) => store.tell(`Not up to date: ${problem.message}.`, "error"))
    .finally(() => {
      refreshing = null;
    });
  return refreshing;
}

/** A check or a reading that ended says something new of every row. */
function worked(job) {
  store.emit("job", job);
  if (job.state === "done" && job.kind !== "align")
    store.load(store.doc).catch((problem) => store.tell(problem.message, "error"));
}

function picker(documents) {
  const label = document.getElementById("documents");
  label.hidden = documents.length < 2;
  const select = label.querySelector("select");
  select.append(
    ...documents.map(({ id, name, rows, reviewed, error }) =>
      el("option", {
        value: id,
        disabled: error !== null,
        text: error ? `${name}: ${error}` : `${name} (${reviewed} of ${rows})`,
      }),
    ),
  );
  select.addEventListener("change", () => open(select.value).catch(failed));
  return select;
}

// --- the head -------------------------------------------------------------------------------------------------------

function columns() {
  const box = document.getElementById("columns");
  box.querySelectorAll("label").forEach((label) => label.remove());
  for (const id of store.versions) {
    const input = el("input", {
      type: "checkbox",
      value: id,
      checked: store.columns.includes(id),
      disabled: id === store.pivot,
    });
    input.addEventListener("change", () => {
      const wanted = [...box.querySelectorAll("input:checked")].map(({ value }) => value);
      if (wanted.length > 1 || store.versions.length < 2) store.setColumns(wanted);
      else input.checked = true;
    });
    box.append(el("label", { title: labelOf(id) }, input, el("span", { text: labelOf(id) })));
  }
}

function checked() {
  for (const input of document.querySelectorAll("#columns input")) input.checked = store.columns.includes(input.value);
}

function theme() {
  const select = document.querySelector("#theme select");
  const set = (name) => {
    if (name) root.dataset.theme = name;
    else delete root.dataset.theme;
    store.emit("theme");
  };
  select.value = localStorage.getItem("theme") ?? "";
  set(select.value);
  select.addEventListener("change", () => {
    localStorage.setItem("theme", select.value);
    set(select.value);
  });
}

function fold() {
  const button = document.getElementById("fold");
  const narrow = matchMedia("(max-width: 1100px)");
  const set = (open) => {
    document.body.classList.toggle("folded", !open);
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => {
    const open = document.body.classList.contains("folded");
    set(open);
    if (!narrow.matches) localStorage.setItem("side", open ? "open" : "folded");
  });
  const begin = () => set(!narrow.matches && localStorage.getItem("side") !== "folded");
  narrow.addEventListener("change", begin);
  begin();
  document.getElementById("table").addEventListener("pointerdown", () => {
    if (narrow.matches) set(false);
  });
}

function failed(problem) {
  store.tell(problem.message, "error");
  document.getElementById("table").dataset.failed = problem.message;
}

theme();
fold();
for (const part of [texts, table, changed, filters, found, map, progress, cards, jobs, history, keys]) part.start(store);
store.on("loaded", () => {
  document.getElementById("name").textContent = store.review.name;
  document.title = `${store.review.name} – review`;
  columns();
});
store.on("columns", checked);
for (const event of ["columns", "filter", "focus"]) store.on(event, keep);
// Another one has other decisions to take back, and another pace; what is under way is still of the one before.
store.on("reviewer", () => Promise.resolve(refreshing).then(refresh));

try {
  const { documents } = await get("documents");
  const select = picker(documents);
  const kept = address();
  const first =
    documents.find(({ id, error }) => id === kept.get("doc") && error === null) ??
    documents.find(({ error }) => error === null);
  if (!first) throw new Error(documents[0]?.error ?? "There is no alignment to review here.");
  select.value = first.id;
  await open(first.id, kept.get("doc") === first.id ? kept : undefined);
} catch (problem) {
  failed(problem);
}
