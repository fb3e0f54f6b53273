"""The review page in a real browser: what is decided there by key or mouse, and that none of it is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.review_browser import NO_BROWSER, Review, Sheet, has_text, looked_at, written
from tetrapla.formats.json import load_alignment

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.skipif(bool(NO_BROWSER), reason=NO_BROWSER)


@pytest.fixture
def sheet(chromium: Browser, shared_review: Review) -> Iterator[Sheet]:
    """The page of the shared review; what is decided on it is to be undone."""
    with looked_at(chromium, shared_review) as found:
        yield found


# ---------------------------------------------------------------- what it shows


def test_it_opens_by_the_address_that_was_printed_and_shows_rows_with_their_texts(sheet: Sheet) -> None:
    sheet.expect(sheet.page).to_have_title(re.compile("sample"))
    sheet.count(len(sheet.review.alignment.beads))
    first = sheet.review.alignment.beads[0].id
    assert sheet.drawn[0] == first
    for version, start in (("zh", "把实验楼"), ("en", "Opening a Laboratory")):
        sheet.expect(sheet.cell(first, version)).to_contain_text(start)


def test_without_the_token_nothing_is_shown(chromium: Browser, shared_review: Review) -> None:
    context = chromium.new_context()
    page = context.new_page()
    answer = page.goto(shared_review.url.partition("?")[0])
    assert answer is not None
    assert answer.status == 403
    assert "address" in page.inner_text("body")
    context.close()


def test_columns_are_put_on_and_taken_off(sheet: Sheet) -> None:
    heads = sheet.page.get_by_role("columnheader")
    sheet.expect(heads).to_have_count(3)  # of the row, the pivot, one version
    sheet.press("3")
    sheet.expect(heads.last).to_contain_text("Spanish")
    sheet.expect(sheet.cell(sheet.drawn[0], "es")).to_contain_text("laboratorios")
    sheet.page.get_by_role("checkbox", name="English").uncheck()
    sheet.expect(heads).to_have_count(3)
    sheet.expect(sheet.cell(sheet.drawn[0], "en")).to_have_count(0)


def test_original_lines_are_shown_with_their_numbers(sheet: Sheet) -> None:
    row = has_text(sheet.review, "zh", "en")[0]
    document = sheet.review.alignment.document("en")
    assert document is not None
    bead = next(bead for bead in sheet.review.alignment.beads if bead.id == row)
    (span,) = bead.spans["en"]
    number = document.line_of(span.start) + 1
    sheet.go(row)
    sheet.press("z")
    cell = sheet.cell(row, "en")
    sheet.expect(cell).to_contain_text(str(number))
    sheet.expect(cell.get_by_text(document.text.splitlines()[number - 1], exact=True)).to_be_visible()
    sheet.press("z")
    sheet.expect(cell.locator("[data-unit]").first).to_be_visible()


def test_sentences_that_answer_to_each_other_are_lit_together(sheet: Sheet) -> None:
    row = has_text(sheet.review, "zh", "en")[1]
    sheet.go(row)
    here = sheet.cell(row, "en").locator("[data-unit][data-link]").first
    link = here.get_attribute("data-link")
    here.hover()
    for version in ("zh", "en"):
        sentence = sheet.cell(row, version).locator(f'[data-link="{link}"]').first
        sheet.expect(sentence).to_have_class(re.compile(r"\blit\b"))


def test_pieces_of_a_torn_paragraph_are_told_apart_with_the_lines_they_come_from(sheet: Sheet) -> None:
    document = sheet.review.alignment.document("zh")
    assert document is not None
    torn = next(bead for bead in sheet.review.alignment.beads if len(bead.spans.get("zh", ())) > 1)
    sheet.go(torn.id)
    for span in torn.spans["zh"]:
        first = document.line_of(span.start)
        sheet.expect(sheet.cell(torn.id, "zh").get_by_text(re.compile(rf"lines? {first}\b"))).to_be_visible()


def test_a_concept_that_is_pointed_at_is_lit_in_all_versions(sheet: Sheet) -> None:
    row, concept = sheet.drawn[0], "reverse-enclave"
    sheet.cell(row, "en").locator(f'[data-concept="{concept}"]').first.hover()
    for version in ("zh", "en"):
        mark = sheet.cell(row, version).locator(f'[data-concept="{concept}"]').first
        sheet.expect(mark).to_have_class(re.compile(r"\blit\b"))


def test_question_mark_shows_the_keys_and_escape_goes_back_to_the_row(sheet: Sheet) -> None:
    row = has_text(sheet.review, "zh", "en")[2]
    sheet.go(row)
    sheet.press("?")
    keys = sheet.page.get_by_role("dialog", name="Keys")
    for told in ("Confirm", "Refuse", "Undo", "Next doubtful row"):
        sheet.expect(keys.get_by_text(re.compile(f"^{told}")).first).to_be_visible()
    sheet.press("c")  # is no decision while a dialog is open
    sheet.press("Escape")
    sheet.expect(keys).to_have_count(0)
    sheet.expect(sheet.row(row)).to_be_focused()
    sheet.nothing_decided()


# ---------------------------------------------------------------- finding one's way


def test_a_search_leaves_only_the_rows_that_have_it_and_lets_the_others_back(sheet: Sheet) -> None:
    rows = len(sheet.review.alignment.beads)
    found = sheet.ask("search?q=questionnaire&versions=zh,en")["rows"]
    assert 1 < len(found) < rows // 2
    sheet.press("/")
    field = sheet.page.get_by_role("searchbox")
    sheet.expect(field).to_be_focused()
    field.fill("QUESTIONNAIRE")  # case does not matter
    sheet.expect(sheet.page.locator("#count")).to_have_text(f"{len(found)} of {rows} rows")
    assert sheet.drawn == found
    for name in found:
        sheet.expect(sheet.cell(name, "en")).to_contain_text("questionnaire", ignore_case=True)
    sheet.page.get_by_role("button", name="Show all rows").click()
    sheet.expect(sheet.page.locator("#count")).not_to_have_text(f"{len(found)} of {rows} rows")


def test_a_filter_leaves_the_rows_in_doubt_and_n_goes_from_one_to_the_next(sheet: Sheet) -> None:
    sheet.page.get_by_role("combobox", name="Status").select_option("doubtful")
    sheet.expect(sheet.page.locator("#count")).to_have_text(re.compile(r"^1?\d of"))
    doubtful = sheet.drawn
    assert len(doubtful) > 1
    for name in doubtful:
        sheet.says(name, "doubtful")
    sheet.page.get_by_role("button", name="Show all rows").click()
    sheet.go(doubtful[0])
    sheet.press("n")
    sheet.expect(sheet.row(doubtful[1])).to_be_focused()
    sheet.press("N")
    sheet.expect(sheet.row(doubtful[0])).to_be_focused()


def test_worst_first_begins_with_what_is_least_likely(sheet: Sheet) -> None:
    sheet.page.get_by_role("combobox", name="Order").select_option("worst")
    rows = {row["id"]: row for row in sheet.ask("review")["rows"]}

    def likely(name: str) -> float:
        both = {"zh", "en"} <= rows[name]["spans"].keys()
        return float(rows[name]["score"]["en"]) if both else -1.0

    shown = [likely(name) for name in sheet.drawn]
    assert shown == sorted(shown)
    assert shown[0] == min(map(likely, (name for name in rows if {"zh", "en"} & rows[name]["spans"].keys())))


def test_a_click_on_the_map_goes_to_the_place(sheet: Sheet) -> None:
    order = [row["id"] for row in sheet.ask("review")["rows"]]
    canvas = sheet.page.get_by_role("img", name=re.compile("Map of the document"))
    box = canvas.bounding_box()
    assert box is not None
    for share, part in ((0.97, order[len(order) * 2 // 3 :]), (0.03, order[: len(order) // 3])):
        canvas.click(position={"x": box["width"] * share, "y": box["height"] * share})
        sheet.expect(sheet.page.locator("[data-row]:focus, [data-row]:focus-within")).to_have_count(1)
        assert sheet.focused in part


def test_what_is_done_is_counted_and_stands_in_the_history(sheet: Sheet) -> None:
    row = has_text(sheet.review, "zh", "en")[2]
    now = sheet.ask("changes?since=0")["progress"]["en"]
    meter = sheet.page.get_by_role("img", name=re.compile("^English: "))
    sheet.expect(meter).to_have_accessible_name(re.compile(f"{now['reviewed']} of {now['total']} reviewed"))
    sheet.go(row)
    sheet.press("c")
    sheet.decided("confirm")
    sheet.expect(meter).to_have_accessible_name(re.compile(f"{now['reviewed'] + 1} of {now['total']} reviewed"))
    history = sheet.page.get_by_role("region", name="History")
    sheet.expect(history.get_by_role("listitem").first).to_contain_text("confirmed")
    history.get_by_role("button", name="Undo").click()
    sheet.decided("undo")
    sheet.expect(meter).to_have_accessible_name(re.compile(f"{now['reviewed']} of {now['total']} reviewed"))


def test_the_place_the_columns_and_the_order_stay_over_a_reload(sheet: Sheet) -> None:
    row = has_text(sheet.review, "zh", "en")[-1]
    sheet.page.get_by_role("combobox", name="Order").select_option("status")
    sheet.press("3")
    sheet.go(row)
    sheet.expect(sheet.page).to_have_url(re.compile(f"row={row}"))
    sheet.page.reload()
    sheet.expect(sheet.row(row)).to_be_focused()
    sheet.expect(sheet.page.get_by_role("columnheader")).to_have_count(4)
    sheet.expect(sheet.page.get_by_role("combobox", name="Order")).to_have_value("status")


def test_of_a_folder_each_alignment_can_be_chosen(chromium: Browser, aligned_sample: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        written(load_alignment(aligned_sample), tmp_path / name).rename(tmp_path / f"{name}.json")
    folder = Review(tmp_path)
    folder.journal = tmp_path / "two.review.jsonl"
    folder.start()
    try:
        with looked_at(chromium, folder) as sheet:
            choice = sheet.page.get_by_role("combobox", name="Document")
            choice.select_option("2")
            sheet.expect(sheet.page).to_have_title(re.compile("two.json"))
            sheet.press("c")
            sheet.decided("confirm")
        assert not (tmp_path / "one.review.jsonl").exists() or len(_lines(tmp_path / "one.review.jsonl")) == 1
    finally:
        folder.kill()


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


# ---------------------------------------------------------------- deciding by key


@pytest.mark.parametrize(
    ("key", "op", "verdict", "told"),
    [
        ("c", "confirm", "confirmed", "English confirmed"),
        ("r", "refuse", "refused", "English refused"),
        ("x", "absent", "absent", "English absent"),
    ],
)
def test_a_verdict_is_one_key(sheet: Sheet, key: str, op: str, verdict: str, told: str) -> None:
    row = has_text(sheet.review, "zh", "en")[3]
    sheet.go(row)
    sheet.press(key)
    entry = sheet.decided(op)
    assert entry["by"] == "ana"
    assert entry["set"][f"row:{row}"]["verdicts"] == {"en": verdict}
    sheet.says(row, told)
    sheet.expect(sheet.row(row)).not_to_be_focused()  # it goes on to the next one
    assert sheet.undone()["undoes"] == entry["id"]
    sheet.says(row, "English (not reviewed|doubtful)")


@pytest.mark.parametrize(
    ("key", "op", "told"), [("e", "extra", "extra text"), ("f", "furniture", "furniture"), ("x", "absent", None)]
)
def test_text_that_belongs_to_nothing_gets_a_row_of_its_own(sheet: Sheet, key: str, op: str, told: str | None) -> None:
    rows = len(sheet.review.alignment.beads)
    row = has_text(sheet.review, "zh", "en")[4]
    sheet.go(row)
    text = sheet.cell(row, "en").locator("[data-unit]").first.inner_text()
    sheet.press("ArrowRight", "ArrowRight", key)
    entry = sheet.decided(op)
    (new,) = [key.removeprefix("row:") for key in entry["set"] if key != f"row:{row}"]
    sheet.count(rows + 1)
    sheet.go(new)
    sheet.expect(sheet.cell(new, "en")).to_contain_text(text)
    sheet.expect(sheet.cell(row, "en").locator("[data-unit]")).to_have_count(0)
    if told:
        sheet.says(new, told)
    sheet.undone()
    sheet.count(rows)
    sheet.expect(sheet.cell(row, "en")).to_contain_text(text)


def test_a_row_is_split_before_a_sentence_and_merged_again(sheet: Sheet) -> None:
    rows = len(sheet.review.alignment.beads)
    row = next(
        bead.id
        for bead in sheet.review.alignment.beads
        if bead.id in has_text(sheet.review, "zh", "en") and len(bead.sentences) > 2
    )
    sheet.go(row)
    second = sheet.cell(row, "en").locator("[data-unit]").nth(1).inner_text()
    sheet.press("]", "]", "t")
    entry = sheet.decided("split")
    sheet.count(rows + 1)
    (new,) = [key.removeprefix("row:") for key in entry["set"] if key != f"row:{row}"]
    sheet.expect(sheet.cell(row, "en").locator("[data-unit]")).to_have_count(1)
    sheet.expect(sheet.cell(new, "en")).to_contain_text(second)
    sheet.go(row)
    sheet.press("g")
    sheet.decided("merge")
    sheet.count(rows)
    sheet.expect(sheet.cell(row, "en")).to_contain_text(second)
    sheet.undone()
    sheet.undone()
    sheet.count(rows)


def test_a_sentence_is_moved_to_a_row_far_away(sheet: Sheet) -> None:
    sound = has_text(sheet.review, "zh", "en")
    row, target = sound[-1], sound[0]
    place = [bead.id for bead in sheet.review.alignment.beads].index(target) + 1
    sheet.go(row)
    text = sheet.cell(row, "en").locator("[data-unit]").first.inner_text()
    sheet.press("]", "m", *str(place), "Enter")
    entry = sheet.decided("move")
    assert {f"row:{row}", f"row:{target}"} <= entry["set"].keys()
    sheet.go(target)
    sheet.expect(sheet.cell(target, "en")).to_contain_text(text)
    sheet.says(target, "made by hand")
    sheet.undone()
    sheet.expect(sheet.cell(target, "en")).not_to_contain_text(text)


def test_escape_leaves_a_move_without_moving(sheet: Sheet) -> None:
    row = has_text(sheet.review, "zh", "en")[5]
    sheet.go(row)
    sheet.press("ArrowRight", "ArrowRight", "m", "ArrowDown", "Escape")
    sheet.expect(sheet.page.get_by_role("status")).to_contain_text("Nothing was moved")
    sheet.nothing_decided()


def test_several_rows_are_decided_at_once(sheet: Sheet) -> None:
    order = [bead.id for bead in sheet.review.alignment.beads]
    row = has_text(sheet.review, "zh", "en")[6]
    sheet.go(row)
    sheet.press("v", "j", "j", "V")
    sheet.expect(sheet.page.locator("#count")).to_contain_text("3 selected")
    sheet.press("c")
    entry = sheet.decided("confirm")
    at = order.index(row)
    linked = [b.id for b in sheet.review.alignment.beads[at : at + 3] if {"zh", "en"} <= b.spans.keys()]
    assert set(entry["set"]) == {f"row:{name}" for name in linked}
    sheet.expect(sheet.page.locator("#count")).not_to_contain_text("selected")
    sheet.undone()
    sheet.press("Control+a")
    sheet.expect(sheet.page.locator("#count")).to_contain_text(re.compile(r"^(\d+) of \d+ rows · \1 selected"))
    sheet.press("Escape")
    sheet.expect(sheet.page.locator("#count")).not_to_contain_text("selected")


def test_a_note_is_written_and_searched_for(sheet: Sheet) -> None:
    row = has_text(sheet.review, "zh", "en")[7]
    sheet.go(row)
    sheet.press("o")
    sheet.page.get_by_role("dialog").get_by_label("Note", exact=True).fill("ask the <b>author</b> & 'others'")
    sheet.press("Control+Enter")
    entry = sheet.decided("note")
    assert entry["set"] == {f"note:{row}": "ask the <b>author</b> & 'others'"}
    sheet.says(row, "note: ask the <b>author</b> & 'others'")
    sheet.page.get_by_role("checkbox", name="with a note").check()
    sheet.expect(sheet.page.locator("#count")).to_have_text(re.compile("^1 of"))
    assert sheet.drawn == [row]
    sheet.page.get_by_role("button", name="Show all rows").click()
    sheet.go(row)
    sheet.undone()
    sheet.expect(sheet.row(row)).not_to_have_attribute("aria-label", re.compile("note:"))


def test_a_key_in_a_field_is_text(sheet: Sheet) -> None:
    sheet.press("/")
    sheet.page.keyboard.type("cruxefm")
    sheet.expect(sheet.page.get_by_role("searchbox")).to_have_value("cruxefm")
    sheet.nothing_decided()


# ---------------------------------------------------------------- findings and the glossary


@pytest.fixture
def checked(sheet: Sheet) -> Sheet:
    """The shared page with all findings."""
    sheet.checked()
    return sheet


def finding(sheet: Sheet, kind: str) -> str:
    """Go to the first finding of a kind, and return its key."""
    sheet.page.get_by_role("combobox", name="Finding").select_option(kind)
    sheet.expect(sheet.page.locator("#count")).to_have_text(re.compile(r"^\d+ of"))
    sheet.expect(sheet.row(sheet.drawn[0]).locator("[aria-busy=true]")).to_have_count(0)
    keys = sheet.page.locator(f'[data-finding*=":{kind}:"]')
    key = str(keys.first.get_attribute("data-finding"))
    sheet.go(sheet.drawn[0])
    for _ in range(20):
        sheet.press("w")
        card = sheet.page.get_by_role("complementary", name="Details").get_by_role("heading", name=kind, exact=True)
        if card.count():
            return key
    raise AssertionError(f"w never came to a {kind}")


@pytest.mark.parametrize(
    ("key", "decision", "told"),
    [("a", {"decision": "accepted"}, "repaired"), ("d", {"decision": "rejected"}, "repair rejected")],
)
def test_a_repair_is_accepted_or_rejected_by_one_key(
    checked: Sheet, key: str, decision: dict[str, str], told: str
) -> None:
    name = finding(checked, "hyphenation")
    checked.press(key)
    entry = checked.decided("repair")
    assert entry["set"][name].items() >= decision.items()
    mark = checked.page.locator(f'[data-finding="{name}"]').first
    checked.expect(mark).to_have_attribute("aria-description", re.compile(told))
    checked.undone()


def test_a_repair_is_edited(checked: Sheet) -> None:
    name = finding(checked, "hyphenation")
    checked.press("E")
    checked.page.get_by_role("dialog").get_by_label("Should read").fill("mended <i>by</i> hand")
    checked.press("Enter")
    entry = checked.decided("repair")
    assert entry["set"][name].items() >= {"decision": "edited", "replacement": "mended <i>by</i> hand"}.items()
    mark = checked.page.locator(f'[data-finding="{name}"]').first
    checked.expect(mark).to_have_text("mended <i>by</i> hand")
    checked.undone()
    checked.expect(mark).not_to_have_text("mended <i>by</i> hand")


def test_of_a_duplicate_the_other_copy_is_kept(checked: Sheet) -> None:
    name = finding(checked, "duplicate")
    checked.press("2")
    entry = checked.decided("repair")
    assert entry["set"][name].items() >= {"decision": "accepted", "keep": "other"}.items()
    card = checked.page.get_by_role("article", name="Finding")
    checked.expect(card.get_by_role("button", name="Keep the other")).to_have_attribute("aria-pressed", "true")
    checked.undone()


def test_a_click_on_a_mark_opens_its_card_and_escape_goes_back(checked: Sheet) -> None:
    mark = checked.page.locator("[data-finding]").first
    mark.click()
    card = checked.page.get_by_role("article", name="Finding")
    for told in ("As it stands", "State"):
        checked.expect(card.get_by_text(told)).to_be_visible()
    checked.press("Escape")
    checked.expect(card).to_have_count(0)
    assert checked.focused
    checked.nothing_decided()


def test_a_quality_problem_is_counted_and_leads_to_its_rows_one_after_the_other(checked: Sheet) -> None:
    button = checked.page.get_by_role("region", name="Quality").get_by_role("button", name=re.compile("Citations"))
    button.click()
    checked.expect(button).to_have_attribute("aria-pressed", "true")
    told = checked.page.locator("#count")
    checked.expect(told).to_have_text(re.compile(r"^\d+ of"))
    rows = int(told.inner_text().split()[0])
    assert f"in {rows} rows" in (button.get_attribute("title") or "")
    first = checked.drawn[0]
    checked.go(first)
    checked.press("s")
    checked.expect(checked.row(first)).not_to_be_focused()
    assert checked.page.locator("[data-row] :focus, [data-row]:focus").count() == 1


def test_a_concept_shows_its_definition_forms_and_counts(checked: Sheet) -> None:
    checked.page.locator('[data-concept="reverse-enclave"]').first.click()
    card = checked.page.get_by_role("article", name="Concept")
    checked.expect(card.get_by_role("heading", name="reverse enclave")).to_be_visible()
    checked.expect(card.get_by_text("Forms in en")).to_be_visible()
    checked.expect(card.get_by_text(re.compile(r"zh \d+, en \d+")).first).to_be_visible()
    card.get_by_role("button", name="Only its rows").click()
    concept = checked.ask("concepts/reverse-enclave")
    checked.expect(checked.page.locator("#count")).to_have_text(re.compile(rf"^{len(concept['rows'])} of"))


def test_the_status_of_a_form_is_set_by_key(checked: Sheet) -> None:
    mark = checked.page.locator('[role=gridcell][data-version=en] [data-concept="reverse-enclave"]').first
    mark.click()
    checked.escape()
    checked.press("T")
    dialog = checked.page.get_by_role("dialog")
    dialog.get_by_role("radio", name="deprecated").check()
    checked.press("Enter")
    (key, value) = next(iter(checked.decided("term")["set"].items()))
    assert key.startswith("term:reverse-enclave:en:")
    assert value["status"] == "deprecated"
    terms = {
        term["form"]: term for term in checked.ask("concepts/reverse-enclave")["terms"] if term["language"] == "en"
    }
    assert terms[key.split(":", 3)[3]]["status"] == "deprecated"
    checked.undone()


def test_a_form_is_added_to_the_glossary(checked: Sheet) -> None:
    checked.go(has_text(checked.review, "zh", "en")[0])
    checked.press("+")
    dialog = checked.page.get_by_role("dialog", name="Add a form to the glossary")
    dialog.get_by_label("Form", exact=True).fill("laboratory house")
    dialog.get_by_label("Language").select_option("en")
    dialog.get_by_label("Of the concept").select_option("reverse-enclave")
    checked.press("Control+Enter")
    entry = checked.decided("term")
    assert entry["set"] == {"term:reverse-enclave:en:laboratory house": {"status": "admitted"}}
    added = [term for term in checked.ask("concepts/reverse-enclave")["terms"] if term["form"] == "laboratory house"]
    assert [term["yours"] for term in added] == [True]
    assert added[0]["counts"]["en"] > 0
    checked.undone()


# ---------------------------------------------------------------- by keyboard alone, by mouse alone


def test_the_keyboard_alone_is_enough(sheet: Sheet) -> None:
    sheet.expect(sheet.row(sheet.drawn[0])).to_be_focused()  # keys work at once
    sheet.press("j")
    sheet.expect(sheet.row(sheet.drawn[1])).to_be_focused()
    row = has_text(sheet.review, "zh", "en")[8]
    sheet.go(row)
    sheet.press("c")
    sheet.decided("confirm")
    # From the rows backwards to the tools, along them, and to the next one.
    tools = sheet.page.get_by_role("toolbar", name="Decisions")
    for _ in range(40):
        sheet.press("Shift+Tab")
        if tools.locator(":focus").count():
            break
    sheet.expect(tools.locator(":focus")).to_have_count(1)
    sheet.press("Home")
    sheet.expect(tools.get_by_role("button", name="Confirm")).to_be_focused()
    sheet.press("End", "Enter")
    sheet.expect(sheet.page.get_by_role("dialog", name="Keys")).to_be_visible()
    sheet.escape()
    sheet.expect(tools.get_by_role("button", name="Keys")).to_be_focused()
    sheet.press("u")
    sheet.decided("undo")


def test_the_mouse_alone_is_enough(sheet: Sheet) -> None:
    page = sheet.page
    sound = has_text(sheet.review, "zh", "en")
    row, target = sound[0], sound[1]
    tools = page.get_by_role("toolbar", name="Decisions")
    page.get_by_role("searchbox").click()
    page.get_by_role("img", name=re.compile("Map")).click(position={"x": 12, "y": 12})
    for button, op in (("Confirm", "confirm"), ("Refuse", "refuse"), ("Absent", "absent"), ("Furniture", "furniture")):
        sheet.row(row).get_by_role("rowheader").click(position={"x": 90, "y": 40})
        tools.get_by_role("button", name=button).click()
        sheet.decided(op)
        tools.get_by_role("button", name="Undo").click()
        sheet.decided("undo")
    text = sheet.cell(row, "en").locator("[data-unit]").first.inner_text()
    sheet.cell(row, "en").locator("[data-unit]").first.click(position={"x": 5, "y": 8})
    page.keyboard.press("Escape")  # of a card, where a mark stood there
    tools.get_by_role("button", name="Move…").click()
    sheet.row(target).get_by_role("rowheader").click(position={"x": 90, "y": 40})
    sheet.decided("move")
    sheet.expect(sheet.cell(target, "en")).to_contain_text(text)
    tools.get_by_role("button", name="Undo").click()
    sheet.decided("undo")


# ---------------------------------------------------------------- part of a sentence


def raw(sheet: Sheet, version: str, spans: list[list[int]]) -> str:
    """Return what the file has in some spans, its lines joined."""
    document = sheet.review.alignment.document(version)
    assert document is not None
    return " ".join(" ".join(document.text[start:end] for start, end in spans).split())


def test_a_part_that_is_selected_by_mouse_is_moved_and_nothing_else(sheet: Sheet) -> None:
    row, target = has_text(sheet.review, "zh", "en")[1:3]
    sheet.go(row)
    sentence = sheet.cell(row, "en").locator("[data-unit]").first
    line = sentence.evaluate(
        "(s) => { const { left, top, bottom } = s.getClientRects()[0]; return [Math.round(left), Math.round((top + bottom) / 2)]; }"
    )
    sheet.page.mouse.move(line[0] + 60, line[1])
    sheet.page.mouse.down()
    sheet.page.mouse.move(line[0] + 160, line[1], steps=4)
    sheet.page.mouse.up()
    words = str(sheet.page.evaluate("getSelection().toString()"))
    assert 3 < len(words.strip()) < len(sentence.inner_text())
    sheet.page.get_by_role("toolbar", name="Decisions").get_by_role("button", name="Move…").click()
    bar = sheet.page.get_by_role("region", name="Move text to another row")
    sheet.expect(bar).to_contain_text(re.compile(r"Move the selected part of en in row \d+"))
    sheet.row(target).get_by_role("rowheader").click(position={"x": 90, "y": 40})
    entry = sheet.decided("move")
    left, there = (raw(sheet, "en", entry["set"][f"row:{name}"]["spans"]["en"]) for name in (row, target))
    assert words.strip() in there
    assert words.strip() not in left
    sheet.expect(sheet.cell(target, "en")).to_contain_text(words.strip())
    sheet.undone()
    sheet.expect(sheet.cell(row, "en")).to_contain_text(words.strip())


@pytest.mark.parametrize(
    ("keys", "op"), [(("m", "."), "move"), (("e",), "extra"), (("f",), "furniture"), (("t",), "split")]
)
def test_a_part_is_taken_and_decided_on_by_keyboard_alone(sheet: Sheet, keys: tuple[str, ...], op: str) -> None:
    row = has_text(sheet.review, "zh", "en")[1]
    sheet.go(row)
    text = sheet.cell(row, "en").locator("[data-unit]").first.inner_text()
    sheet.press("]", "b")
    area = sheet.page.get_by_role("dialog").get_by_role("textbox")
    sheet.expect(area).to_be_focused()
    sheet.press("x", "Enter")  # nothing is written there, and nothing is selected yet
    sheet.expect(area).to_have_value(text)
    sheet.expect(sheet.page.get_by_role("alert")).to_contain_text("Nothing of the text is selected")
    sheet.press(*["ArrowRight"] * 4, *["Shift+ArrowRight"] * 9, "Enter")
    sheet.expect(sheet.page.get_by_role("status")).to_contain_text(f"“{text[4:13].strip()}”")
    marked = sheet.page.evaluate("[...CSS.highlights.get('part')].map(String)")
    assert marked == [text[4:13]]
    sheet.press(*keys)
    entry = sheet.decided(op)
    (new,) = [key.removeprefix("row:") for key in entry["set"] if key != f"row:{row}"]
    there = raw(sheet, "en", entry["set"][f"row:{new}"]["spans"]["en"])
    assert there.startswith(text[4:].strip()) if op == "split" else there == text[4:13].strip()
    assert not sheet.page.evaluate("CSS.highlights.has('part')")
    sheet.undone()
    sheet.expect(sheet.cell(row, "en")).to_contain_text(text)


@pytest.mark.parametrize("key", ["Escape", "ArrowDown"])
def test_a_part_is_let_go_by_escape_and_when_the_focus_goes_elsewhere(sheet: Sheet, key: str) -> None:
    row = has_text(sheet.review, "zh", "en")[1]
    sheet.go(row)
    sheet.press("]", "b", "Shift+ArrowRight", "Shift+ArrowRight", "Enter")
    sheet.expect(sheet.page.get_by_role("dialog")).to_have_count(0)
    assert sheet.page.evaluate("CSS.highlights.has('part')")
    sheet.press(key)
    assert not sheet.page.evaluate("CSS.highlights.has('part')")
    sheet.nothing_decided()
