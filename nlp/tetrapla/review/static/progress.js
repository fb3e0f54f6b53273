/**
 * How far the review is, and the line at the foot: the last message, how many rows are shown, whether all is saved.
 */

import { el } from "./dialogs.js";
import { labelOf } from "./gutter.js";
import { store } from "./store.js";

/** Begin: follow the store. */
export function start() {
  for (const event of ["loaded", "columns", "progress"]) store.on(event, show);
  for (const event of ["loaded", "order", "rows", "selection"]) store.on(event, count);
  store.on("told", told);
  store.on("saving", saving);
  store.on("saved", (now) => state(now.state, now.text));
}

function show() {
  const box = document.getElementById("progress");
  const { progress } = store.review;
  const many = store.chosen.length > 1;
  box.replaceChildren(
    ...store.chosen
      .filter((id) => progress[id])
      .map((id) => {
        const { reviewed, doubtful, left, total, seconds } = progress[id];
        const share = (n) => `${total ? (100 * n) / total : 0}%`;
        const time = left && seconds !== null ? inWords(seconds) : "";
        const told = [`${reviewed} of ${total} reviewed`, `${doubtful} doubtful`, `${left} left`, time]
          .filter(Boolean)
          .join(", ");
        const bar = el(
          "span",
          { class: "meter", role: "img", "aria-label": `${labelOf(id)}: ${told}`, title: `${labelOf(id)}: ${told}` },
          el("span", { class: "done" }),
          el("span", { class: "doubt" }),
        );
        bar.children[0].style.setProperty("width", share(reviewed));
        bar.children[1].style.setProperty("width", share(doubtful));
        const text = many
          ? `${reviewed}/${total}${time ? ` · ${time}` : ""}`
          : `${n(reviewed)} reviewed · ${n(doubtful)} doubtful · ${n(left)} left${time ? ` · ${time}` : ""}`;
        return el(
          "div",
          { class: "one" },
          el("b", { text: id }),
          bar,
          el("span", { class: "figures", text, "aria-hidden": "true" }),
        );
      }),
  );
}

const n = (number) => number.toLocaleString("en");

/** Return a time in words, as "about 25 min"; `seconds` is an estimate, so the figure is a round one. */
export function inWords(seconds) {
  const minutes = seconds / 60;
  if (minutes < 1) return "under a minute";
  if (minutes < 10) return `about ${Math.round(minutes)} min`;
  if (minutes < 90) return `about ${Math.round(minutes / 5) * 5} min`;
  const hours = Math.round(minutes / 30) / 2;
  return `about ${hours} h`;
}

function count() {
  const all = store.order.length,
    shown = store.shown.length,
    chosen = store.selection.size;
  const parts = [shown === all ? `${n(all)} rows` : `${n(shown)} of ${n(all)} rows`];
  if (chosen) parts.push(`${n(chosen)} selected`);
  document.getElementById("count").textContent = parts.join(" · ");
}

function told({ text, kind }) {
  const line = document.getElementById("status");
  line.className = kind;
  line.textContent = text.charAt(0).toUpperCase() + text.slice(1);
}

/** Nothing is called saved before the server said so; what was not saved stays here until it is. */
function saving({ waiting, failed, disputed }) {
  if (failed) state("failed", `not saved: ${waiting} decision${waiting === 1 ? "" : "s"}`);
  else if (disputed) state("failed", `not saved: ${disputed} in conflict`);
  else if (waiting) state("saving", "saving…");
  else state("saved", "saved");
}

function state(name, text) {
  const line = document.getElementById("saved");
  line.className = name;
  if (line.textContent !== text) line.textContent = text;
}
