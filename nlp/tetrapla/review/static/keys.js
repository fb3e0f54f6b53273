/**
 * The keyboard, the toolbar and the help, all three from the one list of commands.
 */
import { commands } from "./commands.js";
import { ask, dialogOpen, el, refocus } from "./dialogs.js";
import { startDrag } from "./drag.js";
import { start as startPart } from "./part.js";
import { pickKey, picking, startPick, stopPicking } from "./pick.js";
import { store } from "./store.js";

export { commands };

const GROUPS = [
  ["Decide", "Decide about the row, or the selected rows"],
  ["Move", "Move, split, merge"],
  ["Finding", "Repairs: the finding that is outlined"],
  ["Glossary", "Glossary"],
  ["Select", "Select rows"],
  ["Undo", "Undo"],
  ["Again", "Work in the background"],
  ["Show", "Show"],
  ["Go", "Go about"],
];
const SIGNS = { ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Backspace: "⌫", Escape: "Esc" };
// Keys that mean something to a control that has the focus.
const STRUCTURAL = new Set(["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End", "Enter", "Backspace"]);
const PLAIN = new Set(["checkbox", "radio", "button", "submit", "range"]);

const byKey = new Map();
for (const command of commands) {
  for (const key of command.keys) byKey.set(key, [...(byKey.get(key) ?? []), command]);
}
const buttons = new Map(); // command -> its button
let toolbar;

// --- the keyboard ---------------------------------------------------------------------------------------------------

/**
 * The name of the key that was pressed, as commands have it: letters whatever Caps Lock says, and on a keyboard
 * without Latin letters by where they stand.
 */
function nameOf(event) {
  const { key, code, shiftKey } = event;
  let name = key;
  if (/^[a-z]$/i.test(key) && event.getModifierState("CapsLock")) name = shiftKey ? key.toUpperCase() : key.toLowerCase();
  else if (/^Key[A-Z]$/.test(code ?? "") && key.length === 1 && key.charCodeAt(0) > 127) name = shiftKey ? code[3] : code[3].toLowerCase();
  return event.ctrlKey || event.metaKey ? `Ctrl+${name}` : name;
}

const typing = (target) =>
  target.closest?.("textarea, select, [contenteditable]") || (target.tagName === "INPUT" && !PLAIN.has(target.type));

function pressed(event) {
  const { target } = event;
  if (event.defaultPrevented || event.isComposing || event.altKey || dialogOpen() || !store.review) return;
  const name = nameOf(event);
  if (typing(target)) return leaveField(event, name);
  const free = target === document.body || target.closest?.("#table") !== null;
  if (STRUCTURAL.has(name) && !free) return;
  if (picking() && !name.startsWith("Ctrl+") && pickKey(name, event.shiftKey)) return event.preventDefault();
  if (event.shiftKey && STRUCTURAL.has(name)) return;
  const command = (byKey.get(name) ?? []).find(isEnabled);
  if (!command) {
    const off = byKey.get(name)?.[0];
    if (off) refuse(off);
    return;
  }
  if (event.repeat && !["Go", "Undo"].includes(command.group)) return; // a key that is held decides once
  if (picking() && !["Go", "Show"].includes(command.group)) return store.tell("Text is being moved: Enter moves it here, Escape leaves.");
  event.preventDefault();
  command.run();
}

/** Escape, and Enter in the search, lead from a field back to the rows. */
function leaveField(event, name) {
  const field = event.target;
  if (name !== "Escape" && !(name === "Enter" && field.type === "search")) return;
  if (name === "Escape" && field.type === "search" && field.value) return; // the browser empties it
  event.preventDefault();
  document.querySelector('#table [tabindex="0"]')?.focus({ preventScroll: true });
}

/** What is clicked beside the rows does not take the focus from them: the keys, Enter and arrows too, go on there. */
function leaveFocus(event) {
  if (event.button !== 0 || !event.target.closest("#toolbox button, #side button, #side .check, #columns label")) return;
  event.preventDefault();
  if (!document.activeElement?.closest("#table, #toolbox, #cards")) refocus();
}

const refuse = ({ title, unless }) => store.tell(`${title}: ${unless ?? "not possible here"}.`);
const isEnabled = ({ enabled }) => !enabled || enabled();

