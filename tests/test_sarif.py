from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import strategies
from tests.build import segmented
from tetrapla import checks
from tetrapla.clean import accept
from tetrapla.formats.sarif import SCHEMA, dump_sarif
from tetrapla.model import Document, Finding, Span, View

TEXT = "The 湖 inven- tory of the\r\nboats 🛶 lists nine\nboats nine boats.\n"


def log_of(doc: Document, *findings: Finding) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(dump_sarif([(doc, findings)]))
    return log


def results_of(doc: Document, *findings: Finding) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = log_of(doc, *findings)["runs"][0]["results"]
    return results


def at(text: str, words: str, **more: Any) -> Finding:
    start = text.index(words)
    return Finding(
        **{"type": "duplicate", "spans": (Span(start, start + len(words)),), "score": 0.5, "grade": "review", **more}
    )


# ---------------------------------------------------------------- the shape: what the schema allows of what we write

URI, TEXTS = r"[A-Za-z0-9._~%!$&'()*+,;=:@/-]+", {"text!": str}
LEVEL = re.compile("none|note|warning|error")
ONE_OR_MORE, NONE_OR_MORE = range(1, 10**9), range(10**9)
REGION = {
    "startLine!": ONE_OR_MORE, "startColumn!": ONE_OR_MORE, "endLine!": ONE_OR_MORE, "endColumn!": ONE_OR_MORE,
    "charOffset!": NONE_OR_MORE, "charLength!": NONE_OR_MORE,
}  # fmt: skip
ARTIFACT = {"uri!": re.compile(URI), "index": NONE_OR_MORE}
LOCATION = {"physicalLocation!": {"artifactLocation!": ARTIFACT, "region!": REGION}, "message": TEXTS}
RULE = {
    "id!": str, "shortDescription": TEXTS, "fullDescription": TEXTS, "defaultConfiguration": {"level!": LEVEL},
}  # fmt: skip
CHANGE = {"artifactLocation!": ARTIFACT, "replacements!": [{"deletedRegion!": REGION, "insertedContent!": TEXTS}]}
RESULT = {
    "ruleId!": str, "ruleIndex!": NONE_OR_MORE, "level!": LEVEL, "message!": TEXTS, "locations!": [LOCATION],
    "relatedLocations": [LOCATION], "rank!": (0, 100), "partialFingerprints!": {"wordsAround/v1!": str},
    "fixes": [{"description!": TEXTS, "artifactChanges!": [CHANGE]}], "properties!": dict,
}  # fmt: skip
DRIVER = {"name!": str, "version!": str, "semanticVersion!": str, "rules!": [RULE]}
RUN = {
    "tool!": {"driver!": DRIVER}, "columnKind!": re.compile("unicodeCodePoints"), "results!": [RESULT],
    "artifacts!": [{"location!": ARTIFACT, "properties": dict}],
}  # fmt: skip
LOG = {"$schema!": re.compile(re.escape(SCHEMA)), "version!": re.compile(r"2\.1\.0"), "runs!": [RUN]}


