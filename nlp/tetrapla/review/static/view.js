/**
 * Which rows are shown and in what order: pure functions of row records, as `GET …/review` gives them.
 */

/** A link is more likely wrong than right below this probability (as in the report). */
export const DOUBTFUL = 0.5;

/** The orders there are: name and label. */
export const ORDERS = [
  ["document", "document"],
  ["worst", "worst first"],
  ["findings", "most findings first"],
  ["concept", "by concept"],
  ["status", "by status"],
];

/** The states a row can be filtered by: name and label. */
export const STATUSES = [
  ["doubtful", "doubtful"],
  ["left", "not reviewed"],
  ["reviewed", "reviewed"],
  ["disputed", "disputed"],
];

/** The short words of the quality groups, for badges. */
export const SHORT = {
  numbers: "num",
  citations: "cite",
  untranslated: "untr",
  terminology: "term",
  inconsistent: "incons",
  duplicates: "dupl",
  absent: "absent",
  other: "noise",
};

/** A filter that lets every row pass. `hits`: the ids that a search found, or null. */
export const NOTHING = Object.freeze({
  group: "",
  type: "",
  concept: "",
  status: "",
  kind: "",
  note: false,
  moved: false,
  both: false,
  search: "",
  hits: null,
});

const has = (row, version) => (row.spans[version]?.length ?? 0) > 0;

/** Return whether a row has text in one of the columns on display. */
export const inColumns = (row, view) => view.columns.some((version) => has(row, version));

/** Return whether a row has anything to decide for a version: text of it or of the pivot. */
export const concerns = (row, version, pivot) => has(row, version) || has(row, pivot);

/** Return whether a row is decided for a version. */
export function isReviewed(row, version, pivot) {
  const own = row.verdicts[pivot];
  return version in row.verdicts || own === "extra" || own === "furniture" || row.kind === "furniture";
}

/** Return whether a row needs a look for a version: not decided and unlikely, or one side is missing. */
export function isDoubtful(row, version, pivot) {
  if (!concerns(row, version, pivot) || isReviewed(row, version, pivot)) return false;
  if (!has(row, version) || !has(row, pivot)) return row.kind !== "furniture";
  return (row.score[version] ?? 0) < DOUBTFUL;
}

/** Return whether one side is missing and nobody has said that this is right. */
export const isAbsent = (row, version, pivot) =>
  concerns(row, version, pivot) && has(row, version) !== has(row, pivot) && !isReviewed(row, version, pivot);

/** Return what a row comes to for some versions: "disputed", "doubtful", "left" or "reviewed". */
export function statusOf(row, versions, pivot) {
  if (row.disputed) return "disputed";
  const own = versions.filter((version) => concerns(row, version, pivot));
  if (own.some((version) => isDoubtful(row, version, pivot))) return "doubtful";
  return own.every((version) => isReviewed(row, version, pivot)) ? "reviewed" : "left";
}

/** Return how many findings of each group a row has in a version, with "absent" where one side is missing. */
export function groupCounts(row, version, view) {
  const counts = {};
  for (const [type, n] of Object.entries(row.counts[version] ?? {})) {
    const group = view.groupOf.get(type) ?? "other";
    counts[group] = (counts[group] ?? 0) + n;
  }
  if (version !== view.pivot && isAbsent(row, version, view.pivot)) counts.absent = 1;
  return counts;
}

/** Return how many findings of a group and type (empty: any) a row has in the versions on display. */
export function findings(row, view, group = "", type = "") {
  let sum = 0;
  for (const version of view.columns) {
    for (const [name, n] of Object.entries(row.counts[version] ?? {})) {
      if ((!type || name === type) && (!group || (view.groupOf.get(name) ?? "other") === group)) sum += n;
    }
  }
  if (!type && (!group || group === "absent")) {
    sum += view.chosen.filter((version) => isAbsent(row, version, view.pivot)).length;
  }
  return sum;
}

// What each part of a filter asks of a row; a part that is empty asks nothing.
const TESTS = {
  group: (row, value, view) => findings(row, view, value) > 0,
  type: (row, value, view) => findings(row, view, "", value) > 0,
  concept: (row, value, view) => row.concepts.includes(view.conceptIndex.get(value)),
  status: (row, value, view) => statusOf(row, view.chosen, view.pivot) === value,
  kind: (row, value) => row.kind === value,
  note: (row) => row.note !== "",
  moved: (row, value, view) => view.moved.has(row.id),
  both: (row, value, view) => view.columns.every((version) => has(row, version)),
  hits: (row, value) => value.has(row.id),
};

/** The parts of a filter that are on or off. */
export const FLAGS = ["note", "moved", "both"];

