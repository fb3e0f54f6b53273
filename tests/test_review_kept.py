"""What was decided on the review page is kept: over restarts, a killed program, two reviewers, and hostile texts."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.review_browser import NO_BROWSER, Review, Sheet, has_text, looked_at, reviewing, until, written
from tetrapla.formats.json import load_alignment
from tetrapla.model import Alignment, Bead, Document, Span

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

pytestmark = pytest.mark.skipif(bool(NO_BROWSER), reason=NO_BROWSER)


def test_everything_is_there_after_a_restart_and_undo_and_redo_go_on(chromium: Browser, review: Review) -> None:
    row, noted, merged = has_text(review, "zh", "en")[:3]
    with looked_at(chromium, review) as sheet:
        before = sheet.ask("review")["rows"]
        sheet.go(row)
        sheet.press("c")
        sheet.decided("confirm")
        sheet.go(noted)
        sheet.press("o")
        sheet.page.get_by_role("dialog").get_by_label("Note", exact=True).fill("look again")
        sheet.press("Control+Enter")
        sheet.decided("note")
        sheet.go(merged)
        sheet.press("g")
        sheet.decided("merge")
        after = sheet.ask("review")["rows"]
    review.stop()
    review.start()
    with looked_at(chromium, review) as sheet:
        assert plain(sheet.ask("review")["rows"]) == plain(after)
        sheet.go(row)
        sheet.says(row, "English confirmed")
        sheet.go(noted)
        sheet.says(noted, "note: look again")
        for _ in range(3):
            sheet.undone()
        assert plain(sheet.ask("review")["rows"]) == plain(before)
        sheet.press("u")  # one too many
        sheet.expect(sheet.page.get_by_role("status")).to_contain_text("undo")
        for _ in range(3):
            sheet.press("U")
            sheet.decided("redo")
        assert plain(sheet.ask("review")["rows"]) == plain(after)
    assert [entry["op"] for entry in review.entries] == [
        "confirm", "note", "merge", "undo", "undo", "undo", "redo", "redo", "redo",
    ]  # fmt: skip


def plain(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return rows without what says when they were decided, and without findings, which come when they are found."""
    return [{key: row[key] for key in ("id", "kind", "spans", "verdicts", "hand", "note")} for row in rows]


def silence(route: Route) -> None:
    """Answer who listens to what happens with nothing, for long."""
    route.fulfill(status=200, content_type="text/event-stream", body="retry: 1000000\n\n")


def named(sheet: Sheet, name: str) -> None:
    sheet.press("Y")
    sheet.page.get_by_role("dialog").get_by_label("Your name").fill(name)
    sheet.press("Enter")
    sheet.expect(sheet.page.get_by_role("dialog")).to_have_count(0)


def test_the_second_of_two_reviewers_sees_what_the_first_did_and_loses_nothing(
    chromium: Browser, review: Review
) -> None:
    row = has_text(review, "zh", "en")[3]
    with looked_at(chromium, review) as first, looked_at(chromium, review) as second:
        second.expected.append("409")
        second.page.route("**/events", silence)  # it does not hear of the first one in time
        second.page.reload()
        named(first, "cara")
        named(second, "ben")
        first.go(row)
        second.go(row)
        first.press("c")
        entry = first.decided("confirm")
        assert entry["by"] == "cara"
        second.press("r")
        trouble = second.page.get_by_role("region", name="Decisions that are not saved")
        second.expect(trouble).to_contain_text("cara")
        second.expect(trouble).to_contain_text("confirmed")
        second.expect(second.page.locator("#saved")).to_contain_text("not saved")
        second.says(row, "English confirmed")
        assert len(review.entries) == 1
        trouble.get_by_role("button", name="Do it all the same").click()
        second.expect(second.page.locator("#saved")).to_have_text("saved")
        second.says(row, "English refused")
        # The first one hears of it without asking, and cannot take back what is not there any more.
        first.says(row, "English refused")
        first.expected.append("409")
        first.press("u")
        first.expect(first.page.get_by_role("status")).to_contain_text("ben")
    told = [(entry["by"], entry["op"], entry["set"][f"row:{row}"]["verdicts"]["en"]) for entry in review.entries]
    assert told == [("cara", "confirm", "confirmed"), ("ben", "refuse", "refused")]


def test_other_rows_are_no_conflict_and_both_pages_show_both(chromium: Browser, review: Review) -> None:
    one, other = has_text(review, "zh", "en")[:2]
    with looked_at(chromium, review) as first, looked_at(chromium, review) as second:
        first.go(one)
        second.go(other)
        first.press("c")
        second.press("r")
        for sheet in (first, second):
            sheet.says(one, "English confirmed")
            sheet.says(other, "English refused")
    assert {entry["op"] for entry in review.entries} == {"confirm", "refuse"}


