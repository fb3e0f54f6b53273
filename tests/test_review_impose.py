"""Decided rows on another alignment of the same texts: they stand, and nothing else is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reviews import alignment_of, decide, decided, held, parted, size_of, stands, taken
from tests.test_decisions import before as sample
from tests.test_decisions import versions
from tetrapla.align import align
from tetrapla.model import Alignment
from tetrapla.review._changes import Change
from tetrapla.review._impose import imposed, is_decided, rebased, replaced
from tetrapla.review._result import decisions
from tetrapla.review._rows import Row, Rows

OLD = alignment_of(
    {"zh": [1], "en": [1], "es": [1]}, {"zh": [2, 3], "en": [3], "es": [2]}, {"zh": [4], "en": [4], "es": [4]},
    {"en": [2], "es": [3]}, size=4,
)  # fmt: skip
NEW = alignment_of(
    {"zh": [1, 2], "en": [1, 2], "es": [1, 2]}, {"zh": [3], "en": [3], "es": [3]}, {"zh": [4], "es": [4]}, {"en": [4]},
    size=4,
)  # fmt: skip


def after(rows: Rows) -> Rows:
    """Return the rows of the new alignment with all that is decided on others."""
    found = imposed(NEW, [rows.get(name) for name in rows.ids], "zh")
    made = Rows(NEW)
    taken(made, replaced(made, found))
    return made


def test_nothing_decided_is_the_new_alignment() -> None:
    found = imposed(NEW, [], "zh")
    rows = Rows(NEW)
    assert found == {name: rows.get(name) for name in rows.ids}
    assert replaced(rows, found) == {}


def test_rows_that_are_much_the_same_keep_their_ids() -> None:
    old = Rows(OLD)
    found = imposed(NEW, [old.get(name) for name in old.ids], "zh")
    texts = {name: set(row.spans) for name, row in found.items()}
    assert texts == {"b1": {"zh", "en", "es"}, "b2": {"zh", "en", "es"}, "b3": {"zh", "es"}, "b4+1": {"en"}}


def test_a_decided_row_takes_what_is_its_and_gets_the_rest_along_the_links() -> None:
    rows = Rows(OLD)
    decide(rows, "confirm", ["b2"], versions=["en"])
    made = after(rows)
    # zh2 and zh3 with en3 are decided; es comes from what the new alignment links with them.
    assert stands(made, "b2") == {"zh": "zh2. zh3.", "en": "en3.", "es": "es2.|es3."}
    assert stands(made, "b1") == {"zh": "zh1. ", "en": "en1. en2.", "es": "es1. "}
    linked = [{name: len(found) for name, found in link.spans.items()} for link in made.get("b2").links]
    assert linked == [{"zh": 1, "en": 1, "es": 1}, {"zh": 1, "es": 1}]


def test_what_is_absent_or_extra_gets_nothing() -> None:
    rows = Rows(OLD)
    decide(rows, "absent", ["b3"], versions=["es"])
    made = after(rows)
    assert stands(made, "b3") == {"zh": "zh4."}
    decide(rows, "extra", ["b4"], version="en")
    decide(rows, "extra", ["b1"], version="zh")
    made = after(rows)
    # Undecided text of a row without the pivot does not go with what became one with the pivot.
    assert stands(made, "b4") == {"en": "en2."}
    assert stands(made, "b1+1") == {"zh": "zh1."}


def test_a_row_by_hand_keeps_all_it_has_and_gets_what_it_lacks() -> None:
    rows = Rows(OLD)
    decide(rows, "move", ["b3"], version="en", to="b1")
    made = after(rows)
    assert stands(made, "b1") == {"zh": "zh1.", "en": "en1.|en4.", "es": "es1."}
    assert stands(made, "b3") == {"zh": "zh4.", "es": "es4."}
    assert made.get("b3").hand


def test_scores_that_hardly_differ_change_no_row() -> None:
    rows = Rows(NEW)
    row = rows.get("b1")
    near, far = ({**row.score, "en": value} for value in (0.905, 0.7))
    wanted = {name: rows.get(name) for name in rows.ids}
    assert replaced(rows, wanted | {"b1": replace(row, score=near)}) == {}
    assert set(replaced(rows, wanted | {"b1": replace(row, score=far)})) == {"row:b1"}


def fixed(row: Row) -> dict[str, Any]:
    """Return what of a decided row must stand."""
    return {name: spans for name, spans in row.spans.items() if row.hand or name == "zh" or name in row.verdicts}


def assert_stands(row: Row, found: Row) -> None:
    assert (found.verdicts, found.hand, found.kind) == (row.verdicts, row.hand, row.kind)
    assert {name: found.spans.get(name) for name in fixed(row)} == fixed(row)
    assert not [name for name, verdict in row.verdicts.items() if verdict == "absent" and name in found.spans]


@given(decided(), st.data())
def test_decided_rows_stand_exactly_and_all_else_once(
    drawn: tuple[Alignment, Rows, list[Change]], data: st.DataObject
) -> None:
    alignment, rows, _ = drawn
    new = data.draw(parted(size_of(alignment)))
    before = [rows.get(name) for name in rows.ids]
    found = imposed(new, before, "zh")
    assert held([row.spans for row in found.values()], new.documents) == held(
        [bead.spans for bead in new.beads], new.documents
    )
    for row in filter(is_decided, before):
        assert_stands(row, found[row.id])
    for row in found.values():
        assert held([link.spans for link in row.links], new.documents) <= held([row.spans], new.documents)
    # What is imposed is reached through the ledger, too, and a second time changes nothing.
    taken(rows, replaced(rows, found))
    assert {name: rows.get(name).spans for name in rows.ids} == {name: row.spans for name, row in found.items()}
    again = imposed(new, [rows.get(name) for name in rows.ids], "zh")
    assert {name: row.spans for name, row in again.items()} == {name: row.spans for name, row in found.items()}


@given(decided(), st.data())
def test_a_ledger_can_be_begun_anew_on_another_alignment(
    drawn: tuple[Alignment, Rows, list[Change]], data: st.DataObject
) -> None:
    alignment, rows, changes = drawn
    old: dict[str, Any] = {"finding:en:duplicate:0-3": {"decision": "accepted"}, "term:a:en:b": None}
    for change in changes:
        old |= change.set
    old |= {f"note:{name}": f"on {name}" for name in rows.ids[:2]}
    new = data.draw(parted(size_of(alignment)))
    set_ = json.loads(json.dumps(rebased(old, new)))
    made = Rows(new)
    taken(made, set_)
    assert held([made.get(name).spans for name in made.ids], new.documents) == held(
        [bead.spans for bead in new.beads], new.documents
    )
    stood = [row for row in map(rows.get, rows.ids) if is_decided(row)]
    found = [row for row in map(made.get, made.ids) if is_decided(row)]
    assert len(stood) == len(found)
    for row in stood:
        same = [other for other in found if fixed(row).items() <= other.spans.items()]
        assert [other.verdicts for other in same] == [row.verdicts]
    assert set_["finding:en:duplicate:0-3"] == {"decision": "accepted"}
    assert "term:a:en:b" not in set_
    notes = "\n".join(text for key, text in set_.items() if key.startswith("note:"))
    assert all(f"on {name}" in notes for name in rows.ids[:2])
    assert all(key.removeprefix("note:") in made for key in set_ if key.startswith("note:"))


def test_notes_go_along_with_their_rows() -> None:
    rows = Rows(OLD)
    old = {
        **decide(rows, "confirm", ["b4", "b3"], versions=["en"]).set,
        "note:b3": "sure",
        "note:b7": "lost",
        "note:b1": "x",
    }
    set_ = rebased(old, NEW)
    assert {key: text for key, text in set_.items() if key.startswith("note:")} == {
        "note:b3": "sure\nlost (on b7 of an earlier alignment)",
        "note:b1": "x",
    }


def test_what_is_disputed_goes_along_with_its_row() -> None:
    rows = Rows(OLD)
    turned = replace(OLD, beads=tuple(replace(bead, id=f"c{k}") for k, bead in enumerate(OLD.beads)))
    old = {
        **decide(rows, "confirm", ["b2", "b3"], versions=["en"]).set,
        "disputed:row:b3": {"other": 1},
        "disputed:note:b2": {"other": 2},
        "disputed:finding:en:duplicate:0-3": {"other": 3},
        "disputed:row:b1": None,
        "disputed:row:b9": {"other": 4},
        "disputed:note:b9": {"other": 5},
    }
    last = Rows(turned).ids[-1]
    assert last == "c2"
    assert {key: value for key, value in rebased(old, turned).items() if key.startswith("disputed:")} == {
        "disputed:row:c2": {"other": 1},
        "disputed:note:c1": {"other": 2},
        "disputed:finding:en:duplicate:0-3": {"other": 3},
        "disputed:row:b9": {"other": 4},  # where there is no place for it: nothing is lost
        f"disputed:note:{last}": {"other": 5},
    }


@cache
def reviewed_sample() -> Rows:
    """Return rows of the sample after some decisions that the aligner did not see coming."""
    rows = Rows(sample())
    full = [name for name in rows.ids if len(rows.get(name).spans) == 3]
    decide(rows, "confirm", full[:3], versions=["en", "es"])
    decide(rows, "move", [full[4]], version="en", to=full[9])
    decide(rows, "refuse", [full[5]], versions=["es"])
    decide(rows, "absent", [full[6]], versions=["en"])
    spans = rows.get(full[7]).links[0].spans
    decide(rows, "extra", [full[7]], version="es", spans=[[s.start, s.end] for s in spans["es"]])
    decide(rows, "merge", full[10:12])
    decide(rows, "confirm", [full[10]], versions=["en"])
    return rows


def test_the_sample_aligned_anew_around_decisions_has_them_just_so() -> None:
    rows = reviewed_sample()
    new = align(versions(), pivot="zh", decisions=decisions(rows))
    before = [rows.get(name) for name in rows.ids]
    found = imposed(new, before, "zh")
    assert len([row for row in before if is_decided(row)]) >= 9
    for row in filter(is_decided, before):
        assert_stands(row, found[row.id])
    once = held([row.spans for row in found.values()], new.documents)
    assert once == held([bead.spans for bead in new.beads], new.documents) | once
    assert set(once.values()) == {1}


def test_the_aligner_alone_follows_decisions_on_the_sample() -> None:
    # Imposing is for what it cannot follow to the letter; most it does follow.
    rows = reviewed_sample()
    new = Rows(align(versions(), pivot="zh", decisions=decisions(rows)))
    kept = {str(new.get(name).spans.get("en")) for name in new.ids if "zh" in new.get(name).spans}
    sure = [row for row in map(rows.get, rows.ids) if row.verdicts.get("en") == "confirmed" and not row.hand]
    assert sure
    assert all(str(row.spans["en"]) in kept for row in sure)


@pytest.mark.parametrize("decide_on", ["confirm", "refuse"])
def test_a_long_review_changes_nothing_on_its_own_alignment(decide_on: str) -> None:
    big = alignment_of(*({"zh": [n], "en": [n], "es": [n]} for n in range(1, 5001)), size=5000)
    rows = Rows(big)
    decide(rows, decide_on, rows.ids[::2], versions=["en"])
    found = imposed(big, [rows.get(name) for name in rows.ids], "zh")
    assert replaced(rows, found) == {}
