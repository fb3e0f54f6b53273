"use strict";
// A concept that is pointed at or reached by keyboard: its relations stay, the others fade, its entry shows below.
(() => {
  const graph = document.querySelector(".picture .graph");
  const detail = document.querySelector(".detail");
  const lines = [...graph.querySelectorAll(".line")].map((line) => ({
    line,
    ends: line.dataset.ends.split(" ").map((pair) => pair.split(">")),
  }));
  const labels = [...graph.querySelectorAll(".label")];
  const nodes = [...graph.querySelectorAll(".node")];
  let chosen = null;

  const show = (node) => {
    if (node === chosen) return;
    chosen = node;
    graph.classList.toggle("chosen", node !== null);
    detail.hidden = node === null;
    if (node === null) return;
    const id = node.dataset.id;
    const near = new Set([id]);
    const bundles = new Set();
    for (const { line, ends } of lines) {
      const own = ends.filter((pair) => pair.includes(id));
      line.classList.toggle("on", own.length > 0);
      own.flat().forEach((end) => near.add(end));
      if (own.length) bundles.add(line.dataset.label);
    }
    nodes.forEach((other) => other.classList.toggle("on", near.has(other.dataset.id)));
    labels.forEach((label) => label.classList.toggle("on", bundles.has(label.dataset.label)));
    detail.replaceChildren(...document.getElementById("c-" + id).cloneNode(true).childNodes);
  };

  nodes.forEach((node) => {
    node.addEventListener("pointerenter", () => show(node));
    node.addEventListener("pointerleave", () => show(document.activeElement.closest?.(".node") ?? null));
    node.addEventListener("focus", () => show(node));
    node.addEventListener("blur", () => show(null));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show(null);
  });
})();
