"""Alignments as workbooks and documents of office programs, and reviewed workbooks read back as decisions."""

from __future__ import annotations

import io
import json
import logging
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.strategies import CHARACTERS
from tetrapla import exports, imports
from tetrapla.align.decisions import Decisions, Verdict, decisions_from, load_decisions
from tetrapla.cli import main
from tetrapla.errors import InputError
from tetrapla.exports import Options
from tetrapla.formats import Known
from tetrapla.model import Alignment, Bead, Document, Finding, Span
from tetrapla.office import CELL, escaped, read_sheets, unescaped
from tetrapla.segment import segment

Passages = Mapping[str, Sequence[str]]  # by version; "" where it has nothing
Change = Callable[[Any], object]  # of an openpyxl workbook or sheet

# By rows: a heading, what spreadsheets take for formulas, escapes of theirs and controls, something in one version.
TEXTS = {
    "zh": ["一、港口", "=港口有三条船。", "船在_x0041_早上出港。\x0c\x07", ""],
    "en": ["1. The harbour", "+3 boats lie in the harbour.", "@morning the boats leave.", "-A note by the translator."],
    "fr": ["1. Le port", "Trois bateaux sont au port.", "", ""],
}
KINDS = ("heading", "body", "body", "body")


def known_of(texts: Passages, kinds: Sequence[str] = KINDS) -> Known:
    """Return versions with a bead for each row of their passages; what precedes it there is alone in a row of its own."""
    spans: dict[str, list[Span | None]] = {name: [] for name in texts}
    whole = dict.fromkeys(texts, "")
    for name, passages in texts.items():
        for passage in passages:
            start = len(whole[name])
            spans[name].append(Span(start, start + len(passage)) if passage else None)
            whole[name] += f"{passage}\n\n" if passage else ""
    versions = {name: segment(Document(name, name, text, f"{name}.txt")) for name, text in whole.items()}
    beads = []
    for k in range(len(next(iter(spans.values())))):
        held = {name: (span,) for name, own in spans.items() if (span := own[k]) is not None}
        score = dict.fromkeys(list(held)[1:], 0.9)
        beads.append(Bead(f"b{k + 1}", kinds[k] if k < len(kinds) else "body", held, score))  # type: ignore[arg-type]
    documents = tuple(version.document for version in versions.values())
    return Known(Alignment(next(iter(texts)), documents, tuple(beads)), versions, None, {})


KNOWN = known_of(TEXTS)


def exported(
    known: Known = KNOWN, ids: Sequence[str] | None = None, level: str = "passages", to: str = "xlsx"
) -> bytes:
    return exports.dump(to, known, ids, Options(level=level))[""]  # type: ignore[arg-type]


def changed(data: bytes, change: Change) -> bytes:
    """Return a workbook as somebody has left it, by another program than the one that wrote it."""
    book = load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def filled(cells: Mapping[tuple[str, str], str]) -> Change:
    """Return what writes some cells of the review, by id and column."""

    def change(book: Any) -> None:
        rows = list(book["review"].iter_rows())
        columns = {cell.value: k for k, cell in enumerate(rows[0])}
        for row in rows[1:]:
            for (name, column), value in cells.items():
                if row[0].value == name:
                    row[columns[column]].value = value

    return change


def read(folder: Path, data: bytes) -> Decisions:
    path = folder / "edited.xlsx"
    path.write_bytes(data)
    result = imports.read([str(path)]).result
    assert isinstance(result, Decisions)
    return result


# The workbook


