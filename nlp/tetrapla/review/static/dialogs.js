/**
 * Dialogs: native <dialog>s with a title, fields and buttons. Focus goes back to where it was.
 *
 * Whatever text comes from the documents is put in as text, never as markup.
 */

/**
 * Make an element. Attributes by their names; `on…` are listeners, `text` is the text, true an empty attribute,
 * false, null and undefined none.
 * @param {string} tag
 * @param {Object<string, *>} [attributes]
 * @param {...(Node|string|null|false)} children
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== false && child !== undefined));
  return element;
}

/** @returns {boolean} whether a dialog is open */
export const dialogOpen = () => document.querySelector("dialog[open]") !== null;

const holder = () => document.getElementById("dialogs") ?? document.body;
let count = 0;

/** Put the focus back on what had it; where that is gone (rows come and go), on the table. */
export function refocus(element) {
  if (element?.isConnected && element !== document.body) {
    element.focus({ preventScroll: true });
    if (document.activeElement === element) return;
  }
  const table = document.getElementById("table");
  const inside = table?.querySelector('[tabindex="0"]');
  (inside ?? table)?.focus({ preventScroll: true });
}

/**
 * Show a dialog until it is answered.
 * @param {{title: string, body?: Node[], fields?: Field[], wide?: boolean,
 *          buttons?: {label: string, value: string, quiet?: boolean}[]}} what  the first button is the one for Enter
 * @returns {Promise<{button: string, values: Object<string, string>}|null>} null if it was closed without an answer
 */
export function ask({ title, body = [], fields = [], wide = false, buttons = [{ label: "OK", value: "ok" }] }) {
  const before = document.activeElement;
  const id = `dialog-${(count += 1)}`;
  const controls = fields.map((field) => control(field, `${id}-${field.name}`));
  const dialog = el("dialog", { class: wide ? "ask wide" : "ask", "aria-labelledby": id });
  const form = el(
    "form", { method: "dialog" },
    el("h2", { id, text: title }),
    ...body,
    ...controls.map(({ box }) => box),
    el(
      "p", { class: "buttons" },
      ...buttons.map(({ label, value, quiet }, k) =>
        el("button", { type: "submit", value, class: k === 0 && !quiet ? "main" : null, formnovalidate: quiet, text: label })),
      el("button", { type: "button", onclick: () => dialog.close(), text: fields.length ? "Cancel" : "Close" },
        el("kbd", { "aria-hidden": "true", text: "Esc" })),
    ),
  );
  dialog.append(form);
  holder().append(dialog);
  return new Promise((resolve) => {
    let answer = null;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const values = Object.fromEntries(controls.map(({ name, value }) => [name, value()]));
      answer = { button: event.submitter?.value ?? buttons[0].value, values };
      dialog.close();
    });
    // Enter in a field of many lines begins a line; with Ctrl or Cmd it answers, as people know it.
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(form.querySelector("button"));
    });
    dialog.addEventListener("click", (event) => { if (event.target === dialog && outside(dialog, event)) dialog.close(); });
    dialog.addEventListener("close", () => {
      dialog.remove();
      refocus(before);
      resolve(answer);
    });
    dialog.showModal();
    const first = form.querySelector("input:not([type=radio]), textarea, select, input:checked") ?? form.querySelector("button");
    first.focus({ preventScroll: true });
    dialog.scrollTop = 0; // showModal went to the first button, which may stand at the end
    if (first.matches("input:not([type=radio]), textarea")) first.select();
  });
}

const outside = (dialog, { clientX, clientY }) => {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
};

/**
 * @typedef {{name: string, label: string, type?: "text"|"long"|"select"|"radio", value?: string, required?: boolean,
 *            hint?: string, language?: string, options?: {value: string, label: string, hint?: string}[]}} Field
 * @param {Field} field
 * @param {string} id
 */
function control({ name, label, type = "text", value = "", required = false, hint, language, options = [] }, id) {
  const described = hint ? `${id}-hint` : null;
  const below = hint ? [el("small", { id: described, text: hint })] : [];
  if (type === "radio") {
    const inputs = options.map((option) =>
      el("input", { type: "radio", name: id, value: option.value, checked: option.value === value }));
    const box = el(
      "fieldset", { "aria-describedby": described }, el("legend", { text: label }),
      ...options.map((option, k) => el("label", {}, inputs[k], " ", option.label, option.hint ? el("small", { text: ` ${option.hint}` }) : null)),
      ...below,
    );
    return { name, box, value: () => inputs.find((input) => input.checked)?.value ?? "" };
  }
  const common = { id, required, "aria-describedby": described, lang: language, autocomplete: "off", spellcheck: "false" };
  let input;
  if (type === "select") {
    input = el("select", { id, required, "aria-describedby": described },
      ...options.map((option) => el("option", { value: option.value, selected: option.value === value, text: option.label })));
  } else {
    input = el(type === "long" ? "textarea" : "input", { ...common, rows: type === "long" ? "4" : null });
    input.value = value;
  }
  return { name, box: el("p", { class: "field" }, el("label", { for: id, text: label }), input, ...below), value: () => input.value };
}