def test_a_decision_whose_answer_was_lost_is_no_conflict_with_itself_and_each_name_has_its_own_undo(
    chromium: Browser, review: Review
) -> None:
    row, other = has_text(review, "zh", "en")[:2]
    lost: list[int] = []

    def lose(route: Route) -> None:
        answer = route.fetch()
        if lost:
            route.fulfill(response=answer)
        else:
            lost.append(answer.status)
            route.abort()

    with looked_at(chromium, review) as sheet:
        sheet.expected.append("ERR_FAILED")
        sheet.page.route("**/decide", lose)
        sheet.go(row)
        sheet.press("c")
        sheet.expect(sheet.page.locator("#saved")).to_contain_text("not saved")
        sheet.page.get_by_role("button", name="Try again").click()
        sheet.expect(sheet.page.locator("#saved")).to_have_text("saved")
        assert lost == [200]
        sheet.decided("confirm")
        named(sheet, "cara")
        back = sheet.page.locator("#history").get_by_role("button").first
        sheet.expect(back).not_to_contain_text("confirmed")
        sheet.go(other)
        sheet.press("c")
        sheet.decided("confirm")
        sheet.expect(back).to_contain_text("confirmed")
        named(sheet, "ben")
        sheet.expect(back).not_to_contain_text("confirmed")
        named(sheet, "ana")
        sheet.expect(back).to_contain_text("confirmed")
        sheet.press("u")
        sheet.decided("undo")
    assert [(entry["by"], entry["op"]) for entry in review.entries] == [
        ("ana", "confirm"), ("cara", "confirm"), ("ana", "undo"),
    ]  # fmt: skip


def test_every_decision_that_was_called_saved_is_found_after_the_program_was_killed(
    chromium: Browser, review: Review
) -> None:
    with looked_at(chromium, review) as sheet:
        # The connection breaks wherever it was, and the token of the program that comes back is another one.
        sheet.expected += ["net::ERR_", "403"]
        sheet.page.evaluate(LISTEN)
        sheet.page.evaluate(HAMMER, 30)
        until(lambda: len(review.entries) >= 5 or None)
        review.kill()
        sheet.expect(sheet.page.locator("#saved")).to_contain_text("not saved")
        said = set(sheet.page.evaluate("saved"))
        assert len(said) >= 4
        assert said <= {entry["id"] for entry in review.entries}
        review.start()
        with looked_at(chromium, review) as again:
            there = {entry["id"] for entry in again.ask("history?limit=1000")["entries"]}
        assert said <= there
        # What waited is saved once the page is let in again: by itself after a while, or when it is told to.
        other = sheet.page.context.new_page()
        other.goto(review.url)
        other.close()
        sheet.page.evaluate(
            "[...document.querySelectorAll('button')].find((b) => b.textContent === 'Try again')?.click()"
        )
        sheet.expect(sheet.page.locator("#saved")).to_have_text("saved")
    decided = [key for entry in review.entries for key in entry["set"]]
    assert len(decided) == len(set(decided))  # nothing twice
    assert len(decided) > len(said) + 5  # and what had not been called saved was not lost, either


# What the server acknowledged.
LISTEN = """() => {
  globalThis.saved = [];
  const ask = fetch;
  globalThis.fetch = async (...given) => {
    const answer = await ask(...given);
    if (answer.ok && String(given[0]).endsWith("/decide"))
      saved.push(...(await answer.clone().json()).entries.map(({ id }) => id));
    return answer;
  };
}"""
# Keys as fast as the page takes them: decide, and go on where that was not possible.
HAMMER = """(times) => {
  for (let k = 0; k < 2 * times; k += 1) {
    const key = k % 2 ? "j" : "c";
    const code = k % 2 ? "KeyJ" : "KeyC";
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true }));
  }
}"""


# ---------------------------------------------------------------- hostile texts

HOSTILE = (
    "<script>alert(1)</script> was the first line.",
    "<img src=x onerror=alert(2)> & \"quotes\" 'and' &amp; entities &lt;b&gt;.",
    "</p></div><style>* { display: none }</style><a href=javascript:alert(3)>a link</a>.",
    "{{ 1 + 1 }} ${alert(4)} `ticks` %3Cscript%3E \\u003cscript\\u003e.",
    "A row with <b>bold</b>, a nul-like \u2400, a \u202eturned\u202c word and an e\u0301 accent.",
)