def fits(value: Any, shape: Any, path: str = "") -> None:
    """Compare with a shape: keys with ! must be there, others may, no more than these are allowed."""
    if isinstance(shape, dict):
        assert isinstance(value, dict), path
        keys = {key.rstrip("!"): own for key, own in shape.items()}
        assert value.keys() <= keys.keys(), path
        assert {key[:-1] for key in shape if key.endswith("!")} <= value.keys(), path
        for key, own in value.items():
            fits(own, keys[key], f"{path}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), path
        for k, item in enumerate(value):
            fits(item, shape[0], f"{path}[{k}]")
    elif isinstance(shape, range):
        assert type(value) is int, path
        assert value in shape, path
    elif isinstance(shape, tuple):
        assert shape[0] <= value <= shape[1], path
    elif isinstance(shape, re.Pattern):
        assert shape.fullmatch(value), (path, value)
    else:
        assert isinstance(value, shape), path


def test_a_log_of_real_findings_has_the_shape_of_the_standard() -> None:
    text = segmented("The inven- tory lists s i e m p r e nine boats [l] .The boats lists nine boats.\n\n11\n")
    findings = checks.run(text)
    assert findings
    log = log_of(text.document, *findings)
    fits(log, LOG)
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == checks.names()
    assert all(rule["shortDescription"]["text"] for rule in rules)
    for result in log["runs"][0]["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


@given(st.data())
def test_any_findings_of_any_texts_have_the_shape(data: st.DataObject) -> None:
    docs = data.draw(st.lists(strategies.documents(), max_size=2))
    checked = [(doc, data.draw(st.lists(strategies.findings(doc), max_size=3))) for doc in docs]
    log = json.loads(dump_sarif(checked))
    fits(log, LOG)
    run = log["runs"][0]
    assert len(run["results"]) == sum(len(findings) for _, findings in checked)
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_nothing_found_is_a_log_without_results() -> None:
    log = log_of(Document("en", "en", "A boat.", "en.txt"))
    fits(log, LOG)
    assert log["runs"][0]["results"] == []


# ---------------------------------------------------------------- places

PLACES = [
    ("inven- tory", (1, 7, 1, 18)),
    ("🛶", (2, 7, 2, 8)),  # one column, though two units of UTF-16
    ("lists nine\nboats", (2, 9, 3, 6)),
    ("\r\n", (1, 25, 2, 1)),
]


@pytest.mark.parametrize(("words", "place"), PLACES)
def test_lines_and_columns_count_code_points_from_1(words: str, place: tuple[int, ...]) -> None:
    doc = Document("en", "en", TEXT, "en.txt")
    finding = at(TEXT, words)
    (result,) = results_of(doc, finding)
    region = result["locations"][0]["physicalLocation"]["region"]
    assert tuple(region[key] for key in ("startLine", "startColumn", "endLine", "endColumn")) == place
    assert (region["charOffset"], region["charLength"]) == (finding.start, len(words))


def test_every_span_is_a_location_and_the_kept_copy_a_related_one() -> None:
    finding = at(TEXT, "boats", spans=(Span(0, 3), Span(5, 8)), kept=Span(10, 12))
    (result,) = results_of(Document("en", "en", TEXT, "en.txt"), finding)
    offsets = [one["physicalLocation"]["region"]["charOffset"] for one in result["locations"]]
    assert offsets == [0, 5]
    assert result["relatedLocations"][0]["physicalLocation"]["region"]["charOffset"] == 10


FILES: list[tuple[str, Callable[[Path], str]]] = [
    ("en.txt", lambda _: "en.txt"),
    ("./texts/../texts/año 1#2?.txt", lambda _: "texts/a%C3%B1o%201%232%3F.txt"),
    ("a:b.txt", lambda _: "a%3Ab.txt"),
    ("../elsewhere.txt", lambda folder: (folder.parent / "elsewhere.txt").as_uri()),
    ("-", lambda _: "-"),
]


@pytest.mark.parametrize(("source", "uri"), FILES, ids=[source for source, _ in FILES])
def test_files_are_named_relative_to_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, uri: Callable[[Path], str]
) -> None:
    monkeypatch.chdir(tmp_path)
    found = log_of(Document("en", "en", TEXT, source))["runs"][0]["artifacts"][0]["location"]["uri"]
    assert found == uri(tmp_path)
    assert not source.startswith("./") or Path(unquote(urlsplit(found).path)) == Path("texts/año 1#2?.txt")
    absolute = log_of(Document("en", "en", TEXT, str(tmp_path / "en.txt")))["runs"][0]["artifacts"][0]
    assert absolute["location"]["uri"] == "en.txt"


# ---------------------------------------------------------------- what a result says

LEVELS = [("safe", 0.2, "warning"), ("review", 0.7, "warning"), ("review", 0.69, "note")]


@pytest.mark.parametrize(("grade", "score", "level"), LEVELS)
def test_levels_go_by_grade_and_score(grade: str, score: float, level: str) -> None:
    (result,) = results_of(Document("en", "en", TEXT, "en.txt"), at(TEXT, "boats", grade=grade, score=score))
    assert (result["level"], result["rank"]) == (level, round(100 * score, 2))


MESSAGES = [
    ("It was [1].", "It was [1]."),
    ("{museum]", "{{museum]"),
    ("by [here](1)", r"by \[here\](1)"),
    ("", "duplicate"),  # a message must say something
]


@pytest.mark.parametrize(("message", "expected"), MESSAGES)
def test_messages_have_no_placeholders_and_no_links(message: str, expected: str) -> None:
    (result,) = results_of(Document("en", "en", TEXT, "en.txt"), at(TEXT, "boats", message=message))
    assert result["message"] == {"text": expected}


def fixed(text: str, result: Mapping[str, Any]) -> str:
    """The text as an editor makes it that applies the fix."""
    for replacement in reversed(result["fixes"][0]["artifactChanges"][0]["replacements"]):
        region = replacement["deletedRegion"]
        start, end = region["charOffset"], region["charOffset"] + region["charLength"]
        text = text[:start] + replacement["insertedContent"]["text"] + text[end:]
    return text


def test_a_fix_is_a_replacement_and_takes_the_blanks_with_a_passage() -> None:
    doc = Document("en", "en", TEXT, "en.txt")
    joined, gone, nothing = results_of(
        doc, at(TEXT, "inven- tory", replacement="inventory"), at(TEXT, "nine boats", replacement=""), at(TEXT, "boats")
    )
    assert fixed(TEXT, joined) == TEXT.replace("inven- tory", "inventory")
    assert fixed(TEXT, gone) == TEXT.replace(" nine boats.", ".")
    assert "fixes" not in nothing


@given(st.data())
def test_a_fix_does_what_cleaning_does(data: st.DataObject) -> None:
    doc = data.draw(strategies.documents())
    finding = data.draw(strategies.findings(doc))
    finding = replace(finding, spans=finding.spans[:1])
    edits = accept(doc, [finding], review=True, min_score=0)
    (result,) = results_of(doc, finding)
    assert ("fixes" in result) == bool(edits)
    if edits:
        assert fixed(doc.text, result) == View(doc, edits).text


# ---------------------------------------------------------------- fingerprints


def prints(text: str, *findings: Finding) -> list[str]:
    results = results_of(Document("en", "en", text, "en.txt"), *findings)
    return [result["partialFingerprints"]["wordsAround/v1"] for result in results]


def test_a_fingerprint_stays_where_lines_are_added_or_joined_and_tells_places_apart() -> None:
    filler = "Nothing here has anything to do with the rest of this text. " * 2
    text = f"{filler}\nThe inven- tory of the boats lists\nnine of them. {filler}"
    before = prints(text, at(text, "inven- tory"))
    moved = f"One more line.\n\n{text}"
    assert prints(moved, at(moved, "inven- tory")) == before
    joined = text.replace("lists\nnine", "lists nine")
    assert prints(joined, at(joined, "inven- tory")) == before
    assert prints(text, at(text, "inven- tory", type="hyphenation")) != before
    assert prints(text, at(text, "boats")) != before
    twice = prints(text, at(text, "boats"), at(text, "boats"))
    assert len(set(twice)) == 2
