/**
 * The map: a dot plot of the whole document, the pivot across, one version down. Each row is a box where its text
 * stands in both; colour and shade tell the probability, the outline what was decided. A click goes to the row.
 */

import { el } from "./dialogs.js";
import { labelOf, numberOf, verdictOf } from "./gutter.js";
import { store } from "./store.js";
import { inView } from "./table.js";
import { DOUBTFUL, movedRows } from "./view.js";

const LEAST = 2.5; // pixels of the smallest box
const PAD = 5;
let canvas,
  select,
  version = "";
let boxes = []; // {id, x, y, w, h, edge: "" | "top" | "left"}
let picture = null; // the boxes as they were drawn last: where the reader is lies over it
let frame = 0;

/** Begin: follow the store and the table. */
export function start() {
  canvas = document.getElementById("map");
  select = document.querySelector("#map-of select");
  select.addEventListener("change", () => {
    version = select.value;
    anew();
  });
  canvas.addEventListener("click", clicked);
  canvas.addEventListener("pointermove", hover);
  new ResizeObserver(anew).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", anew);
  store.on("theme", anew);
  store.on("loaded", chosen);
  store.on("columns", chosen);
  store.on("rows", anew);
  store.on("focus", soon);
  store.on("order", soon);
  document.querySelector("#table .grid").addEventListener("scroll", soon, { passive: true });
}

function chosen() {
  const others = store.versions.filter((id) => id !== store.pivot);
  const offered = store.chosen.length ? store.chosen : others;
  if (!offered.includes(version)) version = offered[0] ?? "";
  select.replaceChildren(
    ...offered.map((id) => el("option", { value: id, text: `${labelOf(store.pivot)} × ${labelOf(id)}` })),
  );
  select.value = version;
  select.disabled = offered.length < 2;
  anew();
}

function anew() {
  picture = null;
  soon();
}

function soon() {
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    if (store.review && version && canvas.clientWidth) draw();
  });
}

const longest = (spans) => spans.reduce((best, span) => (span[1] - span[0] > best[1] - best[0] ? span : best));
const lengthOf = (id) => Math.max(store.review.versions.find((each) => each.id === id).length, 1);

function draw() {
  const scale = devicePixelRatio || 1;
  const wide = canvas.clientWidth,
    high = canvas.clientHeight;
  if (!picture || canvas.width !== Math.round(wide * scale)) {
    canvas.width = Math.round(wide * scale);
    canvas.height = Math.round(high * scale);
    paint(wide, high, scale);
  }
  const context = canvas.getContext("2d");
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  const colours = getComputedStyle(canvas);
  view(context, colours, wide, high);
}

function paint(wide, high, scale) {
  picture = new OffscreenCanvas(canvas.width, canvas.height);
  const context = picture.getContext("2d");
  context.scale(scale, scale);
  const colours = getComputedStyle(canvas);
  const colour = (name) => colours.getPropertyValue(name).trim();
  const q = [colour("--q0"), colour("--q1"), colour("--q2"), colour("--q3")];
  const good = colour("--good"),
    bad = colour("--bad"),
    soft = colour("--soft");
  const x = (at) => PAD + ((wide - 2 * PAD) * at) / lengthOf(store.pivot);
  const y = (at) => PAD + ((high - 2 * PAD) * at) / lengthOf(version);
  boxes = [];
  const out = movedRows(store.order, store.rows, store.pivot, [version]);
  let linked = 0,
    alone = 0;
  for (const id of store.order) {
    const row = store.rows.get(id);
    const here = row.spans[store.pivot] ?? [],
      there = row.spans[version] ?? [];
    if (!here.length && !there.length) continue;
    if (!here.length || !there.length) {
      // What has no counterpart is a tick at the edge that its text runs along.
      const [start, end] = longest(here.length ? here : there);
      const box = here.length
        ? { id, x: x(start), y: 0, w: Math.max(x(end) - x(start), 1), h: PAD - 1, edge: "top" }
        : { id, x: 0, y: y(start), w: PAD - 1, h: Math.max(y(end) - y(start), 1), edge: "left" };
      context.fillStyle = verdictOf(row, version) === "doubtful" ? q[0] : soft;
      context.fillRect(box.x, box.y, box.w, box.h);
      boxes.push(box);
      alone += 1;
      continue;
    }
    const [a, b] = longest(here),
      [c, d] = longest(there);
    const box = { id, x: x(a), y: y(c), w: Math.max(x(b) - x(a), LEAST), h: Math.max(y(d) - y(c), LEAST), edge: "" };
    const verdict = verdictOf(row, version),
      score = row.score[version] ?? 0,
      off = out.has(id);
    linked += 1;
    context.fillStyle = verdict === "confirmed" ? good : verdict === "refused" ? bad : q[classOf(score)];
    context.globalAlpha = off ? 0.35 : 0.75;
    context.fillRect(box.x, box.y, box.w, box.h);
    context.globalAlpha = 1;
    context.strokeStyle = context.fillStyle;
    context.setLineDash(off ? [2, 1.5] : []);
    context.lineWidth = off ? 1.5 : 0.75;
    if (off) context.strokeRect(box.x - 2, box.y - 2, box.w + 4, box.h + 4);
    else if (verdict !== "left" && verdict !== "doubtful")
      context.strokeRect(box.x - 0.5, box.y - 0.5, box.w + 1, box.h + 1);
    if (verdict === "refused") cross(context, box);
    if (verdict === "doubtful") ring(context, box);
    boxes.push(box);
  }
  canvas.setAttribute(
    "aria-label",
    `Map of the document, ${labelOf(store.pivot)} across, ${labelOf(version)} down: ` +
      `${linked} linked rows, ${out.size} out of order, ${alone} without a counterpart.`,
  );
}