def test_the_sheet_has_a_row_a_bead_and_a_column_a_version() -> None:
    sheets = read_sheets(exported(), "x", use="a test")
    assert sheets["review"] == [
        ["id", "order", "kind", "Chinese", "English", "French", "score", "status", "findings", "verdict", "note"],
        ["b1", "1", "heading", "一、港口", "1. The harbour", "1. Le port", "0.90 (en 0.90, fr 0.90)", "likely"],
        ["b2", "2", "body", "=港口有三条船。", "+3 boats lie in the harbour.", "Trois bateaux sont au port.", "0.90 (en 0.90, fr 0.90)", "likely"],
        ["b3", "3", "body", "船在_x005F_x0041_早上出港。␌␇", "@morning the boats leave.", "", "0.90", "likely"],
        ["b4", "4", "body", "", "-A note by the translator.", "", "", "alone"],
    ]  # fmt: skip
    assert [row[:1] + row[2:3] for row in sheets["texts"][1:4]] == [[d.id, d.sha256] for d in KNOWN.alignment.documents]


def test_two_versions_are_a_sheet_of_two_and_sentences_have_rows_of_their_own() -> None:
    bead = Bead("b1", "body", {"zh": (Span(0, 8),), "en": (Span(0, 16),)}, {"en": 0.4})
    known = known_of({"zh": ["船来了。 船走了。"], "en": ["One comes. One leaves."], "fr": ["Un vient."]}, ["body"])
    cut = [Span(0, 4), Span(5, 9)], [Span(0, 10), Span(11, 22)]
    inner = tuple(Bead("", "body", {"zh": (a,), "en": (b,)}, {"en": 0.9}) for a, b in zip(*cut, strict=True))
    bead = replace(known.alignment.beads[0], sentences=inner)
    known = replace(known, alignment=replace(known.alignment, beads=(bead,)))
    rows = read_sheets(exported(known, ["en", "zh"], "both"), "x", use="a test")["review"]
    assert rows[0][3:6] == ["English", "Chinese", "score"]
    assert [row[0] for row in rows[1:]] == ["b1", "b1.1", "b1.2"]
    assert rows[2][3:5] == ["One comes.", "船来了。"]


def test_the_sheet_is_made_for_people() -> None:
    book = load_workbook(io.BytesIO(exported()))
    sheet = book["review"]
    assert book.sheetnames == ["review", "texts", "passages"]
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.page_setup.orientation) == ("B2", "$1:$1", "landscape")
    assert book["passages"].sheet_state == "hidden"
    assert all(cell.alignment.wrap_text for row in sheet.iter_rows() for cell in row)
    assert all(10 <= sheet.column_dimensions[letter].width <= 60 for letter in "DEF")
    (choice,) = sheet.data_validations.dataValidation
    assert (choice.type, choice.formula1, str(choice.sqref)) == ("list", '"confirmed,refused"', "J2:J5")
    assert choice.allow_blank


def test_no_cell_is_a_formula_or_a_number() -> None:
    data = exported()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                # Formulas stand in <f>, numbers and what formulas come to in <v>; texts in <is>.
                cells = archive.read(name)
                assert b"<is>" in cells
                assert not re.search(rb"<[fv][ >]", cells)
    book = load_workbook(io.BytesIO(data))
    risky = [cell for row in book["review"].iter_rows() for cell in row if str(cell.value or "")[:1] in "=+-@"]
    assert [cell.quotePrefix for cell in risky if cell.value] == [True] * 4


def test_findings_stand_in_the_row_where_they_begin() -> None:
    found = {
        "en": [Finding("broken-term", (Span(16, 24),), 0.9, "safe", "3 ships"), Finding("x", (Span(46, 54),), 0.5, "review", "")],
        "zh": [Finding("number-mismatch", (Span(0, 2),), 0.5, "review")],
    }  # fmt: skip
    rows = read_sheets(exported(replace(KNOWN, findings=found)), "x", use="a test")["review"]
    assert [row[8] if len(row) > 8 else "" for row in rows[1:]] == [
        "zh: number-mismatch “一、”", "en: broken-term “+3 boats” → “3 ships”", "en: x “@morning” → remove", ""
    ]  # fmt: skip


