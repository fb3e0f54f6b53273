/**
 * Which rows are shown and in what order: the choices in the side panel, with how many rows each would leave.
 */

import { get } from "./api.js";
import { el } from "./dialogs.js";
import { store } from "./store.js";
import { FLAGS, NOTHING, ORDERS, SHORT, STATUSES, tally } from "./view.js";

let form, counts;
let pending = 0;

/** Begin: fill the form and follow the store. */
export function start() {
  form = document.getElementById("filters");
  counts = document.getElementById("findings-counts");
  form.append(
    el("h2", { text: "Rows" }),
    field("Search", el("input", { type: "search", name: "search", spellcheck: "false", enterkeyhint: "search" })),
    field("Status", el("select", { name: "status" })),
    field("Kind", el("select", { name: "kind" })),
    field("Concept", el("select", { name: "concept" })),
    field("Finding", el("select", { name: "type" })),
    ...[
      ["note", "with a note"],
      ["moved", "out of order"],
      ["both", "in every column"],
    ].map(([name, label]) =>
      el(
        "label",
        { class: "check" },
        el("input", { type: "checkbox", name }),
        el("span", { text: label }),
        el("span", { class: "n", "data-n": name }),
      ),
    ),
    el("button", { type: "button", class: "all", text: "Show all rows", onclick: () => store.setFilter(NOTHING) }),
  );
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", changed);
  const order = document.querySelector("#order select");
  order.append(...ORDERS.map(([value, label]) => el("option", { value, text: label })));
  order.addEventListener("change", () => store.setOrder(order.value));
  for (const event of ["loaded", "rows", "columns", "filter"]) store.on(event, later);
  store.on("stale", () => {
    if (early !== null) search(early);
  });
}

const field = (label, control) => el("label", { class: "field" }, el("span", { text: label }), control);

let typing = 0;
function changed({ target }) {
  if (target.name === "search") {
    clearTimeout(typing);
    typing = setTimeout(() => search(target.value.trim()), 250);
  } else store.setFilter({ [target.name]: target.type === "checkbox" ? target.checked : target.value });
}

let latest = 0;
let early = null; // what was searched for while the texts were still being read
/** Show only the rows in which a text stands, in the columns on display; an empty text shows all. */
export async function search(text) {
  const own = (latest += 1);
  early = null;
  if (!text) return store.setFilter({ search: "", hits: null });
  try {
    const { rows } = await get(`documents/${encodeURIComponent(store.doc)}/search`, {
      q: text,
      versions: store.columns.join(","),
    });
    if (own === latest) store.setFilter({ search: text, hits: new Set(rows) });
  } catch (problem) {
    if (problem.status === 409 && own === latest) early = text;
    store.tell(early === null ? `Not searched: ${problem.message}.` : "The texts are still being read; then they are searched.", early === null ? "error" : "ok");
  }
}

// Counting goes through all rows: it waits until the page has nothing more urgent to do.
function later() {
  if (!store.review) return;
  document.querySelector("#order select").value = store.sort;
  clearTimeout(pending);
  pending = setTimeout(show, 60);
}

function show() {
  const { filter, review } = store;
  const counts = tally(filter, store);
  options("status", STATUSES, counts.status, filter.status);
  options(
    "kind",
    [...counts.kind.keys()].map((kind) => [kind, kind]),
    counts.kind,
    filter.kind,
  );
  options(
    "concept",
    review.concepts.map(({ id, name }) => [id, name]),
    counts.concept,
    filter.concept,
    true,
  );
  options(
    "type",
    review.types.map(({ name }) => [name, name]),
    counts.type,
    filter.type,
    true,
  );
  for (const flag of FLAGS) {
    form.elements[flag].checked = filter[flag];
    form.querySelector(`[data-n=${flag}]`).textContent = (counts.flags.get(flag) ?? 0).toLocaleString("en");
  }
  if (document.activeElement !== form.elements.search) form.elements.search.value = filter.search;
  form.querySelector(".all").disabled = Object.keys(NOTHING).every((part) => !filter[part]);
  quality(counts.groups);
}

function options(name, choices, counts, chosen, frequent = false) {
  const select = form.elements[name];
  const offered = choices.filter(([value]) => counts.has(value) || value === chosen);
  if (chosen && !offered.some(([value]) => value === chosen)) offered.push([chosen, chosen]);
  if (frequent) offered.sort((a, b) => (counts.get(b[0]) ?? 0) - (counts.get(a[0]) ?? 0));
  const wanted = [
    ["", "any"],
    ...offered.map(([value, label]) => [value, `${label} (${(counts.get(value) ?? 0).toLocaleString("en")})`]),
  ];
  // The same choices stay the same elements: a list that is open would close otherwise.
  if (wanted.length === select.length && wanted.every(([value], i) => select.options[i].value === value)) {
    wanted.forEach(([, label], i) => {
      select.options[i].textContent = label;
    });
  } else select.replaceChildren(...wanted.map(([value, text]) => el("option", { value, text })));
  select.value = chosen;
}

/** How many findings there are of each group, as buttons that show only the rows that have them. */
function quality(groups) {
  const focused = document.activeElement?.dataset?.group;
  counts.replaceChildren(
    ...store.review.groups.map(({ name, title }) => {
      const [sum, having] = groups.get(name) ?? [0, 0];
      const on = store.filter.group === name;
      return el(
        "button",
        {
          type: "button",
          class: "quality",
          "data-group": name,
          "aria-pressed": String(on),
          disabled: !sum && !on,
          title: `${sum} in ${having} rows`,
          onclick: () => store.setFilter({ group: on ? "" : name }),
        },
        el("span", { class: `badge g-${name}`, text: SHORT[name] ?? name }),
        el("span", { text: title }),
        el("span", { class: "n", text: sum.toLocaleString("en"), "aria-label": `${sum} in ${having} rows` }),
      );
    }),
  );
  if (focused) counts.querySelector(`[data-group="${CSS.escape(focused)}"]`)?.focus();
}
