/**
 * What a reviewer can do, each with its keys: one list for the keyboard, the toolbar and the help.
 *
 * @typedef {{id: string, title: string, short?: string, group: string, keys: string[], run: () => void,
 *            enabled?: () => boolean, unless?: string, pressed?: () => boolean}} Command
 * `unless` says what is lacking where it is not enabled, `short` is what the button in the toolbar says; a command
 * without it has none. A command whose key is shared runs where it is enabled and those before it are not.
 */
import { addForm, cardOpen, closeCard, openCurrent, statusOfMark } from "./cards.js";
import { decide, isPending, redo, reviewer, rowsInWords, setReviewer, toUnsaved, undo, unsaved } from "./decide.js";
import { goDialog, nameDialog, noteDialog, refocus } from "./dialogs.js";
import { currentMark, editRepair, hasRepair, judge, nextOfKind, onFinding, setMark, stepFinding, stepMention } from "./findings.js";
import { labelOf, numberOf } from "./gutter.js";
import { ahead, toHistory } from "./history.js";
import { alignAgain, checkAgain, stepChanged, working } from "./jobs.js";
import { clear as clearPart, current as currentPart, takePart } from "./part.js";
import { rowCalled, sentencesOf, startPicking, versionMeant } from "./pick.js";
import { store } from "./store.js";
import { concerns, isDoubtful } from "./view.js";

const GO_ON = "tetrapla-go-on";
const goesOn = () => localStorage.getItem(GO_ON) !== "no";
const record = () => store.rows.get(store.focus.row);
const any = () => record() !== undefined;
const has = (row, version) => row?.spans[version]?.length > 0;

// --- Going about ----------------------------------------------------------------------------------------------------

function byRow(step) {
  const at = store.shown.indexOf(store.focus.row);
  const id = store.shown[Math.min(Math.max(at + step, 0), store.shown.length - 1)];
  if (id) store.setFocus({ row: id, version: store.focus.version });
}

function byVersion(step) {
  const places = [null, ...store.columns];
  const at = places.indexOf(store.focus.version) + step;
  if (at >= 0 && at < places.length) store.setFocus({ version: places[at] });
}

function bySentence(step) {
  const version = versionMeant() ?? store.pivot;
  const units = sentencesOf(store.focus.row, version).length;
  const { unit } = store.focus;
  const next = unit === null ? (step > 0 ? 0 : units - 1) : unit + step;
  if (next >= 0 && next < units) store.setFocus({ version, unit: next });
}

function find(predicate, backwards, none) {
  if (store.next(predicate, backwards) === null) store.tell(none);
}

const doubtful = (row) => store.chosen.some((version) => isDoubtful(row, version, store.pivot));
const open = (row) => store.status(row) !== "reviewed" && !isPending(row.id);

async function goToRow() {
  const typed = await goDialog();
  if (typed === null) return;
  const id = rowCalled(typed);
  if (id) {
    store.setFocus({ row: id });
    refocus(); // also where G was pressed in a panel
  } else store.tell(`There is no row ${typed}.`, "error");
}

function toSearch() {
  document.body.classList.remove("folded");
  document.querySelector('#filters [type="search"]')?.focus();
}

// --- Deciding -------------------------------------------------------------------------------------------------------

const linked = (row, version) => has(row, version) && has(row, store.pivot);
const focusedVersion = () => (store.focus.version === store.pivot ? null : store.focus.version);
const WHICH = "Go to the column that is meant, with ← or →: several are shown.";

