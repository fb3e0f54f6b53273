"""A lexicon out of what a user has aligned already: translation memories, tables of sentences, our own alignments.

What recurs together in passages that translate each other is a translation (see `align.learn`). A lexicon has words as
they stand in texts, the commonest form of each stem, so that a person can read and mend it.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import PurePath

from tetrapla import languages
from tetrapla.align.learn import Bags, taught
from tetrapla.align.tokens import Token
from tetrapla.errors import InputError
from tetrapla.files import named, read_text
from tetrapla.formats.json import load_alignment
from tetrapla.formats.tmx import read_units
from tetrapla.lexicon import Table
from tetrapla.model import Alignment, Bead
from tetrapla.progress import Progress, silent

__all__ = ["MIN_COUNT", "MIN_WEIGHT", "Pair", "lexicon_from", "units_in"]

Unit = Mapping[str, str]  # a passage in several languages: text by language code
Pair = tuple[str, str]

MIN_WEIGHT = 0.2  # what a pair is worth at least
MIN_COUNT = 2  # passages that it stands in at least: what was seen once is chance as often as not
BATCH = 10_000  # passages that are learnt from at a time; the model takes memory for each two words that meet
MOST = 500_000  # passages of a pair of languages; more of them take memory and teach hardly more
LONG = 120  # words of a passage, above which hardly anything can be told from it
SURE = 0.5  # what a link of an alignment is worth at least, to be learnt from
USUAL = 0.25  # words in a larger share of the passages are function words and teach nothing
HAN_WORD = re.compile(rf"[{languages.HAN}]+")
LETTERS = re.compile(r"[^\W\d_]")


def units_in(path: str, pair: Pair | None = None, progress: Progress = silent) -> Iterator[Unit]:
    """Yield the passages of a file: a TMX, an alignment of ours (.json), or a table with a language a column.

    A table has a header of language codes; without it `pair` says which languages its two columns are.

    Raises:
        InputError: it cannot be read; says file, line and what to do.
    """
    suffix = PurePath(path.lower().removesuffix(".gz")).suffix
    if suffix == ".json":
        return _units_of(load_alignment(path))
    if suffix in (".tsv", ".txt", ".tab"):
        return _rows(path, pair)
    return read_units(path, progress)


def _units_of(alignment: Alignment) -> Iterator[Unit]:
    documents = {doc.id: doc for doc in alignment.documents}

    def unit(bead: Bead) -> Unit:
        texts: dict[str, str] = {}
        for name, spans in bead.spans.items():
            doc = documents[name]
            if bead.score.get(name, 1.0) >= SURE:
                joiner = languages.get(doc.language).joiner
                lines = [line for span in spans for line in doc.text[span.start : span.end].split("\n")]
                texts.setdefault(doc.language, joiner.join(map(str.strip, lines)))
        return texts

    return (unit(part) for bead in alignment.beads for part in bead.sentences or (bead,))


def _rows(path: str, pair: Pair | None) -> Iterator[Unit]:
    name = named(path)
    lines = read_text(path).text.split("\n")
    header = lines[0].strip("\r").split("\t")
    told = len(header) > 1 and all(re.fullmatch(r"[a-z]{2,3}", code) for code in header)
    codes = header if told else pair
    if codes is None:
        raise InputError(f"{name}:1: no header of language codes with tabs between; write one, or give --pair zh-en")
    for number, line in enumerate(lines[told:], start=1 + told):
        cells = line.rstrip("\r").split("\t")
        if cells == [""]:
            continue
        if len(cells) != len(codes):
            raise InputError(
                f"{name}:{number}: {len(cells)} columns, not {len(codes)}; put a tab between two languages, none else"
            )
        yield {code: cell for code, cell in zip(codes, cells, strict=True) if cell.strip()}


def lexicon_from(
    units: Iterable[Unit],
    pairs: Sequence[Pair] | None = None,
    *,
    min_weight: float = MIN_WEIGHT,
    min_count: int = MIN_COUNT,
    progress: Progress = silent,
) -> Table:
    """Return what passages teach: a row a pair of words, the surest first, with its weight (0..1).

    `pairs` are the languages to be linked, all there are by default; a pair of words is worth `min_weight` at least
    and stands together in `min_count` passages.

    Raises:
        InputError: there is nothing to learn from.
    """
    passages = _Passages(pairs)
    for unit in units:
        passages.add(unit)
    found = []
    for done, pair in enumerate(passages.bags):
        progress("learn", done, len(passages.bags))
        found += [(weight, s, t) for (s, t), weight in passages.taught(pair, min_count).items() if weight >= min_weight]
    if not found:
        raise InputError(
            f"nothing to learn in {passages.count:,} passages of two languages or more: no two words recur together "
            f"({min_count} times, worth {min_weight:g}); give more text, or lower --min-count and --min-weight"
        )
    return _table(sorted(found, key=lambda row: (-row[0], row[1], row[2])), passages)


def _table(found: Sequence[tuple[float, Token, Token]], passages: _Passages) -> Table:
    codes = list(dict.fromkeys(code for pair in passages.bags for code in pair))
    columns: dict[str, list[Sequence[str]]] = {code: [] for code in codes}
    for _, *tokens in found:
        words = {token[0]: (passages.form(token),) for token in tokens}
        for code, rows in columns.items():
            rows.append(words.get(code, ()))
    return Table(columns, [round(weight, 2) for weight, _, _ in found])


class _Passages:
    """The words of passages, by numbers, for each two languages; a passage that comes again is no new proof."""

    def __init__(self, pairs: Sequence[Pair] | None) -> None:
        self.pairs = pairs
        self.count = 0
        self.bags: dict[Pair, list[tuple[array[int], array[int]]]] = {pair: [] for pair in pairs or ()}
        self._seen: set[int] = set()
        self._numbers: dict[Token, int] = {}
        self._tokens: list[Token] = []
        self._forms: list[Counter[str]] = []

    def add(self, unit: Unit) -> None:
        pairs = [pair for pair in self.pairs or combinations(sorted(unit), 2) if unit.keys() >= set(pair)]
        fresh = []
        for pair in pairs:
            key = hash((pair, unit[pair[0]], unit[pair[1]]))
            if key not in self._seen and len(self.bags.setdefault(pair, [])) < MOST:
                self._seen.add(key)
                fresh.append(pair)
        if not fresh:
            return
        words = {code: self._words(unit[code], code) for code in dict.fromkeys(code for pair in fresh for code in pair)}
        self.count += 1
        for a, b in fresh:
            if words[a] and words[b]:
                self.bags[a, b].append((words[a], words[b]))

    def _words(self, text: str, code: str) -> array[int]:
        """Return the numbers of the words of a text, each once; none of a text too long to learn from."""
        language = languages.get(code)
        numbers = set()
        for word in language.words(text):
            # Latin words in Chinese are the same in the other language; one letter alone is no word.
            if HAN_WORD.match(word.text) is None if code == "zh" else len(word.stem) < 2:
                continue
            if LETTERS.match(word.text) is None:
                continue
            token = code, word.stem
            if token not in self._numbers:
                self._numbers[token] = len(self._tokens)
                self._tokens.append(token)
                self._forms.append(Counter())
            number = self._numbers[token]
            self._forms[number][word.text] += 1
            numbers.add(number)
        return array("i", sorted(numbers) if len(numbers) <= LONG else ())

    def form(self, token: Token) -> str:
        """Return the commonest form of a stem; of two as common the one in small letters."""
        forms = self._forms[self._numbers[token]]
        return min(forms, key=lambda form: (-forms[form], form != form.lower(), form))

    def taught(self, pair: Pair, min_count: int) -> dict[tuple[Token, Token], float]:
        """Return the pairs of words that stand together often enough, with their weights."""
        bags = self.bags[pair]
        kept = [self._telling([bag[side] for bag in bags], min_count) for side in (0, 1)]
        places: list[dict[int, array[int]]] = [defaultdict(lambda: array("i")), defaultdict(lambda: array("i"))]
        for place, bag in enumerate(bags):
            for side in (0, 1):
                for number in bag[side]:
                    if number in kept[side]:
                        places[side][number].append(place)
        shares: dict[tuple[Token, Token], float] = defaultdict(float)
        for start in range(0, len(bags), BATCH):
            batch: list[Bags] = [
                (self._named(left, kept[0]), self._named(right, kept[1])) for left, right in bags[start : start + BATCH]
            ]
            if not any(left and right for left, right in batch):
                continue
            for s, row in taught(batch).items():
                for t, weight in row.items():
                    both = set(places[0][self._numbers[s]]).intersection(places[1][self._numbers[t]])
                    if len(both) >= min_count:
                        # What a batch says counts by its share of the passages in which the two meet.
                        shares[s, t] += weight * sum(start <= p < start + BATCH for p in both) / len(both)
        # Two words alike in both languages are linked without a lexicon.
        return {(s, t): weight for (s, t), weight in shares.items() if self.form(s).lower() != self.form(t).lower()}

    def _telling(self, side: Sequence[array[int]], min_count: int) -> set[int]:
        """Return the words that can teach: those that recur and do not stand everywhere."""
        counts = Counter(number for bag in side for number in bag)
        return {number for number, count in counts.items() if min_count <= count <= max(USUAL * len(side), 1)}

    def _named(self, bag: array[int], kept: set[int]) -> list[Token]:
        return [self._tokens[number] for number in bag if number in kept]
