"""What reviewers decided, as items by key with a revision each: compare-and-set, undo and redo.

An entry is one transaction: it sets one item or more, and says of each which revision its author had before him. It is
taken only where those still stand (optimistic concurrency control, Kung & Robinson 1981), so that of two reviewers the
second learns what the first did and neither loses anything. The revision of an item is the id of the entry that set it
last, and None is the value of an item on which nothing is decided.

Undo is an entry, too: nothing is ever taken out of a ledger. For each item the ledger knows the decision that stands,
which is never an undo or redo, but the entry that those lead back to. Whoever undoes a decision brings back the one
that stood before it, which is only possible while his own stands, and to redo it while that other one does: selective
undo of one's own in a history that is shared (Prakash & Knister 1994), without anybody's work changing under him. What
somebody else has decided anew since is passed over, and can be undone once that other decision is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tetrapla.errors import InputError, TetraplaError
from tetrapla.review._entry import REBASE, REDO, UNDO, Entry

__all__ = ["DISPUTED", "REBASE", "REDO", "UNDO", "Conflict", "Entry", "Ledger"]

# Before the key of an item that two reviewers decided differently in journals of their own: both values.
DISPUTED = "disputed:"
TOLD = 2  # decisions that an undo names of those that it passed over


class Conflict(TetraplaError):  # noqa: N818 - one of two reviewers is told, nobody made an error
    """A decision on what somebody has decided in the meantime; `keys` names the items, and who set each since.

    Items that only another ledger can have set (a page that was open while the journal went away) are not among them.
    """

    def __init__(self, told: str, keys: Mapping[str, Entry]) -> None:
        super().__init__(told)
        self.keys = keys


class Ledger:
    """Items by key as entries set them, the earliest first.

    >>> ledger = Ledger()
    >>> ledger.append(ledger.new("ana", "note", "noted b1", {"note:b1": "see p. 4"}))
    >>> ledger.value("note:b1")
    'see p. 4'
    >>> ledger.append(ledger.undo("ana"))
    >>> ledger.value("note:b1") is None, ledger.redoable("ana").told
    (True, 'noted b1')
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        """Take entries, the earliest first.

        Raises:
            Conflict: one was made on other revisions than those before it led to.
            InputError: one does not fit in another way; see `check`.
        """
        self._entries: list[Entry] = []
        self._by_id: dict[str, Entry] = {}
        self._clear(None)
        for entry in entries:
            self.append(entry)

    def _clear(self, base: Entry | None) -> None:
        """Forget all items; revisions are from now on that of `base`, which set every item there is."""
        self._base = base
        self._revs: dict[str, str] = {}
        self._decided: dict[str, Entry] = {}  # what set each item that is not None
        # The decision that stands by key, and for each decision those that stood when it was made; "" is none.
        self._standing: dict[str, str] = {}
        self._before: dict[str, dict[str, str]] = {}
        # By reviewer and id: decisions that he has not undone, and his undos that he may redo, the newest last.
        self._done: dict[str, dict[str, Entry]] = defaultdict(dict)
        self._undone: dict[str, dict[str, Entry]] = defaultdict(dict)

    @property
    def entries(self) -> Sequence[Entry]:
        """All entries, the earliest first."""
        return self._entries

    @property
    def alignment(self) -> str | None:
        """The digest of the alignment that the last rebase led to, None where there was none."""
        return self._base.alignment if self._base else None

    def value(self, key: str) -> Any:
        """Return the value of an item, None where nothing is decided."""
        entry = self._decided.get(key)
        return None if entry is None else entry.set[key]

    def rev(self, key: str) -> str:
        """Return the id of the entry that last set an item, "" where none did."""
        return self._revs.get(key, self._base.id if self._base else "")

    def items(self, prefix: str = "") -> Mapping[str, Any]:
        """Return the items that something is decided on, by key; those with a prefix, by their whole key."""
        return {key: entry.set[key] for key, entry in self._decided.items() if key.startswith(prefix)}

    def decision(self, key: str) -> Entry | None:
        """Return the decision that stands on an item, undos and redos followed back; None where none does."""
        return self._by_id.get(self._standing.get(key, ""))

    def entry(self, name: str) -> Entry | None:
        """Return the entry with an id, None where there is none."""
        return self._by_id.get(name)

    # Entries in

    def new(
        self,
        by: str,
        op: str,
        told: str,
        set: Mapping[str, Any],  # noqa: A002
        seen: Mapping[str, str] | None = None,
    ) -> Entry:
        """Return an entry of now, which is not appended yet; it ends disputes about the items that it sets.

        `seen` are the revisions that its author had before him, also of items that he read and does not set; those of
        other items are taken to be the current ones.
        """
        ended = {mark: None for key in set if (mark := f"{DISPUTED}{key}") in self._decided}
        values = ended | dict(set)
        was = {key: self.rev(key) for key in values} | dict(seen or {})
        return Entry.now(by, op, told, was, values)

    def check(self, entry: Entry) -> None:
        """Make sure that an entry can be appended.

        Raises:
            Conflict: an item that its author had before him was set since.
            InputError: it is there already, says nothing of the revision of an item that it sets, or is an undo or
                redo that does not follow from the ledger.
        """
        if entry.id in self._by_id:
            raise InputError(f"the entry {entry.id} is there twice")
        if entry.op == REBASE:
            if entry.alignment is None:
                raise InputError(f"the entry {entry.id} says not which alignment it leads to")
            return
        for key in entry.set:
            if key not in entry.was:
                raise InputError(f"the entry {entry.id} sets {key}, and says not on what revision")
        stale = [key for key, rev in entry.was.items() if rev != self.rev(key)]
        if stale:
            raise self._conflict(stale)
        if entry.op in (UNDO, REDO) and dict(entry.set) != self._restored(entry):
            raise InputError(f"the entry {entry.id} does not set what the {entry.op} of {entry.undoes} brings back")

    def append(self, entry: Entry) -> None:
        """Take an entry, in time proportional to the items that it sets.

        Raises:
            Conflict: an item that its author had before him was set since.
            InputError: it does not fit in another way; see `check`.
        """
        self.check(entry)
        if entry.op == REBASE:
            self._clear(entry)
        elif entry.op in (UNDO, REDO):
            self._turn(entry)
        else:
            self._before[entry.id] = {key: self._standing.get(key, "") for key in entry.set}
            self._standing.update(dict.fromkeys(entry.set, entry.id))
            self._done[entry.by][entry.id] = entry
            self._undone[entry.by].clear()
        for key, value in entry.set.items():
            self._revs[key] = entry.id
            if value is None:
                self._decided.pop(key, None)
            else:
                self._decided[key] = entry
        self._entries.append(entry)
        self._by_id[entry.id] = entry

    # Undo and redo

    def undoable(self, by: str) -> Entry | None:
        """Return the decision that a reviewer would undo next: the newest of his that still can be.

        Where none can, his newest, of which `undo` says who has changed it; None where he has none left.
        """
        return self._turnable(by, UNDO)

    def redoable(self, by: str) -> Entry | None:
        """Return the decision that a reviewer would redo next, as `undoable`: of those that he undid, the last."""
        return self._turnable(by, REDO)

    def undo(self, by: str) -> Entry | None:
        """Return the entry that undoes a decision of a reviewer, not appended yet; None where he has none left.

        It is his newest that nobody has decided anew since; what it passes over is told in it.

        Raises:
            Conflict: somebody has decided anew on all of them since.
        """
        return self._turning(by, UNDO)

    def redo(self, by: str) -> Entry | None:
        """Return the entry that redoes what a reviewer undid, not appended yet; None where there is nothing.

        It is what he undid last, or before that where somebody has decided on the same since; that is told in it.

        Raises:
            Conflict: somebody has decided on all of it since.
        """
        return self._turning(by, REDO)

    def _turns(self, by: str, op: str) -> Iterator[tuple[str, Entry]]:
        """Yield what a reviewer may undo, or redo, the newest first: the id of what that takes back, the decision."""
        stack = (self._done if op == UNDO else self._undone).get(by, {})
        for entry in reversed(stack.values()):
            yield entry.id, entry if op == UNDO else self._by_id[entry.undoes or ""]

    def _turnable(self, by: str, op: str) -> Entry | None:
        newest = None
        for _, decision in self._turns(by, op):
            if not self._changed(op, decision):
                return decision
            newest = newest or decision
        return newest

    def _turning(self, by: str, op: str) -> Entry | None:
        passed: list[Entry] = []
        for undoes, decision in self._turns(by, op):
            if not self._changed(op, decision):
                values = {key: self._turned(op, decision, key) for key in decision.set}
                told = f"{'took back' if op == UNDO else 'did again'}: {decision.told}{self._passed(op, passed)}"
                return Entry.now(by, op, told, {key: self.rev(key) for key in values}, values, undoes)
            passed.append(decision)
        if passed:
            raise self._conflict(self._changed(op, passed[0]))
        return None

    def _passed(self, op: str, passed: Sequence[Entry]) -> str:
        """Return what is told of decisions that were passed over, and of who has changed what they set."""
        parts = []
        for decision in passed[:TOLD]:
            who = dict.fromkeys(self._by_id[self.rev(key)].by for key in self._changed(op, decision))
            parts.append(f"“{decision.told}” (changed since by {', '.join(who)})")
        more = f" and {len(passed) - TOLD:,} more" if len(passed) > TOLD else ""
        return f"; passed over {', '.join(parts)}{more}" if parts else ""

    def _changed(self, op: str, decision: Entry) -> list[str]:
        """Return the items for which a decision cannot be undone, or redone, since another one stands on them."""
        return [key for key in decision.set if self._standing.get(key, "") != self._expected(op, decision, key)]

    def _expected(self, op: str, decision: Entry, key: str) -> str:
        """Return which decision must stand on an item so that one can be undone, or redone."""
        return decision.id if op == UNDO else self._before[decision.id][key]

    def _turned(self, op: str, decision: Entry, key: str) -> Any:
        """Return the value of an item once a decision is undone, or redone; a decision set what it stands for."""
        if op == REDO:
            return decision.set[key]
        before = self._before[decision.id][key]
        return self._by_id[before].set[key] if before else self._ground(key)

    def _ground(self, key: str) -> Any:
        """Return the value of an item before any decision on it."""
        return self._base.set.get(key) if self._base else None

    def _restored(self, entry: Entry) -> Mapping[str, Any] | None:
        """Return what an undo or redo must set, None where it does not follow from the ledger."""
        stack = (self._done if entry.op == UNDO else self._undone).get(entry.by, {})
        taken = stack.get(entry.undoes or "")
        if taken is None:
            return None
        decision = taken if entry.op == UNDO else self._by_id[taken.undoes or ""]
        if self._changed(entry.op, decision):
            return None
        return {key: self._turned(entry.op, decision, key) for key in decision.set}

    def _turn(self, entry: Entry) -> None:
        """Take an undo or redo, which `check` has found to be of a decision of its author."""
        done, undone = self._done[entry.by], self._undone[entry.by]
        if entry.op == UNDO:
            decision = done.pop(entry.undoes or "")
            undone[entry.id] = entry
            self._standing.update(self._before[decision.id])
        else:
            decision = self._by_id[undone.pop(entry.undoes or "").undoes or ""]
            done[decision.id] = decision
            self._standing.update(dict.fromkeys(decision.set, decision.id))

    def _conflict(self, keys: Sequence[str]) -> Conflict:
        since = {key: self._by_id[rev] for key in keys if (rev := self.rev(key))}
        told = "; ".join(dict.fromkeys(f"{entry.by} at {entry.at}: {entry.told}" for entry in since.values()))
        if not told:
            return Conflict("this was decided on what the journal does not hold; load the page again", since)
        return Conflict(f"this was changed in the meantime ({told})", since)
