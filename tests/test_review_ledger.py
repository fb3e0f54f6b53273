"""What reviewers decided: revisions that are compared, undo and redo."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapla.errors import InputError
from tetrapla.review._ledger import DISPUTED, REBASE, Conflict, Entry, Ledger

WHO = ("ana", "ben")
KEYS = ("row:b1", "row:b2", "note:b1")


def put(ledger: Ledger, by: str, /, **values: Any) -> Entry:
    """Append an entry that sets items, whose keys are written with an underscore for the colon."""
    entry = ledger.new(by, "note", f"{by} set {', '.join(values)}", {k.replace("_", ":"): v for k, v in values.items()})
    ledger.append(entry)
    return entry


def test_an_entry_that_its_author_made_on_what_has_changed_since_is_refused() -> None:
    ledger = Ledger()
    stale = ledger.new("ben", "note", "ben's", {"note:b1": "x", "note:b2": "y"})
    first = put(ledger, "ana", note_b1="a")
    with pytest.raises(Conflict, match="ana set note_b1") as caught:
        ledger.append(stale)
    assert caught.value.keys == {"note:b1": first}
    assert dict(ledger.items()) == {"note:b1": "a"}
    assert list(ledger.entries) == [first]


def test_an_entry_that_only_read_what_has_changed_since_is_refused() -> None:
    ledger = Ledger()
    stale = ledger.new("ben", "note", "", {"note:b2": "y"}, seen={"row:b1": ""})
    put(ledger, "ana", row_b1={"gone": True})
    with pytest.raises(Conflict):
        ledger.append(stale)


def test_an_entry_on_other_items_is_no_conflict() -> None:
    ledger = Ledger()
    late = ledger.new("ben", "note", "", {"note:b2": "y"})
    put(ledger, "ana", note_b1="a")
    ledger.append(late)
    assert dict(ledger.items("note:")) == {"note:b1": "a", "note:b2": "y"}
    assert dict(ledger.items("row:")) == {}


def test_what_was_seen_in_another_ledger_is_refused() -> None:
    ledger = Ledger()
    with pytest.raises(Conflict, match="load the page again") as caught:
        ledger.append(ledger.new("ben", "note", "", {"note:b1": "x"}, seen={"note:b1": "f" * 16}))
    assert not caught.value.keys


BROKEN: dict[str, Callable[[Ledger, Entry], Entry]] = {
    "twice": lambda ledger, entry: entry,
    "no revision": lambda ledger, entry: Entry("1", entry.at, "ana", "note", "", {}, {"note:b1": "x"}),
    "undo of nothing": lambda ledger, entry: Entry("1", "", "ben", "undo", "", {}, {}, undoes=entry.id),
    "undo to another value": lambda ledger, entry: Entry(
        "1", "", "ana", "undo", "", {"note:b1": entry.id}, {"note:b1": "z"}, undoes=entry.id
    ),
    "rebase to nowhere": lambda ledger, entry: Entry("1", "", "ana", REBASE, "", {}, {}),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_entries_that_do_not_follow_are_refused_and_change_nothing(broken: Callable[[Ledger, Entry], Entry]) -> None:
    ledger = Ledger()
    entry = put(ledger, "ana", note_b1="a")
    with pytest.raises(InputError):
        ledger.append(broken(ledger, entry))
    assert list(ledger.entries) == [entry]
    assert ledger.undoable("ana") == entry


def test_undo_is_of_ones_own_newest_and_refused_where_somebody_changed_it_since() -> None:
    ledger = Ledger()
    own, theirs = put(ledger, "ana", row_b1=1), put(ledger, "ben", row_b1=2)
    with pytest.raises(Conflict, match="ben set row_b1") as caught:
        ledger.undo("ana")
    assert caught.value.keys == {"row:b1": theirs}
    ledger.append(_made(ledger.undo("ben")))
    assert ledger.value("row:b1") == 1
    assert ledger.decision("row:b1") == own
    ledger.append(_made(ledger.undo("ana")))
    assert ledger.value("row:b1") is None
    with pytest.raises(Conflict):  # what it would be done again on is not there
        ledger.redo("ben")
    ledger.append(_made(ledger.redo("ana")))
    ledger.append(_made(ledger.redo("ben")))
    assert ledger.value("row:b1") == 2
    assert (ledger.redoable("ana"), ledger.redoable("ben"), ledger.redo("ben")) == (None, None, None)


def test_a_new_decision_of_ones_own_empties_what_could_be_redone() -> None:
    ledger = Ledger()
    put(ledger, "ana", row_b1=1)
    ledger.append(_made(ledger.undo("ana")))
    put(ledger, "ben", row_b2=1)
    assert ledger.redoable("ana") is not None
    put(ledger, "ana", row_b2=2)
    assert ledger.redoable("ana") is None


def test_a_rebase_sets_all_there_is_and_nothing_before_it_can_be_undone() -> None:
    ledger = Ledger()
    put(ledger, "ana", row_b1=1, note_b1="a")
    stale = ledger.new("ben", "note", "", {"row:b9": 1})
    ledger.append(Entry("1" * 16, "", "ana", REBASE, "", {}, {"row:c1": 1}, alignment="1" * 64))
    assert (dict(ledger.items()), ledger.alignment) == ({"row:c1": 1}, "1" * 64)
    assert ledger.undoable("ana") is None
    assert ledger.rev("row:b1") == ledger.rev("row:never") == "1" * 16
    with pytest.raises(Conflict):  # a row of that id is another one now
        ledger.append(stale)
    put(ledger, "ana", row_c1=2)
    ledger.append(_made(ledger.undo("ana")))
    assert ledger.value("row:c1") == 1


def test_deciding_anew_ends_a_dispute_and_undo_brings_it_back() -> None:
    ledger = Ledger()
    put(ledger, "ana", **{f"{DISPUTED}row_b1": {"other": 2}})
    put(ledger, "ben", row_b1=3)
    assert dict(ledger.items()) == {"row:b1": 3}
    ledger.append(_made(ledger.undo("ben")))
    assert dict(ledger.items(DISPUTED)) == {f"{DISPUTED}row:b1": {"other": 2}}


def _made(entry: Entry | None) -> Entry:
    assert entry is not None
    return entry


VALUES = st.none() | st.integers(0, 3)
STEPS = st.lists(
    st.tuples(st.sampled_from(WHO), st.dictionaries(st.sampled_from(KEYS), VALUES, min_size=1) | st.booleans()),
    max_size=25,
)


def play(ledger: Ledger, steps: list[tuple[str, Mapping[str, Any] | bool]]) -> None:
    """Decide where a step sets items; undo where it is True and redo where it is False, if that can be done."""
    for by, step in steps:
        try:
            if isinstance(step, dict):
                entry: Entry | None = ledger.new(by, "note", "", step)
            else:
                entry = ledger.undo(by) if step else ledger.redo(by)
        except Conflict:
            continue
        if entry is not None:
            ledger.append(entry)


@given(STEPS)
def test_undoing_all_brings_back_the_start(steps: list[tuple[str, Any]]) -> None:
    ledger = Ledger()
    play(ledger, steps)
    while any(ledger.undoable(by) for by in WHO):
        before = len(ledger.entries)
        play(ledger, [(by, True) for by in WHO])
        assert len(ledger.entries) > before  # of all that stands the last can always be undone
    assert not ledger.items()


def test_undo_passes_over_what_somebody_has_decided_anew_and_says_so() -> None:
    ledger = Ledger()
    for number in range(1, 5):
        put(ledger, "ana", **{f"row_b{number}": 1})
    theirs = put(ledger, "ben", row_b4=2, row_b3=2)
    put(ledger, "ana", row_b5=1)
    told = []
    for _ in range(3):
        ledger.append(_made(ledger.undo("ana")))
        told.append(ledger.entries[-1].told)
    over = "; passed over “ana set row_b4” (changed since by ben), “ana set row_b3” (changed since by ben)"
    assert told == [f"took back: ana set row_b{number}{over * (number < 5)}" for number in (5, 2, 1)]
    assert dict(ledger.items()) == {"row:b4": 2, "row:b3": 2}
    with pytest.raises(Conflict, match="ben set"):
        ledger.undo("ana")
    left = ledger.undoable("ana")
    assert left is not None
    assert left.told == "ana set row_b4"  # of which undo says why not
    # What was passed over can be taken back once nothing else stands on it, and done again in the order it was undone.
    ledger.append(_made(ledger.undo("ben")))
    assert ledger.decision("row:b4") not in (None, theirs)
    ledger.append(_made(ledger.undo("ana")))
    put(ledger, "ben", row_b4=3)
    ledger.append(_made(ledger.redo("ana")))
    assert ledger.entries[-1].told.startswith("did again: ana set row_b1; passed over “ana set row_b4”")


def test_only_some_are_named_of_many_that_are_passed_over() -> None:
    ledger = Ledger()
    for number in range(10):
        put(ledger, "ana", **{f"row_b{number}": 1})
    put(ledger, "ben", **{f"row_b{number}": 2 for number in range(1, 10)})
    told = _made(ledger.undo("ana")).told
    assert told.endswith("“ana set row_b8” (changed since by ben) and 7 more")


@given(STEPS, st.sampled_from(WHO))
def test_whoever_undoes_all_he_can_undoes_nothing_of_anybody_else(steps: list[tuple[str, Any]], who: str) -> None:
    ledger = Ledger()
    play(ledger, steps)
    own = sum(1 for _ in ledger._turns(who, "undo"))
    stood = {key: entry for key in KEYS if (entry := ledger.decision(key)) is not None and entry.by != who}
    values = {key: ledger.value(key) for key in stood}
    before = len(ledger.entries)
    for _ in range(own + 1):
        play(ledger, [(who, True)])
    assert {key: ledger.decision(key) for key in stood} == stood
    assert {key: ledger.value(key) for key in stood} == values
    # What is left of his own has something of another one's on it, or a decision of his own that has.
    for _, decision in ledger._turns(who, "undo"):
        assert any(ledger.decision(key) != decision for key in decision.set)
    # And all of it comes back.
    undone = len(ledger.entries) - before
    for _ in range(undone):
        play(ledger, [(who, False)])
    assert len(ledger.entries) == before + 2 * undone


@given(STEPS)
def test_undo_then_redo_is_nothing_and_replaying_gives_the_same(steps: list[tuple[str, Any]]) -> None:
    ledger = Ledger()
    play(ledger, steps)
    items, last = dict(ledger.items()), {by: ledger.undoable(by) for by in WHO}
    for by in WHO:
        before = len(ledger.entries)
        play(ledger, [(by, True)])
        if len(ledger.entries) > before:
            play(ledger, [(by, False)])
            assert len(ledger.entries) == before + 2
        assert dict(ledger.items()) == items
    again = Ledger(Entry.from_record(json.loads(json.dumps(entry.to_record())), "") for entry in ledger.entries)
    assert list(again.entries) == list(ledger.entries)
    assert dict(again.items()) == items
    assert {by: again.undoable(by) for by in WHO} == last
    assert all(again.rev(key) == ledger.rev(key) and again.decision(key) == ledger.decision(key) for key in KEYS)


@given(STEPS, st.integers(0, 25), st.sampled_from(KEYS))
def test_an_entry_gets_in_only_where_what_it_was_made_on_still_stands(
    steps: list[tuple[str, Any]], at: int, key: str
) -> None:
    ledger = Ledger()
    play(ledger, steps[:at])
    entry, before = ledger.new("cleo", "note", "", {key: 9}), len(ledger.entries)
    play(ledger, steps[at:])
    if any(key in later.set for later in ledger.entries[before:]):
        with pytest.raises(Conflict):
            ledger.append(entry)
    else:
        ledger.append(entry)
        assert ledger.value(key) == 9