def test_what_is_too_long_for_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    known = known_of({"zh": ["猫𠀀" * CELL], "en": ["A cat."]}, ["body"])
    data = exported(known)
    (_, row) = read_sheets(data, "x", use="a test")["review"]
    assert len(row[3].encode("utf-16-le")) <= 2 * CELL
    assert row[3].endswith("[cut: a cell holds no more]")
    (decision,) = read(tmp_path, changed(data, filled({("b1", "verdict"): "confirmed"}))).items
    assert (decision.spans["zh"], decision.note) == ((Span(0, 2 * CELL),), "")


def test_two_rows_of_one_name_are_refused() -> None:
    beads = tuple(
        replace(bead, id=name) for bead, name in zip(KNOWN.alignment.beads, ("a", "a ", "c", "d"), strict=True)
    )
    with pytest.raises(InputError, match="2 rows would be called 'a'"):
        exported(replace(KNOWN, alignment=replace(KNOWN.alignment, beads=beads)))


@given(st.text("_x0045Fa", max_size=30))
def test_what_looks_like_an_escape_is_shown_as_it_is(text: str) -> None:
    assert unescaped(escaped(text)) == text
    assert unescaped("_xD800_") == "\ufffd"


# Read back


def test_verdicts_become_decisions(tmp_path: Path) -> None:
    cells = {("b2", "verdict"): "Confirmed ", ("b3", "verdict"): "refused", ("b3", "note"): " not this boat ", ("b4", "verdict"): "confirmed"}  # fmt: skip
    found = read(tmp_path, changed(exported(), filled(cells)))
    expected = [
        *decisions_from(KNOWN.alignment, ["b2"]).items,
        *decisions_from(KNOWN.alignment, ["b3"], verdict="refused", note="not this boat").items,
        *decisions_from(KNOWN.alignment, ["b4"]).items,
    ]
    assert list(found.items) == expected
    assert found.documents == decisions_from(KNOWN.alignment, []).documents


def test_of_two_versions_decisions_say_nothing_about_others(tmp_path: Path) -> None:
    cells = {("b3", "verdict"): "confirmed", ("b2", "verdict"): "confirmed"}
    found = read(tmp_path, changed(exported(ids=["zh", "fr"]), filled(cells)))
    assert [{name: bool(spans) for name, spans in item.spans.items()} for item in found.items] == [
        {"zh": True, "fr": True}, {"zh": True, "fr": False}
    ]  # fmt: skip


def test_a_changed_text_becomes_a_note(tmp_path: Path) -> None:
    cells = {
        ("b2", "verdict"): "confirmed", ("b2", "note"): "see line 2", ("b2", "English"): "Three boats\nlie in the harbour.",
        ("b1", "verdict"): "confirmed", ("b1", "French"): "",
        ("b3", "verdict"): "confirmed", ("b3", "French"): "Le matin.", ("b3", "English"): " @morning the\r\n boats leave. ",
    }  # fmt: skip
    assert [item.note for item in read(tmp_path, changed(exported(), filled(cells))).items] == [
        "fr was taken out",
        "see line 2\nen should read: Three boats lie in the harbour.",
        "fr should read: Le matin.",  # other spaces are no change
    ]


