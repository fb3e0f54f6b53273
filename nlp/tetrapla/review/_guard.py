"""Who may ask: only the person who started the program, from the page that it served.

Another page in the same browser is the attacker to keep out, besides other users of the machine. Against it:

- the first address has a random token, which is exchanged for a cookie that scripts cannot read and that no other
  site's request carries (SameSite=Strict); without the cookie nothing is answered, not even the page's own files;
- Host must be a name of this server with its port: a name that was turned to this machine (DNS rebinding) is not;
- Origin, where a browser sends one, must be this server; what changes something must come with it, or with
  Sec-Fetch-Site: same-origin, and as JSON, which no form can send (Fetch Metadata, as in W3C's resource isolation
  policy); another port of this machine is the same site, so that the cookie alone would not keep its pages out;
- the page may load, send to and be framed by nothing else (Content-Security-Policy).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from urllib.parse import parse_qs

from starlette.datastructures import Headers as Asked
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tetrapla.web import SHUT, Headers

__all__ = ["HEADERS", "MAX_BODY", "guarded"]

MAX_BODY = 1_000_000  # bytes of a request
HEADERS = SHUT | {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
READING = frozenset({"GET", "HEAD"})
BY_ITSELF = (None, "same-origin", "none")  # Sec-Fetch-Site of what no other page or file has led to
CLOSED = (
    '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Tetrapla review</title>\n'
    "<h1>This page is closed</h1>\n<p>Open the address that <code>tetrapla review</code> printed when it was started. "
    "Each start has an address of its own; that of an earlier one no longer opens.</p></html>\n"
)
ONWARDS = (
    '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Tetrapla review</title>\n'
    '<meta http-equiv="refresh" content="0; url=/">\n<p><a href="/">To the review</a></p></html>\n'
)
NOT_OPENED = "not opened: go to the address that `tetrapla review` printed when it was started"
ELSEWHERE = "refused: this was asked by another page than the one that this program serves"


def guarded(app: ASGIApp, *, token: str, hosts: Collection[str]) -> ASGIApp:
    """Return the application behind a guard that lets in who has the token, under these names with their ports.

    `hosts` are the values that Host may have, such as ``127.0.0.1:8765``.
    """
    return Headers(_Guard(app, token, frozenset(host.lower() for host in hosts)), HEADERS)


class _Guard:
    def __init__(self, app: ASGIApp, token: str, hosts: frozenset[str]) -> None:
        self._app = app
        self._token = token.encode()
        self._hosts = frozenset(map(_named, hosts))
        self._key = secrets.token_urlsafe(32)
        # Cookies are shared by all ports of a machine: each server has one of its own.
        self._cookie = f"tetrapla-review-{min(hosts).rpartition(':')[2]}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # a web socket is none that we have
            await send({"type": "websocket.close", "code": 1008})
            return
        answer = self._refusal(scope)
        if answer is None and scope["method"] not in READING:
            body = await _body(receive)
            if body is None:
                answer = _problem(413, f"more than the {MAX_BODY:,} bytes that a request may have")
            else:
                receive = _again(body, receive)
        await (answer or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        """Return the answer to a request that is not let through."""
        asked = Asked(scope=scope)
        hosts = asked.getlist("host")
        if len(hosts) != 1 or _named(hosts[0].lower()) not in self._hosts:
            return _problem(403, "refused: this program answers under its own address only")
        origins = asked.getlist("origin")
        if any(origin.lower() != f"http://{hosts[0].lower()}" for origin in origins):
            return _problem(403, ELSEWHERE)
        root = scope["path"] == "/" and scope["method"] in READING
        site = asked.get("sec-fetch-site")
        # A link to the page itself may stand anywhere; the cookie does not come with it.
        if site not in BY_ITSELF and not root:
            return _problem(403, ELSEWHERE)
        if root and (answer := self._admission(scope, site)) is not None:
            return answer
        if not self._has_cookie(asked):
            return HTMLResponse(CLOSED, 403) if root else _problem(403, NOT_OPENED)
        if scope["method"] not in READING:
            return _refused_change(asked, scope["method"], by_us=bool(origins) or site == "same-origin")
        return None

    def _admission(self, scope: Scope, site: str | None) -> Response | None:
        """Return the answer to the first request, which has the token; a wrong one is as good as none.

        It leads on without the token, which so leaves the address bar and the history. Where a file or another page has
        led here, a page of ours has to do that: a strict cookie goes along with what our own pages ask for only.
        """
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
        if len(given) != 1 or not secrets.compare_digest(given[0].encode("utf-8", "replace"), self._token):
            return None
        answer: Response = RedirectResponse("/", 303) if site in BY_ITSELF else HTMLResponse(ONWARDS)
        answer.set_cookie(self._cookie, self._key, path="/", httponly=True, samesite="strict")
        return answer

    def _has_cookie(self, asked: Asked) -> bool:
        given = [cookie_parser(line).get(self._cookie, "") for line in asked.getlist("cookie")]
        return any(secrets.compare_digest(key.encode("utf-8", "replace"), self._key.encode()) for key in given)


def _named(host: str) -> str:
    """Return a host as browsers name it: without the port that goes without saying."""
    return host.removesuffix(":80")


def _refused_change(asked: Asked, method: str, *, by_us: bool) -> Response | None:
    if not by_us:
        return _problem(403, ELSEWHERE)
    kind = asked.get("content-type", "").partition(";")[0].strip().lower()
    if method != "DELETE" and kind != "application/json":
        return _problem(415, "refused: what is sent must be JSON (Content-Type: application/json)")
    return None


def _problem(status: int, told: str) -> Response:
    return JSONResponse({"error": told}, status)


async def _body(receive: Receive) -> bytes | None:
    """Return what was sent, None where it is too much; what comes after that is not read."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was read already, and then what comes after it."""
    rest: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return rest.pop() if rest else await receive()

    return received
