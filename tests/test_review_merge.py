"""Two journals into one: what both decided stands, what they decided differently is told, nothing is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reviews import alignment_of
from tetrapla.align.decisions import Decided
from tetrapla.errors import InputError, TetraplaError, WrongTextError
from tetrapla.model import Alignment
from tetrapla.review._agreement import Agreement, agreement, kappa_of
from tetrapla.review._changes import change
from tetrapla.review._journal import Head
from tetrapla.review._ledger import DISPUTED, Ledger
from tetrapla.review._merge import Merged, merge
from tetrapla.review._rows import ROW, Rows, digest, row_value

Step = tuple[str, Sequence[str], Mapping[str, Any]]


@cache
def paper() -> Alignment:
    return alignment_of(
        {"zh": [1, 2, 3], "en": [1, 2, 3], "es": [1, 2]},
        {"zh": [4, 5], "en": [4, 5], "es": [3, 4]},
        {"zh": [6], "en": [6], "es": [5]},
        {"zh": [7, 8], "en": [7], "es": [6]},
    )


def head(alignment: Alignment) -> Head:
    documents = tuple(Decided(doc.id, doc.language, doc.sha256, len(doc.text)) for doc in alignment.documents)
    return Head(alignment.pivot, documents, digest(alignment))


def rows_of(ledger: Ledger, alignment: Alignment) -> Rows:
    return Rows(alignment, {key.removeprefix(ROW): value for key, value in ledger.items(ROW).items()})


def play(steps: Sequence[Step | bool], by: str, start: Ledger | None = None) -> Ledger:
    """Return what a reviewer makes of a ledger; True is undo and False redo, what cannot be done is passed over."""
    ledger = Ledger(start.entries if start else ())
    for step in steps:
        try:
            if isinstance(step, bool):
                entry = ledger.undo(by) if step else ledger.redo(by)
            else:
                op, names, args = step
                wanted = change(op, rows_of(ledger, paper()), names, args)
                entry = ledger.new(by, op, wanted.told, wanted.set)
        except TetraplaError:
            continue
        if entry is not None:
            ledger.append(entry)
    return ledger


def merged(one: Ledger, other: Ledger) -> Merged:
    return merge((head(paper()), one), (head(paper()), other), paper())


def confirm(*versions: str, row: str = "b1") -> Step:
    return "confirm", [row], {"versions": list(versions)}


def refuse(*versions: str, row: str = "b1") -> Step:
    return "refuse", [row], {"versions": list(versions)}


def note(text: str) -> Step:
    return "note", ["b1"], {"text": text}


JOIN: Step = ("merge", ["b1", "b2"], {})
JOIN_MORE: Step = ("merge", ["b2", "b3"], {})
# What each of two does with a copy of one journal, and the items that are disputed then.
CASES: dict[str, tuple[list[Step | bool], list[Step | bool], list[str]]] = {
    "different rows": ([confirm("en")], [refuse("en", row="b2")], []),
    "different versions of a row": ([confirm("en")], [refuse("es")], []),
    "the same": ([confirm("en")], [confirm("en")], []),
    "one did nothing": ([], [JOIN, confirm("en", row="b3")], []),
    "one took it back": ([refuse("en"), True], [confirm("en")], []),
    "both took it back": ([refuse("en"), True], [confirm("en"), True], []),
    "the same in the end": ([confirm("en")], [refuse("en"), True, confirm("en")], []),
    "another verdict": ([confirm("en")], [refuse("en")], ["row:b1"]),
    "another note": ([note("see p. 4")], [note("see p. 5")], ["note:b1"]),
    "another note, the same verdict": ([note("x"), confirm("en")], [note("y"), confirm("en")], ["note:b1"]),
    "rows joined otherwise": ([JOIN], [JOIN_MORE], ["row:b2", "row:b3"]),
    "joined, and one of them confirmed": ([JOIN], [confirm("en", row="b2")], ["row:b2"]),
    "confirmed, and joined": ([confirm("en", row="b2")], [JOIN], ["row:b1", "row:b2"]),
}


@pytest.mark.parametrize(("ours", "theirs", "disputed"), CASES.values(), ids=CASES)
def test_what_both_decided_stands_and_where_they_differ_it_is_told(
    ours: list[Step | bool], theirs: list[Step | bool], disputed: list[str]
) -> None:
    one, other = play(ours, "ana"), play(theirs, "ben")
    found = merged(one, other)
    assert sorted(each.key for each in found.disagreements) == disputed
    assert {key.removeprefix(DISPUTED) for key in found.ledger.items(DISPUTED)} == set(disputed)
    for each in found.disagreements:
        assert (each.one, each.other) == (one.value(each.key), other.value(each.key))
        assert each.otherwise.by == "ben"
        mark = found.ledger.value(f"{DISPUTED}{each.key}")
        assert (mark["one"]["value"], mark["other"]["value"]) == (each.one, each.other)
        assert (mark["other"]["by"], mark["other"]["at"]) == ("ben", each.otherwise.at)
    sound(found, Ledger(), one, other)


def sound(found: Merged, start: Ledger, one: Ledger, other: Ledger) -> None:
    """Check what always holds: all entries are there, what either alone decided stands, no text is lost or doubled."""
    assert list(found.ledger.entries[: len(one.entries)]) == list(one.entries)
    assert {e.id for e in found.ledger.entries} == {e.id for e in one.entries} | {e.id for e in other.entries}
    told = {e.id: (e.at, e.by, e.told) for e in other.entries}
    assert all(told[e.id] == (e.at, e.by, e.told) for e in found.added)
    assert text_of(rows_of(found.ledger, paper())) == text_of(Rows(paper()))
    for key in {*start.items(), *one.items(), *other.items()} - {each.key for each in found.disagreements}:
        before, ours, theirs, now = (each.value(key) for each in (start, one, other, found.ledger))
        if before in (ours, theirs):
            assert now == (theirs if ours == before else ours)
    assert all(found.ledger.value(each.key) == one.value(each.key) for each in found.disagreements)
    again = merge((found.head, found.ledger), (head(paper()), other), paper())
    assert (again.added, dict(again.ledger.items())) == ((), dict(found.ledger.items()))


def text_of(rows: Rows) -> Counter[tuple[str, int]]:
    """Return how many rows have each character that is no blank."""
    texts = {doc.id: doc.text for doc in rows.documents}
    return Counter(
        (name, at)
        for row in map(rows.get, rows.ids)
        for name, spans in row.spans.items()
        for span in spans
        for at in range(span.start, span.end)
        if not texts[name][at].isspace()
    )


def test_verdicts_on_different_versions_join() -> None:
    found = merged(play([confirm("en")], "ana"), play([refuse("es")], "ben"))
    assert found.ledger.value("row:b1")["verdicts"] == {"en": "confirmed", "es": "refused"}


def test_a_dispute_ends_when_somebody_decides_anew() -> None:
    found = merged(play([confirm("en")], "ana"), play([refuse("en")], "ben"))
    after = play([refuse("en")], "cleo", found.ledger)
    assert not after.items(DISPUTED)
    assert after.value("row:b1")["verdicts"] == {"en": "refused"}


def test_what_the_second_did_can_be_taken_back_in_the_merged_journal() -> None:
    found = merged(play([confirm("en")], "ana"), play([confirm("en", row="b2"), refuse("es", row="b3")], "ben"))
    after = play([True, True, True], "ben", found.ledger)
    assert dict(after.items()) == dict(play([confirm("en")], "ana").items()) | {"row:b1": after.value("row:b1")}


NAMES = ("b1", "b2", "b3", "b4")
VERSIONS = ("en", "es")
STEPS: list[Step | bool] = [
    True,
    False,
    JOIN,
    JOIN_MORE,
    note("a"),
    note("b"),
    *((op, [name], {"versions": [v]}) for op, name, v in product(("confirm", "refuse", "clear"), NAMES, VERSIONS)),
    *(("extra", [name], {"version": v}) for name, v in product(NAMES, VERSIONS)),
    *(("absent", [name], {"versions": [v]}) for name, v in product(NAMES, VERSIONS)),
]


@st.composite
def moves(draw: st.DrawFn) -> Step:
    """Return a move of a sentence of one row into another, or of its own."""
    name = draw(st.sampled_from(NAMES))
    version = draw(st.sampled_from(VERSIONS))
    link = draw(st.sampled_from(Rows(paper()).get(name).links))
    spans = [[span.start, span.end] for span in link.spans.get(version, ())]
    to = draw(st.sampled_from([*NAMES, None]))
    return "move", [name], {"version": version, "spans": spans, "to": to}


ANY = st.lists(st.sampled_from(STEPS) | moves(), max_size=6)


@settings(max_examples=60, deadline=None)
@given(ANY, ANY, ANY)
def test_no_merge_loses_anything(common: list[Step | bool], ours: list[Step | bool], theirs: list[Step | bool]) -> None:
    start = play(common, "ana")
    # Also one reviewer on two machines: the same name in both.
    for who in ("ana", "ben"):
        one, other = play(ours, "ana", start), play(theirs, who, start)
        found = merged(one, other)
        sound(found, start, one, other)
        if not one.entries[len(start.entries) :]:
            assert dict(found.ledger.items()) == dict(other.items())


def test_a_journal_of_another_alignment_is_carried_over_once() -> None:
    beads = paper().beads
    new = Alignment("zh", paper().documents, (*beads[1:], beads[0]))
    one, other = play([confirm("en", row="b2")], "ana"), play([confirm("en"), refuse("es", row="b3")], "ben")
    found = merge((head(new), one), (head(paper()), other), new)
    assert [entry.op for entry in found.added] == ["merge"]
    rows = rows_of(found.ledger, new)
    assert {name: dict(rows.get(name).verdicts) for name in ("b1", "b2", "b3")} == {
        "b1": {"en": "confirmed"},
        "b2": {"en": "confirmed"},
        "b3": {"es": "refused"},
    }
    assert not merge((found.head, found.ledger), (head(paper()), other), new).added


def test_journals_of_other_texts_or_another_alignment_than_the_one_given_are_refused() -> None:
    other = alignment_of({"zh": [1], "en": [1]}, size=3)
    with pytest.raises(WrongTextError, match="different texts"):
        merge((head(paper()), Ledger()), (head(other), Ledger()), paper())
    with pytest.raises(InputError, match="--alignment"):
        merge((head(paper()), Ledger()), (head(paper()), Ledger()), Alignment("zh", paper().documents, ()))


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"spans": {"zh": [[0, 10**15]]}}, "reaches beyond the text"),
        ({"spans": {"zh": 5}}, "no lists of"),
        ({"verdicts": {"xx": "confirmed"}}, "a version that these texts do not have"),
    ],
)
def test_a_journal_that_says_what_cannot_be_of_these_texts_is_refused(more: dict[str, Any], why: str) -> None:
    sound, broken = Ledger(), Ledger()
    for value in (row_value(Rows(paper()).get("b1")) | more, None):  # not even where it was taken back
        broken.append(broken.new("eve", "x", "x", {f"{ROW}b1": value}))
    for both in ((sound, broken), (broken, sound)):
        with pytest.raises(InputError, match=why):
            merge((head(paper()), both[0]), (head(paper()), both[1]), paper())


# Agreement

C, R = "confirmed", "refused"
# A table and its kappa: Cohen (1960), and what is known of limits.
KAPPAS: dict[str, tuple[dict[tuple[str, str], int], float | None]] = {
    "Cohen's own": (
        {("a", "a"): 88, ("a", "b"): 14, ("a", "c"): 18, ("b", "a"): 10, ("b", "b"): 40, ("b", "c"): 10,
         ("c", "a"): 2, ("c", "b"): 6, ("c", "c"): 12}, 0.492,
    ),
    "full": ({(C, C): 3, (R, R): 5}, 1.0),
    "chance": ({(C, C): 1, (C, R): 1, (R, C): 1, (R, R): 1}, 0.0),
    "always against": ({(C, R): 4, (R, C): 4}, -1.0),
    "one verdict": ({(C, C): 9}, None),
    "nothing": ({}, None),
}  # fmt: skip


@pytest.mark.parametrize(("table", "kappa"), KAPPAS.values(), ids=KAPPAS)
def test_kappa(table: dict[tuple[str, str], int], kappa: float | None) -> None:
    found = kappa_of(table)
    assert found.n == sum(table.values())
    assert found.kappa == (None if kappa is None else pytest.approx(kappa, abs=5e-4))
    assert (found.observed is None) == (not table)


@given(st.dictionaries(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), st.integers(1, 50)))
def test_kappa_is_the_same_from_either_side_and_never_above_what_is_observed(table: dict[Any, int]) -> None:
    found, turned = kappa_of(table), kappa_of({(b, a): n for (a, b), n in table.items()})
    assert (found.n, found.observed, found.kappa) == (turned.n, turned.observed, turned.kappa)
    assert found.kappa is None or -1 <= found.kappa <= (found.observed or 0)


def move_to(row: str | None) -> Step:
    spans = [[span.start, span.end] for span in Rows(paper()).get("b1").links[2].spans["en"]]
    return "move", ["b1"], {"version": "en", "spans": spans, "to": row}


def repair(decision: str, **more: str) -> Step:
    return "repair", [], {"finding": "en:duplicate:0-5", "decision": decision, **more}


# What two do, and the pairs of verdicts on links in English, and on repairs.
JUDGED: dict[str, tuple[list[Step], list[Step], list[tuple[str, str]], list[tuple[str, str]]]] = {
    "the same": ([confirm("en")], [confirm("en")], [(C, C)], []),
    "the opposite": ([confirm("en")], [refuse("en")], [(C, R)], []),
    "other rows": ([confirm("en")], [refuse("en", row="b2")], [], []),
    "other versions": ([confirm("en")], [refuse("es")], [], []),
    "one has moved what the other confirmed": (
        [move_to("b2"), confirm("en")], [confirm("en")], [(C, R), (C, R), (R, C)], [],
    ),
    "one says that there is nothing": ([confirm("en")], [("absent", ["b1"], {"versions": ["en"]})], [(C, "absent")] * 2, []),
    "repairs": ([repair("accepted")], [repair("rejected")], [], [("accepted", "rejected")]),
    "the other copy": (
        [repair("accepted")], [repair("accepted", keep="this")], [], [("accepted", "other copy out")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs", "links", "repairs"), JUDGED.values(), ids=JUDGED)
def test_what_both_judged(
    ours: list[Step], theirs: list[Step], links: list[tuple[str, str]], repairs: list[tuple[str, str]]
) -> None:
    one, other = play(ours, "ana"), play(theirs, "ben")
    found = agreement(one, other, "zh")
    assert pairs(found.get("links en")) == sorted(links)
    assert pairs(found["repairs"]) == sorted(repairs)
    turned = agreement(other, one, "zh")
    assert turned["links"].n == found["links"].n
    assert turned["links"].kappa == found["links"].kappa


def pairs(found: Agreement | None) -> list[tuple[str, str]]:
    return sorted(pair for pair, count in (found.table if found else {}).items() for _ in range(count))


def test_what_a_copy_brought_with_it_is_judged_once_only() -> None:
    start = play([confirm("en"), repair("accepted")], "ana")
    one, other = play([confirm("en", row="b2")], "ana", start), play([confirm("en", row="b2")], "ben", start)
    found = agreement(one, other, "zh")
    assert (found["links"].n, found["repairs"].n) == (1, 0)
