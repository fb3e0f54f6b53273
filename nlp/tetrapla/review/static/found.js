/**
 * What was searched for, shown where it stands in the texts on display; letter case and accents do not count.
 */

import { store } from "./store.js";

let frame = 0;

/** Begin: follow the filter, the texts and the table. */
export function start() {
  if (!window.CSS?.highlights) return; // the rows are found all the same
  for (const event of ["cells", "filter", "order", "mode"]) store.on(event, soon);
  new MutationObserver(soon).observe(document.querySelector("#table .body"), { childList: true });
}

function soon() {
  if (!store.filter.search && !CSS.highlights.has("found")) return;
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    show(fold(store.filter.search));
  });
}

// Character by character, so that places stay where they are.
const fold = (text) => [...text].map((char) => char.normalize("NFD")[0].toLowerCase()[0].padEnd(char.length)).join("");

function show(wanted) {
  CSS.highlights.delete("found");
  if (!wanted) return;
  const ranges = [...document.querySelectorAll("#table .cell p")].flatMap((text) => rangesIn(text, wanted));
  CSS.highlights.set("found", new Highlight(...ranges));
}

function rangesIn(element, wanted) {
  const nodes = [],
    walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let text = "";
  while (walker.nextNode()) {
    nodes.push([text.length, walker.currentNode]);
    text += walker.currentNode.data;
  }
  text = fold(text);
  const ranges = [];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    const range = new Range();
    const [from, first] = nodes.findLast(([start]) => start <= at);
    const [to, last] = nodes.findLast(([start]) => start < at + wanted.length);
    range.setStart(first, at - from);
    range.setEnd(last, at + wanted.length - to);
    ranges.push(range);
  }
  return ranges;
}
