"""What a review comes to: the reviewed alignment, decisions for another run, figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from tests.reviews import alignment_of, decide, decided, held
from tetrapla.align.decisions import Decision, dump_decisions, load_decisions
from tetrapla.exports._rows import Row as ExportRow
from tetrapla.formats.json import dump_alignment, load_alignment
from tetrapla.model import Alignment, Bead, Span, Stretch
from tetrapla.review._changes import Change
from tetrapla.review._result import Progress, decisions, figures, is_doubtful, is_reviewed, reviewed
from tetrapla.review._rows import Row, Rows

ROWS = ({"zh": [1], "en": [1], "es": [1]}, {"zh": [2], "en": [2], "es": [2]}, {"zh": [3]}, {"en": [3], "es": [3]})
HERE = {"zh": (Span(0, 4),), "en": (Span(0, 4),)}


def base() -> Alignment:
    return alignment_of(*ROWS, size=3)


def bead(alignment: Alignment, name: str) -> Bead:
    return next(bead for bead in alignment.beads if bead.id == name)


def test_confirmed_links_are_sure_at_both_levels_and_no_others() -> None:
    alignment = base()
    rows = Rows(alignment)
    decide(rows, "confirm", ["b1"], versions=["en"])
    done = reviewed(rows, alignment)
    assert bead(done, "b1").score == {"en": 1.0, "es": 0.9}
    assert [sentence.score for sentence in bead(done, "b1").sentences] == [{"en": 1.0, "es": 0.9}]
    assert bead(done, "b2").score == {"en": 0.9, "es": 0.9}
    decide(rows, "confirm", ["b1"], versions=["es"])
    status = {
        b.id: ExportRow(b.id, "passage", b.id, b, dict.fromkeys(b.spans, "x")).status
        for b in reviewed(rows, alignment).beads
    }
    assert status == {"b1": "confirmed", "b2": "likely", "b3": "alone", "b4": "unrated"}


def test_refused_versions_stand_alone() -> None:
    alignment = base()
    rows = Rows(alignment)
    decide(rows, "refuse", ["b1"], versions=["en", "es"])
    done = reviewed(rows, alignment)
    assert [b.id for b in done.beads] == ["b1", "b1+1", "b1+2", "b2", "b4", "b3"]
    assert [set(b.spans) for b in done.beads[:3]] == [{"zh"}, {"en"}, {"es"}]
    assert done.beads[0].score == {}
    assert [set(s.spans) for s in done.beads[0].sentences] == [{"zh"}]


def test_furniture_is_a_kind() -> None:
    alignment = base()
    rows = Rows(alignment)
    decide(rows, "furniture", ["b3"], version="zh")
    decide(rows, "extra", ["b4"], version="en")
    done = reviewed(rows, alignment)
    assert {b.id: b.kind for b in done.beads} == {"b1": "body", "b2": "body", "b3": "furniture", "b4": "body"}


def test_evidence_stays_with_what_stands_as_it_was() -> None:
    alignment = base()
    told = {"en": {"votes": 1}, "es": {"votes": 2}}
    alignment = replace(alignment, beads=tuple(replace(b, evidence=told) for b in alignment.beads))
    rows = Rows(alignment)
    assert reviewed(rows, alignment).beads[0].evidence == told
    decide(rows, "move", ["b1"], version="es", to="b2")
    done = reviewed(rows, alignment)
    assert bead(done, "b1").evidence == {"en": {"votes": 1}}
    assert bead(done, "b2").evidence == {"en": {"votes": 1}}


@pytest.mark.parametrize(("confirmed", "left"), [([], 1), (["b1"], 1), (["b1", "b2"], 0), (["b2"], 1)])
def test_a_stretch_goes_where_all_of_it_is_reviewed(confirmed: list[str], left: int) -> None:
    stretch = Stretch("en", "zh", (Span(2, 9),), "lost", 0.1)
    other = Stretch("es", "zh", (Span(2, 9),), "lost", 0.1)
    alignment = replace(base(), derailed=(stretch,), gaps=(stretch, other))
    rows = Rows(alignment)
    if confirmed:
        decide(rows, "confirm", confirmed, versions=["en"])
    done = reviewed(rows, alignment)
    assert len(done.derailed) == left
    assert len(done.gaps) == left + 1


@given(decided())
def test_every_passage_stands_once_in_the_result(drawn: tuple[Alignment, Rows, list[Change]]) -> None:
    alignment, rows, _ = drawn
    done = reviewed(rows, alignment)
    before = held([b.spans for b in alignment.beads], alignment.documents)
    assert held([b.spans for b in done.beads], alignment.documents) == before
    assert len({b.id for b in done.beads}) == len(done.beads)
    sure = {(name, version) for name in rows.ids for version, v in rows.get(name).verdicts.items() if v == "confirmed"}
    assert {(b.id, version) for b in done.beads for version, p in b.score.items() if p == 1} == sure


def test_the_result_can_be_written_and_read(tmp_path: Path) -> None:
    alignment = base()
    documents = tuple(replace(doc, source=str(tmp_path / f"{doc.id}.txt")) for doc in alignment.documents)
    for doc in documents:
        Path(doc.source).write_text(doc.text, "utf-8")
    alignment = replace(alignment, documents=documents)
    rows = Rows(alignment)
    decide(rows, "refuse", ["b1"], versions=["en"])
    decide(rows, "split", ["b4"], version="en", at=12)
    done = reviewed(rows, alignment)
    (tmp_path / "done.json").write_text(dump_alignment(done), "utf-8")
    again = load_alignment(tmp_path / "done.json")
    assert [(b.id, b.kind, b.spans, b.score) for b in again.beads] == [
        (b.id, b.kind, b.spans, b.score) for b in done.beads
    ]


def test_decisions_say_what_was_decided(tmp_path: Path) -> None:
    rows = Rows(base())
    decide(rows, "confirm", ["b1"], versions=["en", "es"])
    decide(rows, "refuse", ["b2"], versions=["en"])
    decide(rows, "absent", ["b3"], versions=["es"])
    decide(rows, "extra", ["b4"], version="en")
    decide(rows, "furniture", ["b4"], version="es")
    made = decisions(rows, {"b2": "not this one"})
    one, two, three = ((Span(5 * n - 5, 5 * n - 1),) for n in (1, 2, 3))
    assert list(made.items) == [
        Decision("confirmed", {"zh": one, "en": one, "es": one}),
        Decision("refused", {"zh": two, "en": two}, "not this one"),
        Decision("confirmed", {"en": three, "zh": ()}),
        Decision("confirmed", {"es": three, "zh": (), "en": ()}),
        Decision("confirmed", {"zh": three, "es": ()}),
    ]
    path = tmp_path / "decisions.json"
    path.write_text(dump_decisions(made), "utf-8")
    assert load_decisions(path) == replace(made, source=str(path))


@given(decided())
def test_every_verdict_is_a_decision(drawn: tuple[Alignment, Rows, list[Change]]) -> None:
    rows = drawn[1]
    verdicts = [verdict for name in rows.ids for verdict in rows.get(name).verdicts.values()]
    items = decisions(rows).items
    assert sum(item.verdict == "refused" for item in items) == verdicts.count("refused")
    linked = sum(len([n for n in item.spans if item.spans[n]]) - 1 for item in items if item.verdict == "confirmed")
    assert linked == verdicts.count("confirmed")


JUDGED: list[tuple[dict[str, Any], bool, bool]] = [
    ({"score": {"en": 0.9}}, False, False),
    ({"score": {"en": 0.3}}, False, True),
    ({}, False, False),
    ({"score": {"en": 0.3}, "verdicts": {"en": "refused"}}, True, False),
    ({"score": {"en": 0.3}, "verdicts": {"es": "confirmed"}}, False, True),
    ({"spans": {"zh": HERE["zh"]}}, False, True),
    ({"spans": {"zh": HERE["zh"]}, "verdicts": {"en": "absent"}}, True, False),
    ({"spans": {"zh": HERE["zh"]}, "verdicts": {"zh": "extra"}}, True, False),
    ({"spans": {"en": HERE["en"]}}, False, True),
    ({"spans": {"en": HERE["en"]}, "verdicts": {"en": "extra"}}, True, False),
    ({"spans": {"en": HERE["en"]}, "kind": "furniture"}, True, False),
    ({"spans": {"en": HERE["en"]}, "kind": "furniture", "hand": True}, False, False),
    ({"spans": {"es": HERE["en"]}}, False, False),
]


@pytest.mark.parametrize(("given_", "done", "doubtful"), JUDGED)
def test_a_row_is_reviewed_doubtful_or_neither(given_: dict[str, Any], done: bool, doubtful: bool) -> None:
    row = Row("b1", **{"kind": "body", "spans": HERE, **given_})
    assert (is_reviewed(row, "en", "zh"), is_doubtful(row, "en", "zh")) == (done, doubtful)


def test_figures_count_the_rows_that_concern_a_version() -> None:
    rows = Rows(alignment_of(*ROWS, {"es": [4]}, {"zh": [4]}, {"en": [4]}, size=4))
    assert figures(rows, "en") == Progress(reviewed=0, doubtful=4, left=6, total=6)
    decide(rows, "confirm", ["b1", "b2"], versions=["en"])
    decide(rows, "absent", ["b3"], versions=["en"])
    assert figures(rows, "en") == Progress(reviewed=3, doubtful=3, left=3, total=6)
    assert figures(rows, "es") == Progress(reviewed=0, doubtful=4, left=6, total=6)
