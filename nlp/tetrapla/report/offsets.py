"""The raw offsets of the characters of a running text, in little room.

Most characters of a line stand in the file as they are read, each after the one before it. Such a run is known by its
first character, and found by bisection: a long document takes a thirtieth of the room that an array of all would.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import overload

import numpy as np
import numpy.typing as npt

__all__ = ["Offsets"]

Numbers = npt.NDArray[np.int64]


class Offsets(Sequence[int]):
    """The raw offset of each character; a run ends where one does not follow the one before, and at each of `cuts`.

    >>> offsets = Offsets([4, 5, 9, 10, 11])
    >>> offsets[3], offsets[1:4], list(offsets.starts), list(offsets.raws)
    (10, [5, 9, 10], [0, 2], [4, 9])
    """

    def __init__(self, offsets: Sequence[int], cuts: Iterable[int] = ()) -> None:
        all_of_them = np.asarray(offsets, dtype=np.uint32)
        begins = np.ones(len(all_of_them), dtype=np.bool_)
        begins[1:] = all_of_them[1:] != all_of_them[:-1] + 1
        begins[[cut for cut in cuts if cut < len(begins)]] = True
        starts = np.flatnonzero(begins).astype(np.uint32)
        self.starts = array("I", starts.tobytes())
        self.raws = array("I", all_of_them[starts].tobytes())
        self._length = len(all_of_them)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> list[int]: ...
    def __getitem__(self, index: int | slice) -> int | list[int]:
        if isinstance(index, slice):
            return self._between(*index.indices(self._length))
        if not 0 <= index < self._length:
            raise IndexError(f"there is no character {index} among {self._length}")
        run = bisect_right(self.starts, index) - 1
        return self.raws[run] + index - self.starts[run]

    def _between(self, start: int, end: int, step: int) -> list[int]:
        found: list[int] = []
        for run in range(max(bisect_right(self.starts, start) - 1, 0), bisect_left(self.starts, end)):
            begin = self.starts[run]
            last = self.starts[run + 1] if run + 1 < len(self.starts) else self._length
            by = self.raws[run] - begin
            found += range(max(begin, start) + by, min(last, end) + by)
        return found[::step]

    def at(self, indexes: npt.ArrayLike) -> Numbers:
        """Return the raw offsets of the characters at some indexes."""
        wanted = np.asarray(indexes, dtype=np.int64)
        starts, raws = (np.frombuffer(own, dtype=np.uint32).astype(np.int64) for own in (self.starts, self.raws))
        runs = np.searchsorted(starts, wanted, side="right") - 1
        found: Numbers = raws[runs] + wanted - starts[runs]
        return found

    def run_at(self, index: int) -> int:
        """Return the number of the run that begins at an index or holds it, how many there are for one behind all."""
        return len(self.starts) if index >= self._length else bisect_right(self.starts, index) - 1

    def find(self, offset: int, first: int, end: int, high: int) -> int:
        """Return the index, at most `high`, of the first character from a raw offset on, in the runs [first, end).

        In these runs, of which `high` is behind the last character, raw offsets must rise.
        """
        run = bisect_right(self.raws, offset, first, end) - 1
        if run < first:
            return self.starts[first]
        last = self.starts[run + 1] if run + 1 < end else high
        return min(self.starts[run] + offset - self.raws[run], last)