/** Decide on the versions on display: confirm all of them, but refuse or call absent only what can be meant. */
function verdict(op, stay) {
  const names = store.targets();
  const rows = names.map((id) => store.rows.get(id));
  const may = op === "absent" ? (row) => has(row, store.pivot) : linked;
  let versions = (focusedVersion() && op !== "confirm" ? [focusedVersion()] : store.chosen)
    .filter((version) => rows.some((row) => may(row, version)));
  if (op === "absent" && versions.length > 1) versions = versions.filter((version) => rows.some((row) => !has(row, version)));
  if (op === "confirm") {
    // A verdict on another version stands: r on one column and c on the next are two decisions.
    const undecided = versions.filter((version) => version === store.focus.version || rows.some((row) => !row.verdicts[version]));
    if (undecided.length) versions = undecided;
  }
  const open = versions.filter((version) => rows.some((row) => may(row, version) && row.verdicts[version] !== SAYS[op]));
  if (!versions.length && op === "absent" && rows.some((row) => has(row, store.pivot))) return store.tell(WHICH, "error");
  if (!versions.length || (!open.length && op === "confirm" && rows.some(lacking))) return store.tell(instead(rows.find(lacking) ?? rows[0]), "error");
  if (!open.length) return store.tell(`That is decided already: ${SAYS[op]}.`);
  if (op === "refuse" && versions.length > 1) return store.tell(WHICH, "error");
  decide(op, { versions: open }, names);
  const rest = names.length > 1 ? [] : store.chosen.filter((version) =>
    concerns(rows[0], version, store.pivot) && !store.reviewed(rows[0], version) && !open.includes(version));
  // What is left of the row comes before the next one.
  if (rest.length && !stay && goesOn()) store.setFocus({ row: names[0], version: rest[0] });
  else goOn(names, stay);
}

const SAYS = { confirm: "confirmed", refuse: "refused", absent: "absent" };
const lacking = (row) => store.chosen.some((version) => concerns(row, version, store.pivot) && !linked(row, version));

/** What can be decided on a row where one side is missing. */
const instead = (row) => (has(row, store.pivot)
  ? `${inRow(row)} has no text of ${lacks(row)}: x marks it as absent, if that is right.`
  : `${inRow(row)} has no text of ${labelOf(store.pivot)}: mark it as extra (e) or furniture (f), or move it (m).`);
const lacks = (row) => store.chosen.filter((version) => !has(row, version)).map(labelOf).join(" or ");
const inRow = ({ id }) => `Row ${numberOf(id)}`;

function goOn(names, stay) {
  if (store.selection.size) store.clearSelection();
  if (stay || !goesOn()) return;
  const last = store.shown.findLast((id) => names.includes(id));
  if (last && last !== store.focus.row) store.setFocus({ row: last, version: store.focus.version });
  if (store.next(open) === null) store.tell("All rows on display are reviewed.");
}

/** Mark text as belonging to no row: a part that is selected, the focused sentence, or all of the version in the rows. */
function set(op, stay) {
  const chosen = currentPart();
  if (chosen) return onPart(op, chosen, { spans: chosen.spans });
  const names = store.targets();
  const row = record();
  if (!store.focus.version && names.every((id) => !has(store.rows.get(id), store.pivot))) return setAll(op, names, stay);
  let version = versionMeant();
  if (version && !store.focus.version && !has(row, version)) version = store.pivot;
  if (!version) return store.tell(WHICH, "error");
  const { unit } = store.focus;
  const units = sentencesOf(row.id, version);
  const part = names.length === 1 && unit !== null && store.focus.version === version && units.length > 1;
  decide(op, part ? { version, spans: units[unit].sentence.spans } : { version }, names);
  const alone = names.length > 1 || Object.keys(row.spans).every((id) => id === version || !store.columns.includes(id));
  goOn(names, stay || part || !alone);
}

/** Where there is no text of the pivot all versions on display are meant that have some. */
function setAll(op, names, stay) {
  const having = (version) => names.filter((id) => has(store.rows.get(id), version));
  const decisions = store.chosen.map((version) => [version, having(version)]).filter(([, own]) => own.length);
  if (!decisions.length) return store.tell(WHICH, "error");
  for (const [version, own] of decisions) decide(op, { version }, own);
  goOn(names, stay);
}

function onPart(op, { row, version }, args) {
  clearPart();
  decide(op, { version, ...args }, [row]);
}

function part() {
  const version = versionMeant();
  if (!version) return store.tell(WHICH, "error");
  return takePart(store.focus.row, version, store.focus.unit);
}