const classOf = (score) => (score < DOUBTFUL ? 0 : score < 0.8 ? 1 : score < 0.95 ? 2 : 3);

function cross(context, { x, y, w, h }) {
  context.beginPath();
  context.moveTo(x + w / 2 - 3, y + h / 2 - 3);
  context.lineTo(x + w / 2 + 3, y + h / 2 + 3);
  context.moveTo(x + w / 2 + 3, y + h / 2 - 3);
  context.lineTo(x + w / 2 - 3, y + h / 2 + 3);
  context.stroke();
}

function ring(context, { x, y, w, h }) {
  context.beginPath();
  context.arc(x + w / 2, y + h / 2, 3.5, 0, 7);
  context.stroke();
}

/** Draw where the reader is: what is in view as a band, the focused row as a cross of lines. */
function view(context, colours, wide, high) {
  const seen = new Set(inView());
  const own = boxes.filter(({ id }) => seen.has(id));
  context.fillStyle = colours.getPropertyValue("--band").trim();
  const across = own.filter(({ edge }) => edge !== "left");
  if (across.length && store.sort === "document") {
    const left = Math.min(...across.map(({ x }) => x)),
      right = Math.max(...across.map(({ x, w }) => x + w));
    context.fillRect(left - 1, 0, Math.max(right - left, 3) + 2, high);
  } else for (const { x, w } of across) context.fillRect(x, 0, Math.max(w, 2), high);
  for (const { y, h, edge } of own) if (edge === "left") context.fillRect(0, y, wide, Math.max(h, 2));
  const focus = boxes.find(({ id }) => id === store.focus.row);
  if (!focus) return;
  context.strokeStyle = colours.getPropertyValue("--focus").trim();
  context.lineWidth = 1.5;
  context.setLineDash([]);
  context.strokeRect(focus.x - 3, focus.y - 3, focus.w + 6, focus.h + 6);
  context.globalAlpha = 0.6;
  context.lineWidth = 0.75;
  context.beginPath();
  context.moveTo(0, focus.y + focus.h / 2);
  context.lineTo(focus.x - 3, focus.y + focus.h / 2);
  context.stroke();
  context.globalAlpha = 1;
}

function nearest({ offsetX, offsetY }) {
  let best = null,
    least = Infinity;
  for (const box of boxes) {
    const dx = Math.max(box.x - offsetX, 0, offsetX - box.x - box.w),
      dy = Math.max(box.y - offsetY, 0, offsetY - box.y - box.h);
    if (dx * dx + dy * dy < least) [best, least] = [box, dx * dx + dy * dy];
  }
  return best;
}

function clicked(event) {
  const box = nearest(event);
  if (box) store.setFocus({ row: box.id });
}

function hover(event) {
  const box = nearest(event),
    row = box && store.rows.get(box.id);
  if (!row) return;
  const score = row.score[version];
  canvas.title = `row ${numberOf(row.id)}, ${row.kind}${score === undefined ? "" : `, ${score.toFixed(2)}`}`;
}