def test_rows_and_columns_may_be_moved_and_deleted(tmp_path: Path) -> None:
    def rework(book: Any) -> None:
        filled({("b2", "verdict"): "confirmed", ("b3", "verdict"): "refused"})(book)
        sheet = book["review"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        sheet.delete_rows(1, 9)
        for row in [rows[0], rows[3], [None] * 11, rows[2]]:  # b1 and b4 are gone
            sheet.append([*row[9:10], None, *row[:9], row[10], "of the reviewer"])
        sheet.delete_cols(6)  # a version
        book.move_sheet("review", 2)

    expected = read(
        tmp_path, changed(exported(), filled({("b2", "verdict"): "confirmed", ("b3", "verdict"): "refused"}))
    )
    assert read(tmp_path, changed(exported(), rework)).items == expected.items


def test_what_no_decision_can_hold_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cells = {("b1", "note"): "who says so?", ("b2", "English"): "Two boats.", ("b3", "verdict"): "confirmed"}
    with caplog.at_level(logging.WARNING):
        assert len(read(tmp_path, changed(exported(), filled(cells))).items) == 1
    (message,) = [record.getMessage() for record in caplog.records]
    assert message.endswith("2 rows have a note or a changed text, but no verdict, and are passed over: 2, 3")


def test_a_sheet_that_nobody_touched_decides_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert read(tmp_path, exported()).items == ()
    assert read(tmp_path, changed(exported(), lambda book: None)).items == ()
    assert not caplog.records


def second_row(book: Any) -> None:
    filled({("b2", "verdict"): "confirmed"})(book)
    book["review"].append(["b2", "", "", "", "", "", "", "", "", "refused"])


def put(sheet: str, cell: str, value: str) -> Change:
    return lambda book: setattr(book[sheet][cell], "value", value)


BAD: list[tuple[str, Change, str]] = [
    ("a verdict of none", filled({("b1", "verdict"): "ok"}), r"row 2: the verdict on b1 is 'ok'; write confirmed or"),
    ("a link of one version", filled({("b4", "verdict"): "refused"}), "row 5: b4 is of one version"),
    ("two verdicts", second_row, "row 6: b2 has a verdict in row 3 already"),
    ("an id of none", put("review", "A3", "b99"), "row 3: no row was exported with the id 'b99'"),
    ("a verdict without an id", put("review", "J6", "refused"), "row 6: no row was exported with the id ''"),
    ("no column of verdicts", put("review", "J1", "my view"), "one column called verdict"),
    ("two columns of ids", put("review", "K1", "id"), "one column called id"),
    ("another hash", put("texts", "C2", "0" * 64), "not as they were exported"),
    ("another length", put("texts", "D2", "9999"), "not as they were exported"),
    ("no seal", lambda book: book["texts"].delete_rows(5), "not as they were exported"),
    ("other offsets", put("passages", "C2", "0-3"), "not as they were exported"),
    ("no offsets", lambda book: book.remove(book["passages"]), "no review sheet: it lacks"),
]


@pytest.mark.parametrize(("change", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_what_contradicts_itself_is_refused_in_one_line(tmp_path: Path, change: Change, message: str) -> None:
    with pytest.raises(InputError, match=message) as raised:
        read(tmp_path, changed(exported(), change))
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith(str(tmp_path / "edited.xlsx"))
    assert main(["import", str(tmp_path / "edited.xlsx"), "-o", str(tmp_path / "out.json")]) == 2
    assert not (tmp_path / "out.json").exists()


def with_part(part: str, data: bytes) -> bytes:
    """Return the workbook with a part of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(exported())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, data if name == part else old.read(name))
    return out.getvalue()


def sheet(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return with_part(
        "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()
    )


def repeated() -> bytes:
    """Return a workbook of two thousand rows that all have the same long text, which the file has once."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    cells = '<row><c t="s"><v>0</v></c></row>' * 2000
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/strings.xml" ContentType="{kind}.sharedStrings+xml"/></Types>',
        "xl/workbook.xml": f'<workbook xmlns="{space}" xmlns:r="{relation}"><sheets>'
        '<sheet name="review" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{relation}/worksheet" Target="/xl/sheet.xml"/></Relationships>',
        "xl/sheet.xml": f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>',
        "xl/strings.xml": f'<sst xmlns="{space}"><si><t>{"a" * 1_000_000}</t></si></sst>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


DTD = '<!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'
PART = "xl/workbook.xml"
HOSTILE: list[tuple[str, Callable[[], bytes], str]] = [
    ("no workbook", lambda: b"id,verdict", "no workbook"),
    ("half of one", lambda: exported()[:900], "no workbook"),
    ("a part that is no XML", lambda: with_part(PART, b"cat"), "cannot be read"),
    ("entities", lambda: with_part(PART, DTD.encode()), "has a DTD"),
    ("entities far down", lambda: with_part(PART, f"<!--{'-' * 65_530} -->{DTD}".encode()), "has a DTD"),
    ("entities in UTF-16", lambda: with_part(PART, DTD.encode("utf-16")), "has a DTD"),
    ("a bomb", lambda: with_part(PART, b" " * 210_000_000), "unpacks to 210,0"),
    ("rows without end", lambda: sheet('<row r="99999999999"><c r="A99999999999"/></row>'), "without end"),
    ("wide rows without end", lambda: sheet('<row><c r="ZZZ1"/></row>' * 2000), "without end"),
    ("a long text again and again", repeated, "without end"),
    ("nesting", lambda: sheet("<row><c>" * 50_000), "cannot be read|no review"),
]


@pytest.mark.parametrize(("data", "message"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_what_is_hostile_or_broken_is_refused_in_one_line(
    tmp_path: Path, data: Callable[[], bytes], message: str
) -> None:
    with pytest.raises(InputError, match=message) as raised:
        read(tmp_path, data())
    assert "\n" not in str(raised.value)


def test_sheets_are_read_one_by_one() -> None:
    with pytest.raises(InputError, match="read alone, not 2"):
        imports.read(["a.xlsx", "b.xlsx"])


PIECES = st.one_of(
    CHARACTERS, st.sampled_from(["=1+1", "_x0041_", "_x005F_", "\x00", "\x1b", "\x0c", "<b>", "&amp;", "\ud800"])
)
PASSAGES = st.lists(PIECES, max_size=8).map(lambda pieces: "猫" + "".join(pieces).replace("\n", " ") + "猫")
VERDICTS: st.SearchStrategy[Verdict | None] = st.sampled_from([None, "confirmed", "refused"])


@given(data=st.data(), count=st.integers(1, 5))
@settings(max_examples=25, deadline=None)
def test_what_a_reviewer_decides_comes_back(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, count: int
) -> None:
    several = st.lists(st.one_of(PASSAGES, st.just("")), min_size=count, max_size=count)
    known = known_of({"zh": data.draw(st.lists(PASSAGES, min_size=count, max_size=count)), "en": data.draw(several), "fr": data.draw(several)})  # fmt: skip
    beads = {bead.id: bead for bead in known.alignment.beads}
    verdicts = {name: data.draw(VERDICTS) for name in beads}
    verdicts = {
        name: verdict for name, verdict in verdicts.items() if len(beads[name].spans) > 1 or verdict != "refused"
    }
    order = data.draw(st.permutations(range(count)))

    def review(book: Any) -> None:
        filled({(name, "verdict"): verdict or "" for name, verdict in verdicts.items()})(book)
        rows = [[cell.value for cell in row] for row in book["review"].iter_rows()]
        for number, k in enumerate(order, start=2):
            for column, value in enumerate(rows[k + 1], start=1):
                cell = book["review"].cell(number, column)
                cell.value, cell.data_type = value, "s"

    found = read(tmp_path_factory.mktemp("review"), changed(exported(known), review))
    expected = [
        item
        for name, verdict in verdicts.items()
        if verdict
        for item in decisions_from(known.alignment, [name], verdict=verdict).items
    ]
    assert list(found.items) == expected


# The document


def test_the_document_is_a_table_a_section_on_its_side() -> None:
    found = {"en": [Finding("broken-term", (Span(16, 24),), 0.9, "safe", "3 ships")]}
    paper = docx.Document(io.BytesIO(exported(replace(KNOWN, findings=found), to="docx")))
    section = paper.sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert (section.page_width or 0) > (section.page_height or 0)
    assert [p.text for p in paper.paragraphs if (p.style and p.style.name) == "Heading 1"] == ["一、港口"]
    (table,) = paper.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["id", "Chinese", "English", "French", "review"]
    assert rows[2] == [
        "b2\nbody", "=港口有三条船。", "+3 boats lie in the harbour.", "Trois bateaux sont au port.",
        "likely 0.90 (en 0.90, fr 0.90)\nen: broken-term “+3 boats” → “3 ships”\n☐ confirmed\n☐ refused",
    ]  # fmt: skip
    assert rows[3][1] == "船在_x0041_早上出港。␌␇"
    assert all(doc.sha256 in paper.paragraphs[k].text for k, doc in enumerate(KNOWN.alignment.documents))


def test_each_heading_opens_a_section_and_two_in_a_row_one() -> None:
    kinds = ["title", "heading", "body", "heading", "body"]
    known = known_of(
        {"zh": ["港口", "一", "船来了。", "二", "船走了。"], "en": ["Harbour", "1", "One came.", "2", "It left."]},
        kinds,
    )
    paper = docx.Document(io.BytesIO(exported(known, to="docx")))
    assert [p.text for p in paper.paragraphs if (p.style and p.style.name) == "Heading 1"] == ["港口", "二"]
    assert [len(table.rows) for table in paper.tables] == [4, 3]
    assert [len(table.columns) for table in paper.tables] == [4, 4]


@given(texts=st.lists(PASSAGES, min_size=2, max_size=2))
@settings(max_examples=15, deadline=None)
def test_any_text_makes_a_document(texts: Sequence[str]) -> None:
    paper = docx.Document(io.BytesIO(exported(known_of({"zh": texts[:1], "en": texts[1:]}, ["heading"]), to="docx")))
    assert all("猫" in cell.text for cell in paper.tables[0].rows[1].cells[1:3])


# From end to end


def test_a_reviewed_sheet_is_kept_by_the_next_alignment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("zh.txt").write_text("港口里有三条船。\n\n早上船都出港了。\n\n晚上下了大雨。\n", encoding="utf-8")
    Path("en.txt").write_text(
        "There are three boats in the harbour.\n\nIn the morning the boats left the harbour.\n\nIt rained in the evening.\n",
        encoding="utf-8",
    )
    texts = ["zh.txt", "en.txt", "--language", "zh.txt=zh", "--language", "en.txt=en", "--pivot", "zh"]
    assert main(["align", *texts, "-o", "a.json"]) == 0
    assert main(["export", "a.json", "--to", "xlsx", "-o", "a.xlsx"]) == 0
    linked = [bead for bead in json.loads(Path("a.json").read_text())["beads"] if len(bead["spans"]) == 2]
    wrong, right = linked[0], linked[-1]
    change = filled({(wrong["id"], "verdict"): "refused", (right["id"], "verdict"): "confirmed"})
    Path("a.xlsx").write_bytes(changed(Path("a.xlsx").read_bytes(), change))
    assert main(["import", "a.xlsx", "-o", "decisions.json"]) == 0
    assert [item.verdict for item in load_decisions("decisions.json").items] == ["refused", "confirmed"]
    assert main(["align", *texts, "-o", "b.json", "--keep", "decisions.json"]) == 0
    after = [bead["spans"] for bead in json.loads(Path("b.json").read_text())["beads"]]
    assert right["spans"] in after
    assert wrong["spans"] not in after
    Path("en.txt").write_text("There are boats.\n\nThey have left.\n", encoding="utf-8")
    assert main(["align", *texts, "-o", "c.json", "--keep", "decisions.json"]) == 2  # of other texts
    assert not Path("c.json").exists()


def test_a_document_is_written_by_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("zh.txt").write_text("港口里有三条船。\n", encoding="utf-8")
    Path("en.txt").write_text("There are three boats in the harbour.\n", encoding="utf-8")
    assert main(["align", "zh.txt", "en.txt", "--language", "en.txt=en", "-o", "a.json"]) == 0
    assert main(["export", "a.json", "--to", "docx", "-o", "a.docx"]) == 0
    assert len(docx.Document("a.docx").tables) == 1
