/**
 * The one state of the page: the rows as the server has them, what is shown of them, where the reviewer is.
 *
 * Events: "loaded" (a document), "rows" ({changed, gone, order}: records changed), "order" (`shown` changed), "focus"
 * ({row, version, unit, was}), "selection", "columns", "mode", "filter", "stale" ({rows}: texts fell out of date; rows
 * null: all), "cells" ({rows}: texts came), "progress", "job" (a Job), "told" ({text, kind}), "saving" ({waiting,
 * failed, disputed}), "history" (the entries that are new), "reviewer" (another name), "changed"
 * ({rows}: rows came to be, or are no more, marked as changed by an alignment).
 */

import { get } from "./api.js";
import * as view from "./view.js";

const listeners = new Map();
const NAME = "tetrapla-reviewer";
const nowhere = () => ({ row: null, version: null, unit: null });

export const store = {
  doc: null,
  review: null,
  rows: new Map(),
  order: [],
  shown: [],
  versions: [],
  pivot: "",
  columns: [],
  chosen: [], // the columns but the pivot
  focus: nowhere(),
  selection: new Set(),
  mode: "clean",
  filter: view.NOTHING,
  sort: "document",
  n: 0,
  me: "",
  groupOf: new Map(), // type of finding -> its group
  conceptIndex: new Map(), // id of a concept -> its index in review.concepts
  hidden: new Set(), // ids of rows that are not shown
  filtered: new Set(), // of these, the ones that did not pass the filter when it was set
  moved: new Set(), // ids of rows out of order in a chosen version
  anchor: null, // where a selection of a run begins

  /** The name that decisions are kept under, where it is not that of who started the program; null for that. */
  get by() {
    return localStorage.getItem(NAME) || null;
  },
  set by(name) {
    localStorage.setItem(NAME, name);
    this.emit("reviewer", name);
  },

  on(event, fn) {
    if (!listeners.has(event)) listeners.set(event, new Set());
    listeners.get(event).add(fn);
    return () => listeners.get(event).delete(fn);
  },
  emit(event, detail) {
    for (const fn of listeners.get(event) ?? []) fn(detail);
  },
  /** Tell the reviewer something in the status line; kind: "ok", "conflict" or "error". */
  tell(text, kind = "ok") {
    this.emit("told", { text, kind });
  },

  /** Read a document anew; the place, columns and filter stay if it is the same one. */
  async load(doc) {
    const { rows, ...review } = await get(`documents/${encodeURIComponent(doc)}/review`, { by: this.by });
    const same = doc === this.doc;
    const versions = review.versions.map((version) => version.id);
    const others = versions.filter((id) => id !== review.pivot);
    Object.assign(this, {
      doc,
      review,
      n: review.n,
      me: review.me,
      pivot: review.pivot,
      versions: [review.pivot, ...others],
      rows: new Map(rows.map((row) => [row.id, row])),
      order: rows.map((row) => row.id),
      groupOf: new Map(review.types.map((type) => [type.name, type.group])),
      conceptIndex: new Map(review.concepts.map((concept, index) => [concept.id, index])),
    });
    if (!same)
      Object.assign(this, { columns: [], focus: nowhere(), filter: view.NOTHING, sort: "document", anchor: null });
    if (!same) this.selection = new Set();
    if (!this.columns.length) this.columns = [review.pivot, ...others.slice(0, 1)];
    this.chosen = this.columns.filter((id) => id !== review.pivot);
    for (const id of this.selection) if (!this.rows.has(id)) this.selection.delete(id);
    this.arrange(false);
    this.emit("loaded", { same });
    if (!this.rows.has(this.focus.row)) this.setFocus({ row: this.shown[0] ?? null });
  },

  /** Take over what changed on the server. Rows that no longer pass the filter stay until it is set again. */
  apply(changes) {
    if (changes.n < this.n || !this.review) return;
    this.n = changes.n;
    for (const row of changes.rows) this.rows.set(row.id, row);
    for (const id of changes.gone) this.rows.delete(id);
    const { history, progress, ready, checked, stale } = changes;
    const texts = ready !== this.review.ready || checked !== this.review.checked;
    Object.assign(this.review, { history, progress, ready, checked, stale });
    const changed = changes.rows.map((row) => row.id);
    if (changes.order) this.order = changes.order;
    if (changes.order || changed.length) this.moved = view.movedRows(this.order, this.rows, this.pivot, this.chosen);
    for (const id of changes.gone) this.selection.delete(id);
    const before = this.shown;
    this.keep();
    const touched = this.touched(changes);
    this.emit("rows", { changed, gone: changes.gone, order: changes.order !== null });
    if (texts || touched === null || touched.length) this.emit("stale", { rows: texts ? null : touched });
    if (this.shown !== before) this.emit("order");
    if (this.focus.row !== null && !this.rows.has(this.focus.row)) this.setFocus({ row: this.near(before) });
    this.emit("progress");
    this.emit("history", changes.entries);
  },

  /** Return the ids of rows whose texts fell out of date; null for all of them. */
  touched(changes) {
    if (Object.keys(changes.terms ?? {}).length) return null;
    const ids = new Set(changes.rows.map((row) => row.id));
    for (const key of Object.keys(changes.findings ?? {})) {
      const [, version, , start, end] = /^finding:(.*):([^:]+):(\d+)-(\d+)$/.exec(key) ?? [];
      for (const row of this.rows.values()) {
        if (row.spans[version]?.some(([from, to]) => from <= Number(end) && Number(start) <= to)) ids.add(row.id);
      }
    }
    return [...ids];
  },

  /** Keep what is shown, without the rows that went and with the new ones where they belong. */
  keep() {
    const fit = this.order.filter((id) => !this.filtered.has(id) && view.inColumns(this.rows.get(id), this));
    if (this.sort === "document") return this.show(fit);
    const fits = new Set(fit),
      shown = this.shown.filter((id) => fits.has(id)),
      known = new Set(shown);
    this.order.forEach((id, place) => {
      if (!fits.has(id) || known.has(id)) return;
      const at = shown.indexOf(this.order[place - 1]);
      shown.splice(at < 0 ? shown.length : at + 1, 0, id);
    });
    this.show(shown);
  },

  show(ids) {
    if (ids.length === this.shown.length && ids.every((id, place) => id === this.shown[place])) return;
    this.shown = ids;
    const shown = new Set(ids);
    this.hidden = new Set(this.order.filter((id) => !shown.has(id)));
  },

  /** Work out which rows are shown, in what order. */
  arrange(tell = true) {
    this.moved = view.movedRows(this.order, this.rows, this.pivot, this.chosen);
    const ids = this.order.filter((id) => view.fits(this.rows.get(id), this.filter, this));
    const fit = new Set(ids);
    this.filtered = new Set(this.order.filter((id) => !fit.has(id) && view.inColumns(this.rows.get(id), this)));
    this.hidden = new Set(this.order.filter((id) => !fit.has(id)));
    this.show(view.ordered(ids, this.sort, this, this.filter));
    if (!tell) return;
    this.emit("order");
    if (this.shown.length && !fit.has(this.focus.row)) this.setFocus({ row: this.shown[0] });
  },

  near(before) {
    const at = before.indexOf(this.focus.row);
    const left = (id) => this.rows.has(id);
    return (
      before.slice(Math.max(at, 0)).find(left) ??
      before.slice(0, Math.max(at, 0)).findLast(left) ??
      this.shown[0] ??
      null
    );
  },

  /** Go to a row, a cell in it, a sentence in that; what is left out is null. A row that is filtered out is let in. */
  setFocus({ row = this.focus.row, version = null, unit = null }) {
    if (row !== null && !this.rows.has(row)) return;
    const was = this.focus;
    const lacking = row !== null && !view.inColumns(this.rows.get(row), this);
    if (lacking) this.setColumns([...this.columns, ...Object.keys(this.rows.get(row).spans)]);
    if (row !== null && this.hidden.has(row)) {
      this.filter = view.NOTHING;
      this.arrange(false);
      this.emit("filter");
      this.emit("order");
      this.tell("The filter was taken off to show this row.");
    }
    this.focus = { row, version, unit };
    this.emit("focus", { ...this.focus, was });
  },

  /** Go to the next (previous) shown row for which `predicate(record)` holds, once around; returns its id or null. */
  next(predicate, backwards = false) {
    const ids = backwards ? [...this.shown].reverse() : this.shown;
    const at = ids.indexOf(this.focus.row);
    const later = ids.slice(at + 1).find((id) => predicate(this.rows.get(id)));
    const found = later ?? ids.slice(0, Math.max(at, 0)).find((id) => predicate(this.rows.get(id))) ?? null;
    if (found === null) return null;
    if (later === undefined) this.tell(backwards ? "Went on from the end." : "Went on from the start.");
    this.setFocus({ row: found, version: this.focus.version });
    return found;
  },
  reviewed: (row, version) => view.isReviewed(row, version, store.pivot),
  doubtful: (row, version) => view.isDoubtful(row, version, store.pivot),
  /** Return "disputed", "doubtful", "left" or "reviewed" for the versions on display. */
  status: (row) => view.statusOf(row, store.chosen, store.pivot),

  toggleSelect(id) {
    if (!this.selection.delete(id)) this.selection.add(id);
    this.anchor = id;
    this.emit("selection");
  },
  /** Select from where the last selection began (or the focused row) to this row, as shown. */
  selectRange(id) {
    const from = this.shown.indexOf(this.anchor ?? this.focus.row),
      to = this.shown.indexOf(id);
    if (from < 0 || to < 0) return;
    for (const each of this.shown.slice(Math.min(from, to), Math.max(from, to) + 1)) this.selection.add(each);
    this.emit("selection");
  },
  /** Select all rows that are shown. */
  selectAll() {
    this.selection = new Set(this.shown);
    this.emit("selection");
  },
  clearSelection() {
    this.selection.clear();
    this.anchor = null;
    this.emit("selection");
  },
  /** Return the ids of the rows that a decision is about, in document order: those selected, or the focused one. */
  targets() {
    if (this.selection.size) return this.order.filter((id) => this.selection.has(id));
    return this.focus.row === null ? [] : [this.focus.row];
  },

  setColumns(ids) {
    const wanted = new Set(ids);
    this.columns = this.versions.filter((id) => id === this.pivot || wanted.has(id));
    this.chosen = this.columns.filter((id) => id !== this.pivot);
    if (this.focus.version !== null && !this.columns.includes(this.focus.version))
      this.focus = { ...this.focus, version: null, unit: null };
    this.emit("columns");
    this.arrange();
    this.emit("progress");
  },
  /** Set parts of the filter; the others stay. */
  setFilter(parts) {
    this.filter = Object.freeze({ ...this.filter, ...parts });
    this.emit("filter");
    this.arrange();
  },
  setOrder(sort) {
    this.sort = sort;
    this.emit("filter");
    this.arrange();
    if (sort !== "document" && this.shown.length) this.setFocus({ row: this.shown[0] }); // what was asked for is there
  },
  setMode(mode) {
    this.mode = mode;
    this.emit("mode");
  },
};
