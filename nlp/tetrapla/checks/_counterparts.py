"""Which sentences of another version a sentence stands for, and what of them it leaves unsaid.

The aligner's groups of sentences are made for whole paragraphs; where paragraphs are torn, moved and said twice they
are too coarse, or wrong, just where it matters. Here every sentence finds its own counterpart near them, by the words
that it shares with it against those that any sentence would share (a ratio of likelihoods), the best way through all
sentences by the algorithm of Viterbi (1967). From the pairs found the document's own measures are taken: how often a
word of the other version is said where it should be, how often by chance, and how the lengths go together.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from tetrapla.checks._beads import Pieces
from tetrapla.checks._lexis import lexis_of
from tetrapla.checks._once import once
from tetrapla.checks._pivot import Witness
from tetrapla.checks.fragments import FUNCTION
from tetrapla.model import Segmented, Span, ViewSpan

__all__ = ["Counterparts", "Lack", "Piece", "letters", "pieces_of"]

# A link of so much makes a word one that can be asked for, one of so much that it was said.
ASKED, SAID = 0.4, 0.3
# A word that is linked at all is said in so many of ten counterparts; chance is kept between these shares.
LIKELY, LEAST_CHANCE, MOST_CHANCE = 0.75, 0.004, 0.6
# Of likelihoods: what shared words count (they come in phrases, not one by one), what a word of the counterpart that
# is not said costs, and what it is worth that the aligner thinks so too.
SHARED, UNSAID, ALIGNED = 0.7, 0.12, 2.0
# From a sentence to the next one: on to the next counterpart, the same, one left out …, anywhere, none.
STEPS: Mapping[int, float] = {1: -0.4, 0: -2.0, 2: -2.2, 3: -3.0, -1: -3.5}
ANYWHERE, NOWHERE = -4.5, -2.0
# So many candidates are looked at for a sentence, and so many counterparts may be one's.
CANDIDATES, MOST_GROUPED = 8, 4
# In a bead of more sentences than this only those at the same height are candidates: no quadratic work on odd ones.
WIDE = 40
# What a further sentence must add to be part of the counterpart, and what each of its words that is not said adds.
ADDED, ADDED_EACH = 2.5, 0.5
# A document where fewer sentences have a counterpart has no measure of its own; the least spread of lengths.
LEAST_PAIRS, LEAST_SPREAD, LEAST_LETTERS = 8, 0.08, 20
# A word that so few sentences have by chance is rare; so many words are the end of a sentence.
RARE, CLOSING = 0.3, 4
# A sentence within so many others shares a counterpart, if it fits so well.
NEAR, SHARES_COVER, SHARES_FIT = 12, 0.4, 2.0

# A small letter, then a capital: where a line ends between them, what may be another sentence; each so long.
CAPITAL = re.compile(r"(?<=[^\W\d_A-ZÀ-ÖØ-Þ.])[,;]?\s+(?=[\"«“']?\s?([A-ZÀ-ÖØ-Þ][^\W\d_]*))")
FULL_STOP = re.compile(r"([^\W\d_]+)\.\s+(?=\S)")
NO_BLANK = re.compile(r"(?<=[a-zß-öø-ÿ]{3})\.(?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])")
LEAST_PIECE = 25


class Piece(NamedTuple):
    """A sentence, or a part that may be one: its paragraph, its place in the flow and the raw text, and its text."""

    paragraph: int
    place: ViewSpan
    spans: tuple[Span, ...]
    text: str


class Lack(NamedTuple):
    """What a sentence leaves unsaid of its counterpart in one version.

    `pivot` is whether it is the original, `cover` the share of the sentence that the counterpart has (0..1), `fit` how
    much speaks for the pair (0..1); `shorter` and `all_shorter` are by how many spreads of the document's measure the
    sentence is too short, at its best, and together with the others that share the counterpart; `unsaid` is the
    logarithm of how much likelier the end of the counterpart is missing than said. `open` and `least_open` are the
    shares of the counterpart that follow the last words of the sentence, usually and at least, `ahead` that before its
    first ones, `same_end` how many of its last words the counterpart ends with.
    """

    pivot: bool
    cover: float
    fit: float
    shorter: float
    all_shorter: float
    unsaid: float
    open: float
    least_open: float
    ahead: float
    same_end: float


class Match(NamedTuple):
    """Where a sentence and its counterpart go together: the shares of a `Lack`, and where the two begin alike.

    That is a share of the sentence (0..1) and a place in the counterpart, in letters: a heading that was drawn into
    either has no part in the comparison.
    """

    open: float
    least_open: float
    ahead: float
    same_end: float
    begin: tuple[float, float]


@once(6)
def pieces_of(text: Segmented) -> tuple[Piece, ...]:
    """Return the sentences of a document in reading order, furniture left out, broken where two may be run together.

    That is where a capital follows that is no name's, or a full stop with no blank; and after a full stop behind a word
    that no sentence ends with.
    """
    found = []
    for number, (paragraph, sentences, flow) in enumerate(text):
        if paragraph.kind == "furniture":
            continue
        index = {offset: k for k, offset in enumerate(flow.offsets)}
        for sentence in sentences:
            first, last = index[sentence.start], index[sentence.spans[-1].end - 1] + 1
            for start, end in pairwise([first, *_breaks(text, flow.text, first, last), last]):
                while start < end and flow.text[start].isspace():
                    start += 1
                place = ViewSpan(start, start + len(flow.text[start:end].rstrip()))
                if place.start < place.end:
                    piece = flow.text[place.start : place.end]
                    found.append(Piece(number, place, flow.to_raw(place), piece))
    return tuple(found)


def _breaks(text: Segmented, flow: str, start: int, end: int) -> list[int]:
    """Return where another sentence may begin inside of one."""
    function = FUNCTION.get(text.document.language)
    if function is None:
        return []
    small = function.never | function.hardly
    lexis = lexis_of(text)
    found = []
    last = start
    matches = [(match.end(), match) for match in CAPITAL.finditer(flow, start, end)]
    matches += [(match.end(), match) for match in FULL_STOP.finditer(flow, start, end)]
    matches += [(match.end(), match) for match in NO_BLANK.finditer(flow, start, end)]
    for at, match in sorted(matches, key=lambda pair: pair[0]):
        if match.start() - last < LEAST_PIECE or (match.re is CAPITAL and end - at < LEAST_PIECE):
            continue
        if match.re is CAPITAL:
            word = match.group(1).lower()
            another = word in small or 0 < 3 * lexis.capitals[word] <= lexis.counts[word]
        else:
            another = match.re is NO_BLANK or match.group(1) in small
        if another:
            found.append(at)
            last = at
    return found


def letters(text: str) -> int:
    """Return how many letters and digits a text has.

    >>> letters("It is so, 1 of 2.")
    10
    """
    return sum(char.isalnum() for char in text)


class Counterparts:
    """The sentences of a version, `own`, and those of another one, `other`, that they stand for.

    `best` has for each sentence the numbers of its counterparts, in order, and which share of its words they have
    (0..1); None where there is none. `asked` are the forms that may be asked for, with what says them.
    """

    def __init__(self, own: Sequence[Piece], witness: Witness, other: Sequence[Piece]) -> None:
        self.own, self.other, self.witness = own, other, witness
        self.tokens = [witness.own.inside(piece.spans) for piece in own]
        self.forms = [frozenset(witness.own.tokens[n].form for n in tokens) for tokens in self.tokens]
        self._other_tokens = [witness.other.inside(piece.spans) for piece in other]
        self._other_forms = [frozenset(witness.other.tokens[n].form for n in tokens) for tokens in self._other_tokens]
        self.asked: dict[str, frozenset[str]] = {
            form: frozenset(own for own, weight in links.items() if weight >= SAID)
            for form, links in witness.back.items()
            if max(links.values()) >= ASKED
        }
        says: defaultdict[str, set[str]] = defaultdict(set)
        for form, own_forms in self.asked.items():
            for own_form in own_forms:
                says[own_form].add(form)
        self._says = {form: frozenset(forms) for form, forms in says.items()}
        self.chance = _shares(self.asked, self.forms)
        self._own_chance = _shares(self._says, self._other_forms)
        self._others = Pieces(piece.spans for piece in other)
        self.fits: list[dict[int, float]] = [self._fits(k) for k in range(len(own))]
        path = _path(self.fits)
        taken = {o for o in path if o is not None}
        self.best = [self._group(k, o, taken) for k, o in enumerate(path)]
        self.rates, self._rate = self._said()
        self._lengths = [letters(piece.text) for piece in own]
        self._other_lengths = [letters(piece.text) for piece in other]

    # -------------------------------------------------------------------------------------------- counterparts

    def _beside(self, k: int) -> list[int]:
        """Return the other version's sentences in the beads of a sentence; of a huge bead those at the same height."""
        found: dict[int, None] = {}
        for bead in self.witness.beads_in(self.own[k].spans):
            ours, theirs = self.witness.beads[bead]
            inside = self._others.meeting(theirs)
            if len(inside) > WIDE:
                start = self.own[k].spans[0].start
                before = sum(max(0, min(span.end, start) - span.start) for span in ours)
                height = len(inside) * before // max(1, sum(span.end - span.start for span in ours))
                inside = inside[max(0, height - WIDE // 2) : height + WIDE // 2]
            found |= dict.fromkeys(inside)
        return list(found)

    def _fits(self, k: int) -> dict[int, float]:
        """Return how much speaks for each sentence that may be the counterpart of one, the best ones first."""
        beside = self._beside(k)
        near = {o: None for j in (k, k - 1, k + 1) if 0 <= j < len(self.own) for o in self._beside(j)}
        near |= {o + step: None for o in near for step in (-1, 1) if 0 <= o + step < len(self.other)}
        linked = sorted(form for form in self.forms[k] if form in self._says)
        found = {}
        for o in near:
            there = self._other_forms[o]
            fit = ALIGNED if o in beside else 0.0
            for form in linked:
                chance = min(MOST_CHANCE, max(LEAST_CHANCE, self._own_chance[form]))
                if there.isdisjoint(self._says[form]):
                    fit += math.log((1 - LIKELY) / (1 - chance))
                else:
                    fit += SHARED * math.log(LIKELY / chance)
            found[o] = fit - UNSAID * self._left(k, o)
        best = sorted(found.items(), key=lambda item: (-item[1], item[0]))
        return dict(best[:CANDIDATES])

    def _left(self, k: int, o: int) -> int:
        """Return how many words of another version's sentence a sentence does not say."""
        asked = (self.asked.get(form) for form in self._other_forms[o])
        return sum(said is not None and self.forms[k].isdisjoint(said) for said in asked)

    def _group(self, k: int, o: int | None, taken: Collection[int]) -> tuple[list[int], float] | None:
        """Return the counterpart with those beside it that the sentence stands for too, and the share they have."""
        linked = {form for form in self.forms[k] if form in self._says}
        if o is None or not linked or self.fits[k][o] <= 0:
            return None
        group = [o]
        rest = {form for form in linked if self._other_forms[o].isdisjoint(self._says[form])}
        for step in (-1, 1):
            x = o + step
            while 0 <= x < len(self.other) and x not in taken and len(group) < MOST_GROUPED:
                new = {form for form in rest if not self._other_forms[x].isdisjoint(self._says[form])}
                chances = [min(MOST_CHANCE, max(LEAST_CHANCE, self._own_chance[form])) for form in sorted(new)]
                gain = sum(math.log(LIKELY / chance) for chance in chances)
                if gain < ADDED + ADDED_EACH * self._left(k, x):
                    break
                group.append(x)
                rest -= new
                x += step
        whole = sum(self._weight(form) for form in sorted(linked))
        return sorted(group), 1 - sum(self._weight(form) for form in sorted(rest)) / whole

    @cached_property
    def _frequencies(self) -> Counter[str]:
        return Counter(form for forms in self.forms for form in forms)

    def _weight(self, form: str) -> float:
        return math.log((len(self.own) + 1) / (self._frequencies[form] + 0.5))

    @cached_property
    def _users(self) -> Mapping[int, Sequence[int]]:
        """The sentences that surely stand for one of the other version."""
        users: defaultdict[int, list[int]] = defaultdict(list)
        for k, best in enumerate(self.best):
            if best and best[1] >= SHARES_COVER and self.fits[k].get(best[0][0], SHARES_FIT + 1) > SHARES_FIT:
                for o in best[0]:
                    users[o].append(k)
        return users

    # -------------------------------------------------------------------------------------------- what is unsaid

    def _said(self) -> tuple[Mapping[str, float], float]:
        """Return how often each word of the counterparts is said, and how often any is (0..1)."""
        seen: Counter[str] = Counter()
        said: Counter[str] = Counter()
        for k, best in enumerate(self.best):
            for o in best[0] if best else ():
                for form in self._other_forms[o]:
                    if form in self.asked:
                        seen[form] += 1
                        said[form] += not self.forms[k].isdisjoint(self.asked[form])
        usual = said.total() / seen.total() if seen else 0.5
        return {form: (said[form] + 3 * usual) / (count + 3) for form, count in seen.items()}, usual

    def likelihood(self, form: str, said: bool) -> float:
        """Return the logarithm of how much likelier a word is missing than not, if it is said or not."""
        rate = min(0.97, self.rates.get(form, self._rate))
        chance = min(0.9, max(0.02, self.chance[form]))
        rate = max(rate, chance + 0.02)
        return math.log(chance / rate) if said else math.log((1 - chance) / (1 - rate))

    @cached_property
    def _measure(self) -> tuple[float, float] | None:
        """The median of the logarithms of the ratios of lengths, and their spread; None of too few."""
        ratios = [
            math.log(self._lengths[k] / max(1, sum(self._other_lengths[o] for o in best[0])))
            for k, best in enumerate(self.best)
            if best and best[1] > 0.5 and self._lengths[k] >= LEAST_LETTERS
        ]
        if len(ratios) < LEAST_PAIRS:
            return None
        usual = median(ratios)
        # As the standard deviation of a normal distribution, from the median deviation.
        return usual, max(LEAST_SPREAD, 1.4826 * median(abs(ratio - usual) for ratio in ratios))

    def _too_short(self, own: float, other: float) -> float:
        """Return by how many spreads a length is below what the other one lets expect."""
        assert self._measure is not None
        usual, spread = self._measure
        return (usual - math.log(max(1.0, own) / max(1.0, other))) / spread

    def lack(self, k: int) -> Lack | None:
        """Return what a sentence leaves unsaid, None where nothing can be said of that."""
        best = self.best[k]
        if best is None or self._measure is None:
            return None
        group, cover = best
        tokens = self.witness.other.tokens
        asked, places = [], []
        length = 0
        for n in (n for o in group for n in self._other_tokens[o]):
            if tokens[n].form in self.asked:
                asked.append(tokens[n].form)
                places.append(length)
            length += tokens[n].end - tokens[n].start
        if not asked:
            return None
        sharing = sorted({j for o in group for j in self._users.get(o, ()) if j != k and abs(j - k) <= NEAR})
        said = self.forms[k].union(*(self.forms[j] for j in sharing))
        match = self._matched(k, asked, places)
        total = sum(self._other_lengths[o] for o in group)
        own_part, other_part = 1 - match.begin[0], 1 - match.begin[1] / max(1, length)
        together = self._lengths[k] + sum(self._lengths[j] for j in sharing)
        shorter = self._too_short(self._lengths[k], total)
        from_begin = self._too_short(own_part * self._lengths[k], other_part * total)
        all_shorter = self._too_short(together, total)
        return Lack(
            self.witness.pivot,
            cover,
            min(1.0, max(0.0, max(self.fits[k].get(o, 0.0) for o in group) / 20)),
            min(max(-2.0, min(4.0, shorter, from_begin)), max(-3.0, min(4.0, all_shorter))),
            max(-3.0, min(4.0, all_shorter)),
            min(7.0, self._unsaid_end(asked, said)),
            match.open,
            match.least_open,
            match.ahead,
            match.same_end,
        )

    def _unsaid_end(self, asked: Sequence[str], said: Collection[str]) -> float:
        """Return how much likelier the end of the counterpart is missing, from where it is likeliest."""
        best = total = 0.0
        for k in range(len(asked) - 1, -1, -1):
            total += self.likelihood(asked[k], not self.asked[asked[k]].isdisjoint(said))
            if k >= 0.2 * len(asked):
                best = max(best, total)
        return best

    def _matched(self, k: int, asked: Sequence[str], places: Sequence[int]) -> Match:
        """Return where a sentence and its counterpart, of which the words can be asked for, go together."""
        where: defaultdict[str, list[int]] = defaultdict(list)
        for n, form in enumerate(asked):
            for own_form in self.asked[form]:
                where[own_form].append(n)
        own = self.witness.own.tokens
        lengths = [own[n].end - own[n].start for n in self.tokens[k]]
        total = max(1, sum(lengths))
        before, ends, firsts, rare_ends = 0, [], [], []
        begin: tuple[int, float, float] | None = None
        for m, n in enumerate(self.tokens[k]):
            form = own[n].form
            if form in where:
                first, last = where[form][0], where[form][-1]
                if self.chance[asked[last]] < 0.5:
                    ends.append(last)
                if self.chance[asked[first]] < RARE:
                    firsts.append(first)
                if self.chance[asked[last]] < RARE:
                    rare_ends.append(last)
                if self._own_chance.get(form, 1.0) < 0.3 and (begin is None or m + first < begin[0]):
                    begin = m + first, before / total, float(places[first])
            before += lengths[m]
        closing = {own[n].form for n in self.tokens[k][-CLOSING:]}
        return Match(
            1 - (median(ends[-3:]) + 1) / len(asked) if ends else 0.0,
            1 - (max(rare_ends[-CLOSING:]) + 1) / len(asked) if rare_ends else 0.5,
            median(firsts[:3]) / len(asked) if firsts else 0.0,
            sum(1 - self.chance[form] for form in asked[-CLOSING:] if not closing.isdisjoint(self.asked[form])),
            begin[1:] if begin else (0.0, 0.0),
        )

    def same_end(self, k: int) -> int | None:
        """Return the other version's sentence that ends where this one does, None where none is known to."""
        best, lack = self.best[k], self.lack(k)
        return max(best[0]) if best and lack and lack.open < 0.35 else None


def _shares(links: Mapping[str, Collection[str]], sentences: Sequence[Collection[str]]) -> dict[str, float]:
    """Return in which share of the sentences any of the words stands that a word is linked with (0..1)."""
    holding: defaultdict[str, set[int]] = defaultdict(set)
    for k, forms in enumerate(sentences):
        for form in forms:
            holding[form].add(k)
    count = max(1, len(sentences))
    return {form: len(set().union(*(holding.get(x, ()) for x in linked))) / count for form, linked in links.items()}


def _path(fits: Sequence[Mapping[int, float]]) -> list[int | None]:
    """Return the best counterpart of each sentence, or none, in the light of its neighbours'."""
    state: dict[int | None, float] = {None: 0.0}
    trace: list[dict[int | None, int | None]] = []
    for candidates in fits:
        following: dict[int | None, float] = {}
        came: dict[int | None, int | None] = {}
        for o, fit in [(None, 0.0), *candidates.items()]:
            best = max(state, key=lambda before: (state[before] + _step(before, o), -1 if before is None else before))
            following[o], came[o] = state[best] + _step(best, o) + fit, best
        trace.append(came)
        state = following
    path: list[int | None] = []
    at = max(state, key=lambda o: (state[o], -1 if o is None else o))
    for came in reversed(trace):
        path.append(at)
        at = came[at]
    return path[::-1]


def _step(before: int | None, after: int | None) -> float:
    if before is None or after is None:
        return NOWHERE
    return STEPS.get(after - before, ANYWHERE)