/** The versions that something was decided on in some rows. */
const verdictsOf = (names) => store.versions.filter((version) => names.some((id) => version in (store.rows.get(id)?.verdicts ?? {})));

function clear() {
  const names = store.targets();
  decide("clear", { versions: store.focus.version ? [store.focus.version] : verdictsOf(names) }, names);
}

function split() {
  const chosen = currentPart();
  if (chosen) return onPart("split", chosen, { at: chosen.spans[0][0] });
  const { row, version, unit } = store.focus;
  const units = version ? sentencesOf(row, version) : [];
  if (unit === null || !units[unit]) return store.tell("Go to the sentence that the new row begins with, with ] or [.", "error");
  if (unit === 0) return store.tell("The row begins with this sentence already: go to a later one.", "error");
  decide("split", { version, at: units[unit].sentence.spans[0][0] }, [row]);
}

function merge() {
  let names = store.targets();
  if (names.length < 2) names = [store.focus.row, store.order[store.order.indexOf(store.focus.row) + 1]];
  if (!names[1]) return store.tell("This is the last row: there is none to merge it with.", "error");
  decide("merge", {}, names);
  store.clearSelection();
}

async function note() {
  const names = store.targets();
  const text = await noteDialog(`Note on ${rowsInWords(names)}`, store.rows.get(names[0]).note);
  if (text !== null) decide("note", { text }, names);
}

async function rename() {
  const name = await nameDialog(reviewer());
  if (name) setReviewer(name);
}

function toggleColumn(at) {
  const id = store.versions[at];
  if (!id) return;
  if (id === store.pivot) return store.tell("The pivot is always shown.");
  const wanted = store.columns.includes(id) ? store.columns.filter((one) => one !== id) : [...store.columns, id];
  if (wanted.length > 1) store.setColumns(wanted);
}

function escape() {
  if (currentPart()) {
    clearPart();
    store.tell("No part is selected any more.");
  } else if (cardOpen()) closeCard();
  else if (currentMark()) setMark(null);
  else if (store.focus.unit !== null) store.setFocus({ version: store.focus.version });
  else if (store.selection.size) store.clearSelection();
  else refocus();
}

const NO_FINDING = "go to a finding with a repair first (w, or click it)";
const onMark = () => currentMark() !== null;
const onConcept = () => Boolean(currentMark()?.mark.concept);

