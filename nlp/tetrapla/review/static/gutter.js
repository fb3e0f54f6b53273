/**
 * What stands at the left of a row: its number and kind, and for each version on display the verdict, the probability
 * and how many findings of each group there are. Each is told by a sign and a colour, and in words to a screen reader.
 */

import { changesOf, isChanged } from "./changed.js";
import { el } from "./dialogs.js";
import { store } from "./store.js";
import { SHORT, groupCounts } from "./view.js";

/** The signs of the verdicts, and what they are called. */
export const SIGNS = {
  confirmed: "✓",
  refused: "✗",
  absent: "∅",
  extra: "+",
  furniture: "▭",
  doubtful: "?",
  left: "·",
};

/** Return the verdict on a version in a row: one of the verdicts, "doubtful", or "left" where nothing is decided. */
export function verdictOf(row, version) {
  const own = row.verdicts[store.pivot];
  if (row.verdicts[version]) return row.verdicts[version];
  if (own === "extra" || own === "furniture") return own;
  if (row.kind === "furniture") return "furniture";
  return store.doubtful(row, version) ? "doubtful" : "left";
}

/** Return what is known of a version: {id, label, language, length, source}. */
export const versionOf = (version) => store.review.versions.find(({ id }) => id === version);

/** Return how a version is called. */
export const labelOf = (version) => versionOf(version)?.label ?? version;

/** Return the number of a row in document order, from 1. */
export function numberOf(id) {
  if (numbers.order !== store.order)
    numbers = { order: store.order, of: new Map(store.order.map((each, i) => [each, i + 1])) };
  return numbers.of.get(id) ?? 0;
}
let numbers = { order: null, of: new Map() };

const linked = (row, version) => row.spans[version]?.length && row.spans[store.pivot]?.length;
const WORDS = { left: "not reviewed", doubtful: "doubtful", extra: "extra text", absent: "absent" };

/** Return what a screen reader says of a row: "row 12, body, English confirmed, probability 0.97, 2 findings". */
export function spoken(row) {
  const parts = [`row ${numberOf(row.id)}`, row.kind];
  for (const version of store.chosen) {
    const verdict = verdictOf(row, version);
    const said = `${labelOf(version)} ${WORDS[verdict] ?? verdict}`;
    const score = row.score[version];
    if (!row.spans[version]?.length) parts.push(`${said}, no text`);
    else if (!row.spans[store.pivot]?.length) parts.push(`${said}, no counterpart in ${labelOf(store.pivot)}`);
    else parts.push(score === undefined ? said : `${said}, probability ${score.toFixed(2)}`);
  }
  const n = store.columns.reduce((sum, version) => sum + total(row.counts[version]), 0);
  if (n) parts.push(`${n} finding${n === 1 ? "" : "s"}`);
  if (store.moved.has(row.id)) parts.push("out of order");
  if (isChanged(row.id)) parts.push(changeInWords(row.id));
  if (row.hand) parts.push("made by hand");
  if (row.note) parts.push(`note: ${row.note}`);
  if (row.disputed) parts.push("disputed");
  return parts.join(", ");
}

/** Return what the last alignment changed in a row: "changed: en 214 characters came from row 12". */
export function changeInWords(id) {
  const told = changesOf(id).map(({ version, came, from, went, to, scores }) => {
    const parts = [
      came && `${came.toLocaleString("en")} characters came${rowsNamed("from", from)}`,
      went && `${went.toLocaleString("en")} characters went${rowsNamed("to", to)}`,
      scores.length && `probability ${scores.map((score) => score.toFixed(3)).join(" → ")}`,
    ];
    return `${version} ${parts.filter(Boolean).join(", ")}`;
  });
  return told.length ? `changed: ${told.join("; ")}` : "changed by the last alignment";
}

/** Rows in words after a preposition, those that are there still and at most three; "" for none. */
function rowsNamed(preposition, ids) {
  const there = ids.map(numberOf).filter((number) => number > 0);
  if (!there.length) return "";
  const more = there.length > 3 ? ` and ${there.length - 3} more` : "";
  return ` ${preposition} row${there.length > 1 ? "s" : ""} ${there.slice(0, 3).join(", ")}${more}`;
}

const total = (counts) => Object.values(counts ?? {}).reduce((sum, n) => sum + n, 0);

/** Return the gutter of a row as an element with role rowheader. */
export function renderGutter(row) {
  const number = numberOf(row.id);
  const chosen = store.selection.has(row.id);
  return el(
    "div",
    { role: "rowheader", class: "gutter", "aria-label": `row ${number}, ${row.kind}` },
    el(
      "div",
      { class: "who" },
      el(
        "label",
        { class: "pick" },
        el("input", {
          type: "checkbox",
          tabindex: -1,
          checked: chosen,
          "aria-label": `select row ${number}`,
          "data-pick": row.id,
        }),
      ),
      el("b", { text: String(number), title: row.id }),
      el("span", { class: "kind", text: row.kind }),
      ...[
        isChanged(row.id) && el("span", { class: "sign changed-sign", title: changeInWords(row.id), text: "Δ" }),
        row.hand && el("span", { class: "sign hand", title: "made by hand", text: "hand" }),
        row.note && el("span", { class: "sign note", title: row.note, text: "✎" }),
        store.moved.has(row.id) && el("span", { class: "sign", title: "stands out of order", text: "⤮" }),
        row.disputed && el("span", { class: "sign disputed", title: "reviewers do not agree", text: "≠" }),
      ].filter(Boolean),
    ),
    ...store.chosen.map((version) => link(row, version)),
    badges(row, store.pivot),
  );
}

function link(row, version) {
  const verdict = verdictOf(row, version);
  const score = linked(row, version) ? row.score[version] : undefined;
  const line = el(
    "div",
    { class: `link ${verdict}` },
    el("span", { class: "verdict", text: SIGNS[verdict], title: `${labelOf(version)}: ${WORDS[verdict] ?? verdict}` }),
    el("span", { class: "version", text: version }),
  );
  if (score !== undefined) {
    const bar = el("span", { class: "bar" });
    bar.style.setProperty("--s", `${Math.round(score * 100)}%`);
    line.append(
      bar,
      el("span", {
        class: "figure",
        text: score >= 0.995 ? "1.0" : score.toFixed(2).slice(1),
        title: `probability ${score.toFixed(3)}`,
      }),
    );
  }
  const marks = badges(row, version);
  return marks ? el("div", { class: "of" }, line, marks) : line;
}

function badges(row, version) {
  const counts = groupCounts(row, version, store);
  const own = store.review.groups.filter(({ name }) => counts[name]);
  // It is the least of problems, and the most frequent.
  own.sort((one, other) => (one.name === "inconsistent") - (other.name === "inconsistent"));
  if (!own.length) return null;
  return el(
    "div",
    { class: "badges" },
    version === store.pivot && el("span", { class: "version", text: version }),
    ...own.map(({ name, title }) =>
      el("span", {
        class: `badge g-${name}`,
        title:
          name === "absent"
            ? `nothing in ${labelOf(row.spans[version]?.length ? store.pivot : version)}`
            : `${title}: ${counts[name]} in ${labelOf(version)}`,
        text: name === "absent" ? SHORT.absent : `${SHORT[name] ?? name} ${counts[name]}`,
      }),
    ),
  );
}
