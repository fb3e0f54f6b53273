/**
 * What the page asks of its server: JSON both ways, one class of error, and the stream of what others changed.
 */

/** What the server refused: `status` (0: no answer), `body` as it came, `message` one line for people. */
export class Problem extends Error {
  constructor(status, body) {
    super(body?.error ?? (status ? `the program answered with error ${status}` : "the program does not answer"));
    this.status = status;
    this.body = body ?? {};
  }
}

/** GET a path below /api/ (or an absolute one); `params` that are null are left out. Returns the JSON. */
export function get(path, params = {}) {
  const query = new URLSearchParams(
    Object.entries(params).filter(([, value]) => value !== null && value !== undefined),
  );
  return ask("GET", query.size ? `${path}?${query}` : path);
}

/** DELETE a path below /api/. */
export const del = (path) => ask("DELETE", path);

/** POST JSON to a path below /api/. */
export const post = (path, body = {}) => ask("POST", path, body);

async function ask(method, path, body) {
  const address = path.startsWith("/") ? path : `/api/${path}`;
  const request = { method, credentials: "same-origin", headers: { Accept: "application/json" } };
  if (method === "POST") {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(address, request);
  } catch {
    throw new Problem(0);
  }
  let data = null;
  try {
    data = await answer.json();
  } catch {
    // An answer that is no JSON has nothing to say beyond its status.
  }
  if (answer.status === 403) throw new Problem(403, { error: "open the address again that the program printed" });
  if (!answer.ok) throw new Problem(answer.status, data);
  return data;
}

/**
 * Listen to what changes in a document, until the returned function is called. `hooks`: changed(n) for a new entry in
 * the journal, job(job) for a step of work in the background, back() when the line was lost and is there again,
 * lost() when it was lost.
 */
export function listen(doc, hooks) {
  const source = new EventSource(`/api/documents/${encodeURIComponent(doc)}/events`);
  let down = false;
  source.addEventListener("changed", (event) => hooks.changed(Number(JSON.parse(event.data))));
  source.addEventListener("job", (event) => hooks.job(JSON.parse(event.data)));
  source.addEventListener("open", () => {
    if (down) hooks.back();
    down = false;
  });
  source.addEventListener("error", () => {
    if (!down) hooks.lost();
    down = true;
  });
  return () => source.close();
}