/** Return whether a row has text on display and passes a filter. */
export const fits = (row, filter, view) => inColumns(row, view) && failed(row, filter, view).length === 0;

const failed = (row, filter, view) =>
  Object.entries(TESTS)
    .filter(([part, test]) => filter[part] && !test(row, filter[part], view))
    .map(([part]) => part);

/**
 * Return what the choices of a filter would leave: for each of its parts a Map from choice to number of rows, with all
 * other parts as they are. `groups` has the findings besides: name -> [findings, rows].
 */
export function tally(filter, view) {
  const counts = {
    status: new Map(),
    kind: new Map(),
    concept: new Map(),
    type: new Map(),
    flags: new Map(),
    groups: new Map(),
  };
  const add = (map, key, n = 1) => map.set(key, (map.get(key) ?? 0) + n);
  for (const row of view.rows.values()) {
    if (!inColumns(row, view)) continue;
    const fails = failed(row, filter, view);
    const open = (part) => fails.length === 0 || (fails.length === 1 && fails[0] === part);
    if (open("status")) add(counts.status, statusOf(row, view.chosen, view.pivot));
    if (open("kind")) add(counts.kind, row.kind);
    if (open("concept")) for (const index of row.concepts) add(counts.concept, view.review.concepts[index].id);
    if (open("type")) {
      for (const type of new Set(view.columns.flatMap((version) => Object.keys(row.counts[version] ?? {}))))
        add(counts.type, type);
    }
    for (const flag of FLAGS) if (open(flag) && TESTS[flag](row, true, view)) add(counts.flags, flag);
    if (open("group")) {
      const own = new Map();
      for (const version of view.columns)
        for (const [name, n] of Object.entries(groupCounts(row, version, view))) add(own, name, n);
      for (const [name, n] of own) {
        const [sum, rows] = counts.groups.get(name) ?? [0, 0];
        counts.groups.set(name, [sum + n, rows + 1]);
      }
    }
  }
  return counts;
}

/** Return the row ids of `ids` (in document order) in another order; rows that are alike stay in document order. */
export function ordered(ids, order, view, filter = NOTHING) {
  const key = KEYS[order];
  if (!key) return ids;
  const prepared = key(view, filter);
  const keys = new Map(ids.map((id) => [id, prepared(view.rows.get(id))]));
  return [...ids].sort((a, b) => keys.get(a) - keys.get(b));
}

const STATES = ["doubtful", "left", "reviewed", "disputed"];
const KEYS = {
  // What is decided is not bad any more, whatever its probability was.
  worst: (view) => (row) => {
    let least = 2;
    for (const version of view.chosen) {
      if (!concerns(row, version, view.pivot) || isReviewed(row, version, view.pivot)) continue;
      const linked = has(row, version) && has(row, view.pivot);
      least = Math.min(least, linked ? (row.score[version] ?? 0) : -1);
    }
    return least;
  },
  findings: (view, filter) => (row) => -findings(row, view, filter.group, filter.type),
  // Rows by the concept that most rows have; rows without one come last.
  concept: (view) => {
    const rank = new Map(conceptsByRows(view).map(([index], place) => [index, place]));
    return (row) => Math.min(rank.size, ...row.concepts.map((index) => rank.get(index)));
  },
  status: (view) => (row) => STATES.indexOf(statusOf(row, view.chosen, view.pivot)),
};

/** Return [index of concept, rows that have it], most rows first. */
function conceptsByRows(view) {
  const counts = new Map();
  for (const row of view.rows.values())
    for (const index of row.concepts) counts.set(index, (counts.get(index) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
}

/**
 * Return the ids of rows that stand out of order in one of the versions: all but the longest run of rows whose places
 * rise in the pivot and in the version (Schensted 1961).
 */
export function movedRows(order, rows, pivot, versions) {
  const moved = new Set();
  for (const version of versions) {
    const linked = order.map((id) => rows.get(id)).filter((row) => has(row, pivot) && has(row, version));
    linked.sort((a, b) => a.spans[pivot][0][0] - b.spans[pivot][0][0]);
    const kept = longestRising(linked.map((row) => row.spans[version][0][0]));
    linked.forEach((row, place) => kept.has(place) || moved.add(row.id));
  }
  return moved;
}

function longestRising(values) {
  const ends = [],
    back = [];
  values.forEach((value, place) => {
    let low = 0,
      high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[ends[middle]] < value) low = middle + 1;
      else high = middle;
    }
    back.push(low ? ends[low - 1] : -1);
    ends[low] = place;
  });
  const kept = new Set();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = back[at]) kept.add(at);
  return kept;
}
