"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const bar = document.querySelector("form.bar");
  const detail = document.querySelector("aside.detail");
  const rows = all("table.text tbody tr");
  const root = document.documentElement;
  const picked = document.head.appendChild(document.createElement("style"));
  const pointed = document.head.appendChild(document.createElement("style"));
  let concept = "";

  // The text of a row without the suggested repairs, and where each of its text nodes begins in it.
  const texts = new Map();
  const textOf = (row) => {
    if (!texts.has(row)) {
      const nodes = [];
      let text = "";
      for (const p of all("td p", row)) {
        const walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          if (walker.currentNode.parentNode.tagName === "INS") continue;
          nodes.push([text.length, walker.currentNode]);
          text += walker.currentNode.data;
        }
        text += "\n";
      }
      const low = text.toLowerCase();
      // A few letters change their length in lower case; then places would be wrong, so case counts.
      texts.set(row, { nodes, text: low.length === text.length ? low : text });
    }
    return texts.get(row);
  };

  const show = () => {
    const wanted = bar.rows.value;
    const find = bar.find.value.toLowerCase();
    const ranges = [];
    let count = 0;
    for (const box of all("input[name=version]", bar)) {
      all(`table.text .v${box.value}`).forEach((cell) => { cell.hidden = !box.checked; });
    }
    root.classList.toggle("no-noise", !bar.noise.checked);
    root.classList.toggle("no-concepts", !bar.concepts.checked);
    for (const row of rows) {
      let fits = !wanted || row.dataset.is.split(" ").includes(wanted);
      if (wanted === "concept") fits = concept !== "" && row.querySelector(`[data-c="${concept}"]`) !== null;
      if (fits && find) fits = mark(row, find, ranges);
      row.hidden = !fits;
      count += fits;
    }
    if (window.CSS && CSS.highlights) CSS.highlights.set("found", new Highlight(...ranges));
    bar.count.value = count === rows.length ? `${count} rows` : `${count} of ${rows.length} rows`;
  };

  // Returns whether a row has the words looked for, and adds where.
  const mark = (row, find, ranges) => {
    const { nodes, text } = textOf(row);
    let at = text.indexOf(find);
    if (at < 0) return false;
    let k = 0;
    const seek = (place) => {
      while (k + 1 < nodes.length && nodes[k + 1][0] < place) k += 1;
      return [nodes[k][1], Math.min(place - nodes[k][0], nodes[k][1].length)];
    };
    for (; at >= 0; at = text.indexOf(find, at + find.length)) {
      const range = new Range();
      range.setStart(...seek(at));
      range.setEnd(...seek(at + find.length));
      ranges.push(range);
    }
    return true;
  };

  const pick = (number) => {
    concept = concept === number ? "" : number;
    picked.textContent = concept && `table.text .c[data-c="${concept}"]{outline:2px solid;outline-offset:1px}`;
    for (const button of all("button.c")) button.setAttribute("aria-pressed", String(button.dataset.c === concept));
    if (bar.rows.value === "concept") show();
  };

  const point = (target) => {
    const parts = [];
    const sentence = target.closest("[data-s]");
    const noise = target.closest("[data-f]");
    const named = target.closest(".c[data-c]");
    if (sentence) parts.push(`#${sentence.closest("tr").id} [data-s="${sentence.dataset.s}"]{background:var(--point)}`);
    if (noise) parts.push(`[data-k="${noise.dataset.f}"]{outline:2px dotted}`);
    if (named) parts.push(`.c[data-c="${named.dataset.c}"]{outline:1px solid}`);
    const rule = parts.join("");
    if (pointed.textContent !== rule) pointed.textContent = rule;
  };

  const tell = (text) => {
    detail.hidden = !text;
    detail.firstElementChild.textContent = text;
  };

  // What there is to say of a place: its noise, its concept, its sentence, from the inside out.
  const titles = (target) => {
    const found = [];
    for (let at = target; at && at.tagName !== "TD"; at = at.parentElement) if (at.title) found.push(at.title);
    return found.join("\n");
  };

  document.addEventListener("mouseover", (event) => point(event.target));
  document.addEventListener("focusin", (event) => point(event.target));
  document.addEventListener("click", (event) => {
    const named = event.target.closest(".c[data-c]");
    if (named) pick(named.dataset.c);
    if (event.target.closest("aside.detail button")) tell("");
    else if (event.target.closest("table.text td")) tell(titles(event.target));
    const link = event.target.closest('a[href^="#r"]');
    const row = link && document.getElementById(link.getAttribute("href").slice(1));
    if (row && row.hidden) {
      bar.reset();
      show();
    }
  });

  // Keys: j and k the next and previous row, n and p the next and previous noise, / to find, Escape to close.
  const seen = (element) => element.offsetParent !== null;
  const step = (elements, by) => {
    const shown = elements.filter(seen);
    const here = document.activeElement;
    let at = shown.indexOf(here);
    if (at < 0) {
      const top = bar.getBoundingClientRect().bottom;
      at = shown.findIndex((element) => element.getBoundingClientRect().top >= top);
      at = (at < 0 ? shown.length : at) - (by > 0 ? 1 : 0);
    }
    const next = shown[at + by];
    if (!next) return;
    if (next.tagName !== "A") next.tabIndex = -1;
    next.focus();
    if (next.title && next.dataset.f) tell(titles(next));
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tell("");
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select")) return;
    if (event.key === "j" || event.key === "k") step(all("table.text th.row a"), event.key === "j" ? 1 : -1);
    else if (event.key === "n" || event.key === "p") step(all("table.text .f"), event.key === "n" ? 1 : -1);
    else if (event.key === "/") bar.find.focus();
    else return;
    event.preventDefault();
  });

  window.addEventListener("beforeprint", () => all("details").forEach((part) => { part.open = true; }));
  bar.addEventListener("input", show);
  bar.addEventListener("submit", (event) => event.preventDefault());
  bar.hidden = false;
  show();
})();