/** Ask for the note on a row. @returns {Promise<string|null>} the note ("" takes it away) */
export async function noteDialog(title, text) {
  const answer = await ask({
    title, fields: [{ name: "text", label: "Note", type: "long", value: text, hint: "An empty note is taken away. Ctrl+Enter saves." }],
    buttons: [{ label: "Save", value: "ok" }],
  });
  return answer && answer.values.text.trim();
}

/** Ask how a place should read. @returns {Promise<string|null>} */
export async function editDialog(mark, language) {
  const answer = await ask({
    title: "Edit the repair",
    body: [el("p", {}, "As it stands: ", el("q", { lang: language, text: mark.text }))],
    fields: [{
      name: "text", label: "Should read", type: mark.text.length > 60 ? "long" : "text", language,
      value: mark.replacement ?? mark.text, hint: "Empty takes the passage away.",
    }],
    buttons: [{ label: "Save", value: "ok" }],
  });
  return answer && answer.values.text;
}

/** Ask for the name that decisions are kept under. @returns {Promise<string|null>} */
export async function nameDialog(name) {
  const answer = await ask({
    title: "Who is reviewing?",
    fields: [{
      name: "name", label: "Your name", value: name, required: true,
      hint: "It stands beside every decision that you make, and undo takes back only what was decided under it.",
    }],
    buttons: [{ label: "Save", value: "ok" }],
  });
  return answer && answer.values.name.trim();
}

/** Ask which row to go to. @returns {Promise<string|null>} what was typed */
export async function goDialog() {
  const answer = await ask({
    title: "Go to a row", fields: [{ name: "row", label: "Row", required: true, hint: "Its number or its id: 12, b12 or b12+1" }],
    buttons: [{ label: "Go", value: "ok" }],
  });
  return answer && answer.values.row.trim();
}

/** What statuses of a form mean, from the best to the worst. */
export const STATUSES = [
  { value: "preferred", label: "preferred", hint: "the form to use" },
  { value: "admitted", label: "admitted", hint: "a synonym that may stand" },
  { value: "deprecated", label: "deprecated", hint: "understood, but not to be used" },
  { value: "noise", label: "noise", hint: "made by damage only" },
];
const DAMAGES = [
  { value: "", label: "not said" },
  { value: "ocr", label: "a misread letter" },
  { value: "literal", label: "translated word by word" },
  { value: "sense", label: "the wrong sense of a word" },
  { value: "name", label: "a garbled name" },
];

/** Ask for the status of a form. @returns {Promise<{status: string, damage: string|null}|null>} */
export async function statusDialog({ form, language, status, damage, concept }) {
  const answer = await ask({
    title: `Status of “${form}”`,
    body: [el("p", { text: `A form of ${concept} in ${language}.` })],
    fields: [
      { name: "status", label: "Status", type: "radio", value: status, options: STATUSES },
      { name: "damage", label: "What made it, if it should not stand", type: "select", value: damage ?? "", options: DAMAGES },
    ],
    buttons: [{ label: "Save", value: "ok" }],
  });
  return answer && sound(answer.values);
}

const sound = ({ status, damage }) =>
  ({ status, damage: damage && (status === "deprecated" || status === "noise") ? damage : null });

/**
 * Ask for a form to add to the glossary.
 * @param {{form: string, language: string, concept: string|null, languages: string[], concepts: {id: string, name: string}[]}} given
 * @returns {Promise<{concept: string, language: string, form: string, status: string, damage: string|null}|null>}
 */
export async function formDialog({ form, language, concept, languages, concepts }) {
  const answer = await ask({
    title: "Add a form to the glossary",
    fields: [
      { name: "form", label: "Form", value: form, required: true, language },
      { name: "language", label: "Language", type: "select", value: language, options: languages.map((one) => ({ value: one, label: one })) },
      {
        name: "concept", label: "Of the concept", type: "select", value: concept ?? "", required: true,
        options: [{ value: "", label: "choose one" }, ...concepts.map(({ id, name }) => ({ value: id, label: name === id ? id : `${name} (${id})` }))],
      },
      { name: "status", label: "Status", type: "radio", value: "admitted", options: STATUSES },
      { name: "damage", label: "What made it, if it should not stand", type: "select", options: DAMAGES },
    ],
    buttons: [{ label: "Add", value: "ok" }],
  });
  return answer && { concept: answer.values.concept, language: answer.values.language, form: answer.values.form.trim(), ...sound(answer.values) };
}