/** @type {Command[]} */
export const commands = [
  { id: "confirm", group: "Decide", title: "Confirm: the versions on display translate each other here", short: "Confirm", keys: ["c"], run: () => verdict("confirm"), enabled: any },
  { id: "refuse", group: "Decide", title: "Refuse: they do not (of several columns the focused one)", short: "Refuse", keys: ["r"], run: () => verdict("refuse"), enabled: any },
  { id: "absent", group: "Decide", title: "Absent: the version has nothing for this row", short: "Absent", keys: ["x"], run: () => verdict("absent"), enabled: any },
  { id: "extra", group: "Decide", title: "Extra: the selected part, the sentence, or all of the version in the row, belongs to no row of the pivot", short: "Extra", keys: ["e"], run: () => set("extra"), enabled: any },
  { id: "furniture", group: "Decide", title: "Furniture: it is a running head, a page number or the like", short: "Furniture", keys: ["f"], run: () => set("furniture"), enabled: any },
  { id: "clear", group: "Decide", title: "Take back what was decided on the row", short: "Clear", keys: ["Backspace"], run: clear,
    enabled: () => any() && verdictsOf(store.targets()).length > 0 },
  { id: "note", group: "Decide", title: "Write a note", short: "Note…", keys: ["o"], run: note, enabled: any },
  { id: "confirm-stay", group: "Decide", title: "Confirm and stay on the row", keys: ["C"], run: () => verdict("confirm", true), enabled: any },
  { id: "refuse-stay", group: "Decide", title: "Refuse and stay", keys: ["R"], run: () => verdict("refuse", true), enabled: any },
  { id: "absent-stay", group: "Decide", title: "Absent and stay", keys: ["X"], run: () => verdict("absent", true), enabled: any },
  { id: "go-on", group: "Decide", title: "After a decision go on to the next row that is not reviewed", short: "Go on", keys: ["L"], pressed: goesOn,
    run: () => { localStorage.setItem(GO_ON, goesOn() ? "no" : "yes"); store.tell(goesOn() ? "Decisions go on to the next row." : "Decisions stay on the row."); store.emit("settings"); } },

  { id: "move", group: "Move", title: "Move the selected part, the sentence, its piece or the whole cell to another row", short: "Move…", keys: ["m"], run: () => startPicking(store.focus, currentPart()), enabled: any },
  { id: "part", group: "Move", title: "Take part of the sentence, to move, mark or split off", short: "Part…", keys: ["b"], run: part, enabled: any },
  { id: "split", group: "Move", title: "Split the row before the selected part, or the focused sentence", short: "Split", keys: ["t"], run: split, enabled: () => store.focus.unit > 0 || currentPart() !== null, unless: "go to the sentence that the new row begins with, with ] or [, or select text" },
  { id: "merge", group: "Move", title: "Merge the selected rows, or the row with the next one", short: "Merge", keys: ["g"], run: merge, enabled: any },

  { id: "accept", group: "Finding", title: "Accept the repair", short: "Accept", keys: ["a"], run: () => judge("accepted"), enabled: hasRepair, unless: NO_FINDING },
  { id: "reject", group: "Finding", title: "Reject the repair: the text stays as it is", short: "Reject", keys: ["d"], run: () => judge("rejected"), enabled: onFinding, unless: NO_FINDING },
  { id: "edit", group: "Finding", title: "Edit the repair", short: "Edit…", keys: ["E"], run: editRepair, enabled: onFinding, unless: NO_FINDING },
  { id: "keep-this", group: "Finding", title: "Of a duplicate, keep this copy", keys: ["1"], run: () => judge("accepted", { keep: "this" }), enabled: () => onFinding("duplicate") },
  { id: "keep-other", group: "Finding", title: "Of a duplicate, keep the other copy", keys: ["2"], run: () => judge("accepted", { keep: "other" }), enabled: () => onFinding("duplicate") },
  { id: "card", group: "Finding", title: "Open the card of the mark", keys: ["Enter"], run: openCurrent, enabled: onMark, unless: NO_FINDING },

  { id: "status", group: "Glossary", title: "Set the status of the form", short: "Term status…", keys: ["T"], run: statusOfMark, enabled: onConcept, unless: "go to a mention of a concept first (i, or click it)" },
  { id: "form", group: "Glossary", title: "Add a form to the glossary: the selected text", short: "Add form…", keys: ["+"], run: () => addForm(), enabled: () => store.review?.concepts.length > 0 },

  { id: "select", group: "Select", title: "Select the row, or not", short: "Select", keys: ["v"], run: () => store.toggleSelect(store.focus.row), enabled: any, pressed: () => store.selection.has(store.focus.row) },
  { id: "select-to", group: "Select", title: "Select from the last one selected to here", short: "To here", keys: ["V"], run: () => store.selectRange(store.focus.row), enabled: any },
  { id: "select-all", group: "Select", title: "Select all rows shown", short: "All rows", keys: ["Ctrl+a"], run: () => store.selectAll(), enabled: any },
  { id: "escape", group: "Select", title: "Close what is open, or select nothing", keys: ["Escape"], run: escape },

  { id: "undo", group: "Undo", title: "Undo", short: "Undo", keys: ["u", "Ctrl+z"], run: undo, unless: "there is nothing to undo", enabled: () => ahead().undo !== null || unsaved().waiting > 0 },
  { id: "redo", group: "Undo", title: "Redo", short: "Redo", keys: ["U", "Ctrl+Z", "Ctrl+y"], run: redo, unless: "there is nothing to redo", enabled: () => ahead().redo !== null },
  { id: "history", group: "Undo", title: "History: who did what", keys: ["H"], run: toHistory },
  { id: "unsaved", group: "Undo", title: "Go to what is not saved", keys: ["!"], run: toUnsaved, enabled: () => unsaved().failed || unsaved().disputed > 0 },

  { id: "align", group: "Again", title: "Align the rest again around what I confirmed", short: "Align again", keys: ["A"], run: alignAgain, enabled: () => !working("align") },
  { id: "check", group: "Again", title: "Check the texts again", short: "Check again", keys: ["Q"], run: checkAgain, enabled: () => !working("check") },
  { id: "changed", group: "Again", title: "Next row that the last alignment changed", keys: [">"], run: () => stepChanged(false) },
  { id: "changed-back", group: "Again", title: "Previous such row", keys: ["<"], run: () => stepChanged(true) },

  { id: "next", group: "Go", title: "Next row", keys: ["j", "ArrowDown"], run: () => byRow(1) },
  { id: "previous", group: "Go", title: "Previous row", keys: ["k", "ArrowUp"], run: () => byRow(-1) },
  { id: "first", group: "Go", title: "First row", keys: ["Home"], run: () => byRow(-store.shown.length) },
  { id: "last", group: "Go", title: "Last row", keys: ["End"], run: () => byRow(store.shown.length) },
  { id: "right", group: "Go", title: "Next column", keys: ["ArrowRight"], run: () => byVersion(1), enabled: any },
  { id: "left", group: "Go", title: "Previous column", keys: ["ArrowLeft"], run: () => byVersion(-1), enabled: any },
  { id: "sentence", group: "Go", title: "Next sentence of the cell", keys: ["]"], run: () => bySentence(1), enabled: any },
  { id: "sentence-back", group: "Go", title: "Previous sentence", keys: ["["], run: () => bySentence(-1), enabled: any },
  { id: "doubtful", group: "Go", title: "Next doubtful row", keys: ["n"], run: () => find(doubtful, false, "No other row is doubtful.") },
  { id: "doubtful-back", group: "Go", title: "Previous doubtful row", keys: ["N"], run: () => find(doubtful, true, "No other row is doubtful.") },
  { id: "open", group: "Go", title: "Next row that is not reviewed", keys: ["p"], run: () => find(open, false, "All other rows are reviewed.") },
  { id: "open-back", group: "Go", title: "Previous row that is not reviewed", keys: ["P"], run: () => find(open, true, "All other rows are reviewed.") },
  { id: "finding", group: "Go", title: "Next finding", keys: ["w"], run: () => stepFinding(false), enabled: any },
  { id: "finding-back", group: "Go", title: "Previous finding", keys: ["W"], run: () => stepFinding(true), enabled: any },
  { id: "kind", group: "Go", title: "Next row with the same kind of problem", keys: ["s"], run: () => nextOfKind(false), enabled: any },
  { id: "kind-back", group: "Go", title: "Previous row with it", keys: ["S"], run: () => nextOfKind(true), enabled: any },
  { id: "mention", group: "Go", title: "Next mention of a concept", keys: ["i"], run: () => stepMention(false), enabled: any },
  { id: "mention-back", group: "Go", title: "Previous mention", keys: ["I"], run: () => stepMention(true), enabled: any },
  { id: "search", group: "Go", title: "Search", keys: ["/"], run: toSearch },
  { id: "go", group: "Go", title: "Go to a row by its number", keys: ["G"], run: goToRow },

  { id: "original", group: "Show", title: "The original lines, or the cleaned text", short: "Original", keys: ["z"], run: () => store.setMode(store.mode === "clean" ? "original" : "clean"), pressed: () => store.mode === "original" },
  ...[1, 2, 3, 4].map((n) => ({ id: `column-${n}`, group: "Show", title: `Column ${n}`, keys: [String(n)], run: () => toggleColumn(n - 1), enabled: () => store.versions.length >= n })),
  { id: "name", group: "Show", title: "Your name", short: "Name…", keys: ["Y"], run: rename },
  { id: "help", group: "Show", title: "What the keys do", short: "Keys", keys: ["?"], run: () => store.emit("help") },
];
