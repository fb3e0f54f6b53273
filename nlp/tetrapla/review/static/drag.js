/**
 * Dragging text to another row: a grip stands beside the sentence that the pointer is on, and beside the piece (the
 * passage) where its source is told. A click on the grip begins to move by keys.
 */
import { el } from "./dialogs.js";
import { besideOf, moveTo, picking, sentencesOf, startPicking, stopPicking, takeExtent } from "./pick.js";
import { store } from "./store.js";

const STAYS = 350; // milliseconds that the grip waits for the pointer to come over to it

let grip, held = null, timer = 0, over = null;

/** The place that the pointer is on: a sentence, or the line that says where a piece is from. */
function placeOf(target) {
  const from = target.closest?.(".from");
  const unit = target.closest?.("[data-unit]") ?? from?.parentElement.querySelector("[data-unit]");
  const row = unit?.closest("[data-row]"), cell = unit?.closest("[data-version]");
  return row && cell ? { row: row.dataset.row, version: cell.dataset.version, unit: Number(unit.dataset.unit), piece: Boolean(from), box: from ?? unit } : null;
}

function show(place) {
  clearTimeout(timer);
  held = place;
  const { left, top, height } = place.box.getClientRects()[0];
  grip.hidden = false;
  grip.title = `Drag this ${place.piece ? "piece" : "sentence"} to another row, or click to pick the row by keys`;
  grip.style.setProperty("left", `${Math.max(left - 17, 0)}px`);
  grip.style.setProperty("top", `${top + height / 2 - 11}px`);
}

function hide() {
  clearTimeout(timer);
  timer = setTimeout(() => { grip.hidden = true; }, STAYS);
}

function take() {
  startPicking({ row: held.row, version: held.version, unit: held.unit });
  if (held.piece && picking() && sentencesOf(held.row, held.version).length) takeExtent("piece");
}

function aim(row) {
  over?.classList.remove("drop");
  over = row;
  over?.classList.add("drop");
}

/** Begin: have text dragged from row to row in #table. */
export function startDrag() {
  const table = document.getElementById("table");
  grip = el("span", { class: "grip", draggable: "true", hidden: true, "aria-hidden": "true", text: "⠿" });
  document.getElementById("dialogs").append(grip);
  table.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse" || event.buttons || picking()) return;
    const place = placeOf(event.target);
    if (place) show(place);
    else hide();
  });
  table.addEventListener("pointerleave", hide);
  table.addEventListener("scroll", () => { grip.hidden = true; }, { capture: true, passive: true });
  grip.addEventListener("pointerenter", () => clearTimeout(timer));
  grip.addEventListener("pointerleave", hide);
  grip.addEventListener("click", () => {
    grip.hidden = true;
    store.setFocus({ row: held.row, version: held.version, unit: held.unit });
    take();
  });
  grip.addEventListener("dragstart", (event) => {
    store.setFocus({ row: held.row, version: held.version, unit: held.unit });
    take();
    if (!picking()) return event.preventDefault();
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.box.textContent);
    event.dataTransfer.setDragImage(held.box, 10, 10);
  });
  table.addEventListener("dragover", (event) => {
    const row = event.target.closest?.("[data-row]");
    if (!picking() || !row) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    if (row !== over) aim(row);
  });
  table.addEventListener("drop", (event) => {
    const row = event.target.closest?.("[data-row]")?.dataset.row;
    if (!picking() || !row) return;
    event.preventDefault();
    if (row === held.row) stopPicking();
    else moveTo(row, besideOf(event.target));
  });
  grip.addEventListener("dragend", () => {
    aim(null);
    grip.hidden = true;
    // What was let go of elsewhere stays where it was.
    if (picking()) stopPicking();
  });
}