def hostile() -> Alignment:
    """Return an alignment of texts that would do something, were they taken for markup."""
    text = "\n\n".join(HOSTILE)
    places = [Span(text.index(line), text.index(line) + len(line)) for line in HOSTILE]
    beads = (
        Bead(f"b{k}", "body", {"one": (span,), "two<i>": (span,)}, {"two<i>": 0.9}) for k, span in enumerate(places, 1)
    )
    return Alignment("one", (Document("one", "en", text), Document("two<i>", "es", text)), tuple(beads))


def test_markup_in_texts_notes_and_names_is_text_and_does_nothing(chromium: Browser, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    with (
        reviewing(written(hostile(), source), tmp_path, by="<u>eve</u>") as review,
        looked_at(chromium, review) as sheet,
    ):
        for k, line in enumerate(HOSTILE, 1):
            for version in ("one", "two<i>"):
                sheet.expect(sheet.cell(f"b{k}", version)).to_contain_text(line)
        sheet.go("b1")
        sheet.press("o")
        sheet.page.get_by_role("dialog").get_by_label("Note", exact=True).fill(HOSTILE[1])
        sheet.press("Control+Enter")
        sheet.decided("note")
        sheet.says("b1", re.escape(HOSTILE[1]))
        history = sheet.page.get_by_role("region", name="History")
        sheet.press("c")
        assert sheet.decided("confirm")["by"] == "<u>eve</u>"
        sheet.press("Y")
        sheet.expect(sheet.page.get_by_role("dialog").get_by_label("Your name")).to_have_value("<u>eve</u>")
        sheet.escape()
        sheet.expect(history).to_contain_text("you")
        sheet.press("/")
        sheet.page.keyboard.type("<script>")
        sheet.expect(sheet.page.locator("#count")).to_have_text(re.compile(r"^\d+ of"))
        sheet.press("Escape", "Escape", "z")
        sheet.expect(sheet.cell("b1", "one")).to_contain_text("<script>alert(1)</script>")
        made = sheet.page.locator("[role=gridcell]").locator("script, img, style, a, b, i, u")
        assert made.count() == 0


# ---------------------------------------------------------------- aligning again


def test_the_rest_is_aligned_again_around_what_was_confirmed_and_undo_takes_it_back(
    chromium: Browser, aligned_sample: Path, tmp_path: Path
) -> None:
    alignment = load_alignment(aligned_sample)
    source = tmp_path / "source"
    source.mkdir()
    swapped, (one, other) = crossed(alignment)
    with reviewing(written(swapped, source), tmp_path) as review, looked_at(chromium, review) as sheet:
        kept = has_text(review, "zh", "en")[-1]
        sheet.go(kept)
        sheet.press("c")
        sheet.decided("confirm")
        before = plain(sheet.ask("review")["rows"])
        sheet.press("A")
        work = sheet.page.get_by_role("region", name="Work in the background")
        sheet.expect(work.get_by_role("progressbar").first).to_be_visible()
        entry = sheet.decided("align")
        assert f"row:{kept}" not in entry["set"]
        sheet.expect(work).to_contain_text(re.compile(r"\d+ rows? changed"))
        right = {bead.id: bead for bead in alignment.beads}
        rows = {row["id"]: row for row in sheet.ask("review")["rows"]}
        for name in (one, other):
            (span,) = right[name].spans["en"]
            held = [row for row in rows.values() if [span.start, span.end] in row["spans"].get("en", [])]
            assert [row["spans"]["zh"] for row in held] == [[[s.start, s.end] for s in right[name].spans["zh"]]]
        sheet.press(">")  # through what changed
        assert sheet.focused
        sheet.go(held[0]["id"])
        told = re.compile(r"changed: .*characters came from row \d+")
        sheet.expect(sheet.row(held[0]["id"]).get_by_title(told)).to_be_visible()
        sheet.undone()
        sheet.expect(sheet.page.get_by_title(told)).to_have_count(0)
        assert plain(sheet.ask("review")["rows"]) == before


def crossed(alignment: Alignment) -> tuple[Alignment, tuple[str, str]]:
    """Return the alignment with the English of two rows exchanged, and which they are."""
    sound = [
        bead
        for bead in alignment.beads
        if bead.kind == "body"
        and {"zh", "en"} <= bead.spans.keys()
        and len(bead.spans["en"]) == 1
        and len(bead.sentences) > 2
    ]
    one, other = sound[1], sound[4]
    exchanged = {
        one.id: replace(one, spans={**one.spans, "en": other.spans["en"]}, sentences=()),
        other.id: replace(other, spans={**other.spans, "en": one.spans["en"]}, sentences=()),
    }
    beads = tuple(exchanged.get(bead.id, bead) for bead in alignment.beads)
    return replace(alignment, beads=beads), (one.id, other.id)