/** Run a command as its button does. */
function press(command) {
  if (!isEnabled(command)) return refuse(command);
  if (picking()) {
    if (command.id === "move") return stopPicking();
    if (!["Go", "Show"].includes(command.group)) stopPicking(null);
  }
  command.run();
  soon();
}

// --- the toolbar ----------------------------------------------------------------------------------------------------

const shownKey = (key) => SIGNS[key] ?? key;
const spoken = (key) => key.replace("Ctrl+", "Control+").replace(/(^|\+)([A-Z])$/, "$1Shift+$2");

function buildToolbar() {
  toolbar = document.getElementById("tools");
  for (const [name, title] of GROUPS) {
    const own = commands.filter(({ group, short }) => group === name && short);
    if (!own.length) continue;
    toolbar.append(el("div", { role: "group", "aria-label": title }, ...own.map(buttonOf)));
  }
  const all = [...buttons.values()];
  all.forEach((button, k) => { button.tabIndex = k === 0 ? 0 : -1; });
  toolbar.addEventListener("keydown", (event) => {
    const at = all.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    all.at(to % all.length).focus();
  });
  toolbar.addEventListener("focusin", ({ target }) => {
    for (const button of all) button.tabIndex = button === target ? 0 : -1;
  });
}

function buttonOf(command) {
  const button = el("button", {
    type: "button", title: command.title, "aria-keyshortcuts": command.keys.map(spoken).join(" "), "data-command": command.id,
    onclick: () => press(command),
  }, command.short, el("kbd", { "aria-hidden": "true", text: shownKey(command.keys[0]) }));
  buttons.set(command, button);
  return button;
}

let frame = 0;
function soon() {
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    refresh();
  });
}

/** Disabled buttons stay reachable, so that what there is can be learnt. */
function refresh() {
  for (const [command, button] of buttons) {
    const off = String(!isEnabled(command));
    if (button.getAttribute("aria-disabled") !== off) button.setAttribute("aria-disabled", off);
    if (command.pressed) button.setAttribute("aria-pressed", String(command.pressed()));
  }
}

// --- the help -------------------------------------------------------------------------------------------------------

function help() {
  const rows = (name) => commands.filter(({ group }) => group === name).map(({ title, keys }) =>
    el("tr", {}, el("th", { scope: "row" }, ...keys.flatMap((key, k) => [k ? " or " : "", el("kbd", { text: shownKey(key) })])), el("td", { text: title })));
  const table = ([name, title]) => el("table", { class: "keys" }, el("caption", { text: title }), el("tbody", {}, ...rows(name)));
  const moving = el("table", { class: "keys" }, el("caption", { text: "While text is being moved" }), el("tbody", {}, ...[
    [["Enter"], "Move it to the focused row"], [["."], "Give it a row of its own"], [["0–9"], "Type the number of the row"],
    [["/"], "Search for the row; ↓ goes to the next hit"], [["s", "p", "w"], "Take the sentence, its piece, the whole cell"],
    [["J", "K"], "Take a sentence more, or less"], [["Esc"], "Leave"],
  ].map(([keys, title]) => el("tr", {}, el("th", { scope: "row" }, ...keys.flatMap((key, k) => [k ? " or " : "", el("kbd", { text: key })])), el("td", { text: title })))));
  const mouse = el("p", { text: "By mouse: the buttons above the rows; drag the grip ⠿ of a sentence to another row; Ctrl+click selects a row, Shift+click a run; a click on a mark opens its card. Of text that is selected inside a cell, m, e, f and t take just that." });
  ask({ title: "Keys", wide: true, body: [mouse, el("div", { class: "key-tables" }, ...GROUPS.map(table), moving)], buttons: [] });
}

/** Begin: build the toolbar and listen to the keyboard. */
export function start() {
  buildToolbar();
  startPart();
  startPick();
  startDrag();
  document.addEventListener("keydown", pressed);
  document.addEventListener("mousedown", leaveFocus);
  store.on("help", help);
  for (const event of ["loaded", "focus", "selection", "rows", "mark", "part", "columns", "mode", "history", "jobs", "saving", "settings", "reviewer"]) store.on(event, soon);
}
