/**
 * Cards beside the rows: what a finding is and what can be done about it; what a concept is, in which forms and where.
 */
import { get } from "./api.js";
import { count, decide } from "./decide.js";
import { el, formDialog, refocus, statusDialog } from "./dialogs.js";
import { currentMark, editRepair, hasRepair, judge, language, onFinding, setMark } from "./findings.js";
import { labelOf, numberOf } from "./gutter.js";
import { store } from "./store.js";

let shown = null; // {kind: "finding"} or {kind: "concept", id}
let before = null; // what had the focus when the card was opened

const holder = () => document.getElementById("cards");

/** @returns {boolean} whether a card is open */
export const cardOpen = () => shown !== null;

/** Close the card; the focus goes back if it was in it. */
export function closeCard() {
  const inside = holder().contains(document.activeElement);
  shown = null;
  holder().replaceChildren();
  document.documentElement.classList.remove("with-card");
  if (inside) refocus(before);
  before = null;
}

function show(title, body, { take, label, kind }) {
  const held = holder().contains(document.activeElement) ? document.activeElement.dataset.act : null;
  const heading = el("h2", { tabindex: "-1", text: title });
  holder().replaceChildren(el("article", { class: `card ${kind}`, "aria-label": label },
    el("header", {}, heading,
      el("button", { type: "button", class: "close", onclick: closeCard }, "Close", el("kbd", { "aria-hidden": "true", text: "Esc" }))),
    ...body));
  document.documentElement.classList.add("with-card");
  if (take) {
    if (!before?.isConnected) before = document.activeElement;
    heading.focus();
  } else if (held !== null) {
    (holder().querySelector(`[data-act="${held}"]:not(:disabled)`) ?? heading).focus();
  }
}

const act = (label, key, run, { pressed, disabled } = {}) => el(
  "button",
  { type: "button", "data-act": label, onclick: run, disabled, "aria-pressed": pressed === undefined ? null : String(pressed), "aria-keyshortcuts": key },
  label, key ? el("kbd", { "aria-hidden": "true", text: key }) : null,
);

const line = (term, ...what) => [el("dt", { text: term }), el("dd", {}, ...what)];

const STATES = {
  applied: "applied", offered: "offered, not applied", rejected: "rejected",
  edited: "edited by a reviewer", flagged: "found, with nothing to propose",
};

/** Show the card of the current finding. @param {boolean} [take]  put the focus on it */
function showFinding(take = false) {
  const { row, version, mark } = currentMark();
  const type = store.review.types.find(({ name }) => name === mark.type);
  const lang = language(version);
  const state = mark.state;
  const facts = el("dl", {},
    ...line("As it stands", el("q", { lang, text: mark.text })),
    ...((mark.replacement ?? null) === null ? []
      : line("Would read", mark.replacement === "" ? el("em", { text: "taken out" }) : el("q", { lang, text: mark.replacement }))),
    ...(mark.kept ? line(mark.kept.row ? `The other copy, in row ${numberOf(mark.kept.row)}` : "The other copy", el("q", { lang, text: mark.kept.text })) : []),
    ...line("State", `${STATES[state] ?? state}${mark.keep ? `, ${mark.keep === "this" ? "this copy is kept" : "the other copy is kept"}` : ""}`),
    ...(typeof mark.score === "number" ? line("Score", mark.score.toFixed(2)) : []));
  const doubled = mark.type === "duplicate";
  const buttons = el("div", { class: "acts", role: "group", "aria-label": "Decide about the repair" },
    act("Accept", "a", () => judge("accepted"), { disabled: !hasRepair(), pressed: state === "applied" }),
    act("Reject", "d", () => judge("rejected"), { pressed: state === "rejected" }),
    act("Edit…", "E", editRepair, { pressed: state === "edited" }),
    ...(doubled ? [
      act("Keep this copy", "1", () => judge("accepted", { keep: "this" }), { pressed: mark.keep === "this" }),
      act("Keep the other", "2", () => judge("accepted", { keep: "other" }), { pressed: mark.keep === "other" }),
    ] : []),
    ...(mark.kept?.row ? [act("Show the other copy", null, () => store.setFocus({ row: mark.kept.row, version }))] : []),
    ...(mark.concept ? [act("The concept", null, () => showConcept(mark.concept))] : []),
    act("Not decided", null, () => judge(null)));
  shown = { kind: "finding" };
  show(mark.type, [
    el("div", { class: "told" },
      el("p", { class: "where", text: `Row ${numberOf(row)}, ${labelOf(version)}` }),
      type?.what ? el("p", { text: type.what }) : null,
      mark.message && mark.message !== type?.what ? el("p", { text: mark.message }) : null),
    facts, buttons,
  ], { take, label: "Finding", kind: "of-finding" });
}

/** Show the card of a concept. @param {boolean} [take]  put the focus on it */
async function showConcept(id, take = true) {
  shown = { kind: "concept", id };
  const concept = await fetchConcept(id);
  if (shown?.id !== id) return; // another one was opened meanwhile
  if (!concept) return void (shown = null);
  const languages = [...new Set(store.columns.map(language))];
  const mine = navigator.language.slice(0, 2);
  const told = [...new Set([mine, "en", language(store.pivot)])].filter((lang) => concept.definition[lang]);
  show(concept.name, [
    ...(told.length ? told : Object.keys(concept.definition).slice(0, 1)).map((lang) =>
      el("p", { lang, class: "definition", text: concept.definition[lang] })),
    el("p", { class: "where", text: countsOf(concept.counts) || "named nowhere in the texts" }),
    ...byLanguage(concept, languages),
    ...relations(concept),
    el("div", { class: "acts" },
      act("Add a form…", "+", () => addForm(id)),
      act(`Only its rows (${concept.rows.length})`, null, () => store.setFilter({ concept: id }), { disabled: !concept.rows.length }),
      act("Next row", null, () => nextRow(concept.rows), { disabled: !concept.rows.length })),
  ], { take, label: "Concept", kind: "of-concept" });
}

