"""Rows as they stand: what the ledger says of them, their order, their ids."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from tests.reviews import alignment_of, decided, parted
from tetrapla.errors import InputError, UnknownNameError
from tetrapla.model import Alignment, Bead, Document, Span
from tetrapla.report.rows import row_order
from tetrapla.review._changes import Change
from tetrapla.review._rows import Row, Rows, digest, row_of, row_value

VALUE = {
    "kind": "body",
    "spans": {"zh": [[0, 4]], "en": [[10, 14], [0, 4]]},
    "score": {"en": 0.5},
    "verdicts": {"en": "confirmed"},
    "hand": True,
    "links": [{"spans": {"zh": [[0, 4]], "en": [[0, 4]]}, "score": {}}],
}


def test_a_value_is_a_row_and_back() -> None:
    row = row_of("b7", json.loads(json.dumps(VALUE)))
    assert row.spans["en"] == (Span(10, 14), Span(0, 4))
    assert row.links[0].spans["zh"] == (Span(0, 4),)
    assert row_value(row) == VALUE


def test_a_row_without_text_is_gone() -> None:
    assert row_value(row_of("b7", {"gone": True})) == {"gone": True}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"kind": "poem"}, "is no row"),
        ({"spans": [[0, 4]]}, "is no row"),
        ({"hand": "yes"}, "is no row"),
        ({"verdicts": {"en": "perhaps"}}, "is no row"),
        ({"spans": {"zh": [[4, 0]]}}, "no lists of"),
        ({"spans": {"zh": [[0, 4.5]]}}, "no lists of"),
        ({"spans": {"zh": [[0, 4, 5]]}}, "no lists of"),
        ({"spans": {"zh": 3}}, "no lists of"),
        ({"score": {"en": "much"}}, "not numbers"),
        ({"links": [{"spans": {}}]}, "a link"),
        ({"spans": {"zh": [[0, 61]]}}, "beyond the text"),
        ({"spans": {"fr": [[0, 1]]}}, "beyond the text"),
    ],
)
def test_what_is_no_row_of_these_texts_is_refused(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(InputError, match=why):
        Rows(alignment_of({"zh": [1], "en": [1]}), {"b1": VALUE | changed})


def test_rows_stand_as_the_ledger_says() -> None:
    alignment = alignment_of({"zh": [1], "en": [1]}, {"zh": [2], "en": [2]}, size=2)
    rows = Rows(alignment, {"b1": {"gone": True}, "b2": None, "b2+1": VALUE | {"spans": {"en": [[0, 4]]}}})
    assert "b1" not in rows
    assert rows.get("b2") == rows.base("b2")
    assert rows.get("b2+1").hand
    assert rows.base("b2+1") is None
    with pytest.raises(UnknownNameError, match="b1"):
        rows.get("b1")


def test_beads_without_text_are_no_rows_and_each_has_an_id_of_its_own() -> None:
    beads = (Bead("b", "body", {"zh": (Span(0, 1),)}), Bead("b", "body", {"zh": (Span(1, 1),)}), Bead("b", "body", {}))
    more = (Bead("b", "body", {"zh": (Span(1, 2),)}),)
    rows = Rows(Alignment("zh", (Document("zh", "zh", "xyz"),), beads + more))
    assert len(rows) == 2
    assert len(set(rows.ids)) == 2


def test_a_row_that_is_put_stands_and_none_brings_back_the_one_before() -> None:
    rows = Rows(alignment_of({"zh": [1], "en": [2]}, {"zh": [2], "en": [1]}, size=2))
    before, ids = rows.get("b1"), rows.ids
    assert not rows.put({"b1": replace(before, verdicts={"en": "refused"})})
    assert rows.get("b1").verdicts == {"en": "refused"}
    assert rows.put({"b1": Row("b1", "body", {})})
    assert rows.ids == ("b3", "b4", "b2")
    assert rows.put({"b1": None})
    assert rows.ids == ids
    assert rows.get("b1") == before


def test_order_changes_where_text_does() -> None:
    rows = Rows(alignment_of({"zh": [2]}, {"zh": [1]}, {"en": [1, 2]}, {"es": [1, 2]}, size=2))
    one, two = rows.get("b1"), rows.get("b2")
    assert rows.ids == ("b3", "b4", "b2", "b1")
    assert rows.put({"b1": replace(one, spans=two.spans), "b2": replace(two, spans=one.spans)})
    assert rows.ids == ("b3", "b4", "b1", "b2")


def test_what_does_not_fit_changes_nothing() -> None:
    rows = Rows(alignment_of({"zh": [1]}, {"zh": [2]}, size=2))
    with pytest.raises(InputError, match="beyond"):
        rows.put({"b1": Row("b1", "body", {}), "b2": Row("b2", "body", {"zh": (Span(0, 11),)})})
    assert set(rows.ids) >= {"b1", "b2"}


def test_the_ledger_says_nothing_of_what_is_as_before() -> None:
    rows = Rows(alignment_of({"zh": [1], "en": [1]}))
    row = rows.get("b1")
    sure = replace(row, verdicts={"en": "confirmed"})
    assert rows.items({"b1": sure}) == {"row:b1": row_value(sure)}
    rows.put({"b1": sure})
    assert rows.items({"b1": row, "b1+1": Row("b1+1", "body", {})}) == {"row:b1": None, "row:b1+1": None}
    assert rows.items({"b1": Row("b1", "body", {})}) == {"row:b1": {"gone": True}}


def test_ids_are_not_given_twice() -> None:
    rows = Rows(alignment_of({"zh": [1]}, {"zh": [2]}))
    assert rows.fresh_id("b1") == "b1+1"
    assert rows.fresh_id("b1", {"b1+1"}) == "b1+2"
    rows.put({"b1+1": replace(rows.get("b1"), id="b1+1")})
    rows.put({"b1+1": None})
    assert rows.fresh_id("b1+1") == "b1+2"


def test_the_digest_is_of_ids_and_spans() -> None:
    alignment = alignment_of({"zh": [1], "en": [1]})
    first = alignment.beads[0]

    def with_first(bead: Bead) -> str:
        return digest(replace(alignment, beads=(bead, *alignment.beads[1:])))

    same = [first, replace(first, score={}), replace(first, spans=dict(reversed(list(first.spans.items()))))]
    assert {with_first(bead) for bead in same} == {digest(alignment)}
    other = [replace(first, id="b0"), replace(first, spans={"zh": (Span(0, 3),)})]
    assert digest(alignment) not in {with_first(bead) for bead in other}


@given(parted())
def test_rows_of_an_alignment_are_in_the_order_of_the_report(alignment: Alignment) -> None:
    assert Rows(alignment).ids == tuple(bead.id for bead in row_order(alignment))


@given(decided())
def test_rows_are_the_same_when_they_are_read_again(drawn: tuple[Alignment, Rows, list[Change]]) -> None:
    alignment, rows, changes = drawn
    values: dict[str, Any] = {}
    for change in changes:
        values |= change.set
    again = Rows(alignment, {key.removeprefix("row:"): value for key, value in values.items()})
    assert again.ids == rows.ids
    assert [again.get(name) for name in again.ids] == [rows.get(name) for name in rows.ids]


def test_a_decision_on_one_of_five_thousand_rows_takes_no_time() -> None:
    # A page answers a key in 50 ms, of which this is a small part; the bounds leave room for a slow machine.
    rows = Rows(alignment_of(*({"zh": [n], "en": [n], "es": [n]} for n in range(1, 5001)), size=5000))
    row = rows.get("b2500")
    verdict = {row.id: replace(row, verdicts={"en": "confirmed"})}
    assert min(_seconds(rows, verdict) for _ in range(5)) < 0.005
    assert min(_seconds(rows, {row.id: row if k % 2 else Row(row.id, "body", {})}) for k in range(5)) < 0.1


def _seconds(rows: Rows, changes: dict[str, Row]) -> float:
    start = time.perf_counter()
    rows.put(changes)
    return time.perf_counter() - start