const countsOf = (counts) => Object.entries(counts ?? {}).filter(([, n]) => n).map(([version, n]) => `${version} ${n}`).join(", ");

function nextRow(rows) {
  const wanted = new Set(rows);
  if (!store.next(({ id }) => wanted.has(id))) store.tell("No other row names it.");
}

/** The forms of a concept, those in the languages on display first and open. */
function byLanguage(concept, languages) {
  const all = [...new Set([...languages, ...concept.terms.map((term) => term.language)])];
  return all.map((lang) => {
    const terms = concept.terms.filter((term) => term.language === lang);
    if (!terms.length) return null;
    return el("details", { open: languages.includes(lang) },
      el("summary", {}, `Forms in ${lang}`),
      el("ul", { class: "forms" }, ...terms.map((term) => el("li", {},
        el("span", { lang, class: `form is-${term.status}`, text: term.form }),
        el("button", {
          type: "button", "data-act": `${lang} ${term.form}`, "aria-label": `${term.status}${term.damage ? `, ${term.damage}` : ""}: change the status of ${term.form}`,
          onclick: () => setStatus(concept, term),
        }, term.status, term.yours ? " ✓" : ""),
        el("small", { text: countsOf(term.counts) || "not in the texts" })))));
  }).filter(Boolean);
}

function relations(concept) {
  if (!concept.relations?.length) return [];
  return [el("details", {}, el("summary", { text: count(concept.relations.length, "relation") }),
    el("ul", { class: "relations" }, ...concept.relations.map(({ label, id, name }) =>
      el("li", {}, `${label} `, el("button", { type: "button", "data-act": `to ${id}`, onclick: () => showConcept(id), text: name })))))];
}

/** Ask for and set the status of a form of a concept. */
async function setStatus(concept, { form, language: lang, status, damage }) {
  const answer = await statusDialog({ form, language: lang, status, damage, concept: concept.name });
  if (!answer) return;
  await decide("term", term(concept.id, lang, form, answer), []);
}

const term = (concept, lang, form, { status, damage }) => ({ concept, language: lang, form, status, ...(damage ? { damage } : {}) });

/** Set the status of the form that the current mark is. */
export async function statusOfMark() {
  const { version, mark } = currentMark();
  const concept = await fetchConcept(mark.concept);
  if (!concept) return;
  const form = mark.form ?? mark.text;
  // A text may quote another language: the form is set in the language that the glossary has it in.
  const own = concept.terms.filter((one) => one.form === form);
  const found = own.find((one) => one.language === language(version)) ?? own[0];
  await setStatus(concept, found ?? { form, language: language(version), status: mark.status ?? "noise", damage: null });
}

async function fetchConcept(id) {
  try {
    return await get(`documents/${encodeURIComponent(store.doc)}/concepts/${encodeURIComponent(id)}`);
  } catch (problem) {
    store.tell(problem.message, "error");
    return null;
  }
}

/** Add a form to the glossary: what is selected on the page, or what the current mark is. */
export async function addForm(concept = currentMark()?.mark.concept ?? (shown?.kind === "concept" ? shown.id : null)) {
  const { text, version } = selected();
  const { version: from, mark } = currentMark() ?? {};
  const answer = await formDialog({
    form: text || mark?.text || "", language: language(text ? version : from ?? store.focus.version ?? store.chosen[0] ?? store.pivot), concept,
    languages: [...new Set(store.versions.map(language))],
    concepts: choices(),
  });
  if (answer) await decide("term", term(answer.concept, answer.language, answer.form, answer), []);
}

/** All concepts by name, first those that the focused row has. */
function choices() {
  const { concepts } = store.review;
  const here = new Set(store.rows.get(store.focus.row)?.concepts.map((index) => concepts[index].id));
  return [...concepts].sort((a, b) => here.has(b.id) - here.has(a.id) || a.name.localeCompare(b.name));
}

/** The text that is selected in a cell, on one line, and the version it is of. */
function selected() {
  const selection = getSelection();
  const at = selection?.anchorNode;
  const cell = (at?.nodeType === Node.TEXT_NODE ? at.parentElement : at)?.closest?.("#table [data-version]");
  return cell ? { text: String(selection).replace(/\s+/g, " ").trim(), version: cell.dataset.version } : { text: "", version: null };
}

/** Open the card of a mark that was clicked or entered, or that a key went to. */
function open({ mark, row, version }, take) {
  setMark({ row, version, mark });
  if (mark.finding !== undefined) showFinding(take);
  else showConcept(mark.concept, take);
}

/** Open the card of the current mark and go into it. */
export const openCurrent = () => open(currentMark(), true);

/** Have cards open where marks are clicked, and stay up to date. */
export function start() {
  for (const name of ["open-finding", "open-concept"]) {
    document.addEventListener(name, ({ detail }) => {
      if (detail.row !== store.focus.row) store.setFocus({ row: detail.row, version: detail.version });
      open(detail, true);
      before = detail.element ?? before;
    });
  }
  store.on("show-mark", (found) => open(found, false));
  store.on("mark", (mark) => {
    if (mark === null && shown?.kind === "finding") closeCard();
    else if (mark && shown?.kind === "finding" && onFinding()) showFinding();
  });
  store.on("cells", ({ rows }) => {
    if (shown?.kind === "concept" && rows === null) showConcept(shown.id, false);
  });
  store.on("loaded", ({ same }) => { if (!same) closeCard(); });
}
