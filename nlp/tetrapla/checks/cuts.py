"""Sentences that stop before the original does, and words that the original does not have there.

What was cut reads well more often than not: half of the cuts of a machine-translated paper end in a plausible full
stop. Beside the other versions a cut shows in two ways. The sentence is too short for its counterparts, and their ends
are said nowhere: a logistic regression for each version, and one over the versions and what the last words look like,
give the probability (fitted by scripts/bench/cuts.py on manuals that were disturbed at random). How many cuts a
document has is not known beforehand; that is estimated from all its sentences together (Saerens, Latinne and
Decaestecker 2002), so that little is found in a sound one. Or the words of the original change over to the next
sentence where one of its lines ends, in mid-clause (see `_seams`).

A fragment is a short piece without a verb for which the original has no words, or one that stands between two such
ends of lines.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from tetrapla import checks
from tetrapla.checks._counterparts import Counterparts, Lack, Piece, letters, pieces_of
from tetrapla.checks._lexis import finding
from tetrapla.checks._once import once
from tetrapla.checks._pivot import Witness, witnesses_of
from tetrapla.checks._seams import Border, Seams, borders_of, seam_of
from tetrapla.checks.fragments import FUNCTION, LEAST_NEIGHBOUR, RUNNING, dangling, truncated, truncation
from tetrapla.model import Finding, Flow, Kind, Segmented

__all__ = ["Ending", "counterparts_of", "cuts", "endings", "lack_features", "loose_words", "posteriors"]

# The regressions: what each piece of evidence adds to the log odds, by the original, by another translation, and over
# all versions.
PIVOT_WEIGHTS: Mapping[str, float] = {
    "bias": -3.76,
    "cover": 1.18,
    "fit": -2.15,
    "shorter": 0.35,
    "together": 0.82,
    "unsaid": 0.31,
    "open": 1.16,
    "least open": 0.06,
    "ahead": 0.02,
    "same end": -0.34,
}
LACK_WEIGHTS: Mapping[str, float] = {
    "bias": -4.29,
    "cover": 1.67,
    "fit": -1.46,
    "shorter": 0.38,
    "together": 0.57,
    "unsaid": 0.13,
    "open": 1.88,
    "least open": 0.87,
    "ahead": -0.80,
    "same end": -0.56,
}
ENDING_WEIGHTS: Mapping[str, float] = {
    "bias": -2.48,
    "sum": 0.38,
    "least": 0.17,
    "most": 0.13,
    "middle": 0.28,
    "versions": -0.31,
    "abrupt": 0.57,
    "never": 2.30,
    "hardly": 1.39,
    "goes on": 0.24,
    "repeated": -4.11,
    "few": -2.09,
    "words": 0.05,
    "one": 1.18,
    "two": 1.26,
}
# The share of sentences that were cut where they were fitted, and the least and most that a document is taken to have;
# it counts as if it had so many more sentences.
FITTED_SHARE, LEAST_SHARE, MOST_SHARE = 0.03, 0.0008, 0.08
DAMPING, FOUND_BEFORE = 20, 0.3
# From this probability on there is a finding.
LEAST_PROBABILITY = 0.25
ROUNDS = 20
# A version's odds are kept between these, and the words of a common end below this.
LEAST_ODDS, MOST_ODDS = -9.0, 4.0
MOST_SAME = 2.5
# From this share on a sentence's pairs of words are said again beside it; how far, in words, that may be.
SOME_REPEATED, BEYOND, MOST_BEYOND = 0.3, 30, 400
# A sentence of fewer letters is a label.
LEAST_LETTERS = 12
# So much must speak for the end of a line rather than a mark, by two versions or by one alone, and for both sides.
MARGIN, MARGIN_ALONE, LEAST_SIDE, AGREES = 6.0, 10.5, 4.0, 2.0
# Fragments: words at most, alone and beside a neighbour that has the same ones.
MOST_WORDS, MOST_BESIDE = 5, 2
# So much of a sentence that stands beside it again makes a draft of it.
MOST_REPEATED, MOST_PAIRS = 0.55, 0.35
# Such a share of the sentences must end where a line does before any is believed to: a page is fed line by line or not
# at all.
LEAST_FED = 0.025
# By how many spreads a sentence may be longer than a sibling's that is cut, and be cut in the same place.
LONGER = -2.0
# Words of the torn end of a sentence, at most.
MOST_TORN = 14
# What makes sure that the rest of a sentence is missing, not torn off: spreads of length, and of likelihoods.
LEAST_SHORTER, LEAST_UNSAID = 1.0, 1.5
# Ends closer than this are one cut.
SAME_CUT = 30

CUT_KINDS: frozenset[Kind] = RUNNING | {"list", "other"}
WORD = re.compile(r"[^\W\d_]+['’]?")
ENDED = re.compile(r"\s*(?:[,.;:!?)»”\"]|$)")
CLOSED = re.compile(r"[.!?…][\"'”’»)\]]*\s*(?:\[\d+\]\s*)*$")
# A remark in brackets goes its own way in every version; what ends in a colon or semicolon has not ended.
ASIDE = re.compile(r"^\W*[(\[（](?!\d+[\])])|[:;：；][\s»”\"]*$")
ENDED_SENTENCE = re.compile(r"[.!?。！？…；;][\W\d]*$")
# A letter-spaced word, or a pronoun that hangs on its verb.
PART_OF_WORD = re.compile(r"(?:\b\w\s){3,}\w\W*$|\w-\w+\W*$")
LAST_WORD = re.compile(r"[^\W\d_]['’]?[.!?…]+\s*(?:\[\d+\]\s*)*$")
CLAUSE = re.compile(r"[,;:]")
PLAIN = re.compile(r"([^\W\d_]|[\s'’-])+\.\s*$")
PLAIN_END = re.compile(r"(?:[^\W\d_]|[\s'’,-])+\.?\s*$")
# Words that a torn beginning begins with.
PREPOSITIONS = {
    "en": frozenset("in at with under for by through from on to of".split()),
    "es": frozenset("en con bajo para por a desde ante mediante de".split()),
    "fr": frozenset("dans en avec sous pour par à depuis face sur de".split()),
}
# Words that make a sentence of a few others.
PERSONS = {
    "en": frozenset("i you he she it we they this that there please do don not see".split()),
    "es": frozenset("yo tú él ella nosotros ellos ellas no te me nos les usted ustedes".split()),
    "fr": frozenset("je tu il elle on nous vous ils elles ne n' c' j' merci".split()),
}


class Ending(NamedTuple):
    """What speaks for a cut at the end of a sentence.

    `lacks` is what it leaves unsaid of each version that has a counterpart; `abrupt` minus the logarithm of how often
    its last word ends a clause elsewhere; `never` and `hardly` whether that is one no sentence, or hardly any, ends
    with; `goes_on` the logarithm of how much oftener its last two words go on elsewhere than end; `repeated` the share
    of its pairs of words that stand beside it too; `words` and `tail` how many words it and its last clause have.
    """

    lacks: tuple[Lack, ...]
    abrupt: float
    never: bool
    hardly: bool
    goes_on: float
    repeated: float
    words: int
    tail: int

    @property
    def odds(self) -> float:
        """The logarithm of the odds that the sentence is cut, where as many are as in what this was fitted on."""
        values = self.features([lack_odds(lack) for lack in self.lacks])
        return ENDING_WEIGHTS["bias"] + sum(ENDING_WEIGHTS[name] * value for name, value in values.items())

    def features(self, by_version: Sequence[float]) -> Mapping[str, float]:
        """Return what the second regression looks at, by name; `by_version` are the log odds of each version."""
        odds = sorted(max(LEAST_ODDS, min(MOST_ODDS, value)) for value in by_version)
        return {
            "sum": sum(value + 4 for value in odds),
            "least": odds[0],
            "most": odds[-1],
            "middle": odds[len(odds) // 2] if len(odds) > 1 else -4.0,
            "versions": float(len(odds)),
            "abrupt": self.abrupt,
            "never": float(self.never),
            "hardly": float(self.hardly),
            "goes on": self.goes_on,
            "repeated": max(0.0, self.repeated - SOME_REPEATED),
            "few": float(self.words < 4),
            "words": math.log(max(1, self.words)),
            "one": float(self.tail == 1),
            "two": float(self.tail == 2),
        }


def lack_features(lack: Lack) -> Mapping[str, float]:
    """Return what the first regression looks at, by name."""
    return {
        "cover": lack.cover,
        "fit": lack.fit,
        "shorter": lack.shorter,
        "together": lack.cover * lack.all_shorter,
        "unsaid": lack.unsaid,
        "open": lack.open,
        "least open": lack.least_open,
        "ahead": lack.ahead,
        "same end": min(MOST_SAME, lack.same_end),
    }


def lack_odds(lack: Lack) -> float:
    """Return the logarithm of the odds of a cut in the light of one version."""
    weights = PIVOT_WEIGHTS if lack.pivot else LACK_WEIGHTS
    return weights["bias"] + sum(weights[name] * value for name, value in lack_features(lack).items())


@checks.add("truncation", takes="comparison", replaces=True)
def cuts(comparison: checks.Comparison) -> Iterator[Finding]:
    """A sentence that stops before its end, also where only the other versions show that it goes on.

    The span is the last words before the cut.
    """
    text, witnesses = comparison.text, witnesses_of(comparison)
    if not witnesses or text.document.language not in FUNCTION:
        yield from truncation(text)
        return
    counterparts = counterparts_of(comparison)
    broken = _broken_lines(comparison)
    fed = bool(broken)
    alone = [found for found in truncation(text) if not _refuted(found, comparison, counterparts, fed=fed)]
    own = counterparts[0].own
    loose = {own[k].spans[-1].end for k in _loose_parts(text, own, broken)}
    alone = [found for found in alone if found.spans[-1].end not in loose]
    yield from alone
    ends = [*(found.spans[-1].end for found in alone), *loose]
    found = [*_at_line_ends(text, own, broken), *_unsaid(text, counterparts)]
    for candidate in sorted(found, key=lambda candidate: (-candidate.score, candidate.start)):
        end = candidate.spans[-1].end
        if all(abs(end - other) > SAME_CUT for other in ends):
            ends.append(end)
            yield candidate


@once(2)
def counterparts_of(comparison: checks.Comparison) -> tuple[Counterparts, ...]:
    """Return the sentences of the other versions that those of a version stand for, the pivot's first."""
    own = pieces_of(comparison.text)
    return tuple(Counterparts(own, witness, pieces_of(witness.other.text)) for witness in witnesses_of(comparison))


# ---------------------------------------------------------------------------------------------------- by the text alone


def _refuted(found: Finding, comparison: checks.Comparison, counterparts: Sequence[Counterparts], *, fed: bool) -> bool:
    """Return whether the other versions, or the sentences beside it, explain what looks cut in the text alone.

    A sentence without an end mark was torn from its rest by the page, unless the original was `fed` line by line.
    """
    text, pivot = comparison.text, counterparts[0]
    end = found.spans[-1].end
    at = next((k for k, piece in enumerate(pivot.own) if abs(piece.spans[-1].end - end) <= 1), None)
    if at is not None and (_repeated(pivot, at) > MOST_REPEATED or _pairs_beside(pivot.own)[at] > MOST_PAIRS):
        return True
    if PART_OF_WORD.search(text.document[found.spans[-1]]):
        return True
    if not fed and not CLOSED.search(text.document[found.spans[-1]]) and not _lacking(counterparts, at):
        return True
    return _open_there(found, text, pivot.witness)


def _lacking(counterparts: Sequence[Counterparts], k: int | None) -> bool:
    """Return whether most versions have more than a sentence says, and nothing else says it."""
    lacks = [other.lack(k) if k is not None else None for other in counterparts]
    sure = sum(lack is not None and lack.shorter >= LEAST_SHORTER and lack.unsaid >= LEAST_UNSAID for lack in lacks)
    return sure * 2 > len(lacks)


def _open_there(found: Finding, text: Segmented, witness: Witness) -> bool:
    """Return whether the original has no end mark there either (a heading, an item of a list) and no word is torn."""
    function = FUNCTION[text.document.language]
    words = WORD.findall(text.document[found.spans[-1]])
    if words and words[-1].lower() in function.never | function.hardly:
        return False
    beads = witness.beads_in(found.spans[-1:])
    ends = [witness.other.text.document[witness.beads[bead][1][-1]] for bead in beads]
    return bool(ends) and all(ENDED_SENTENCE.search(end) is None for end in ends)


def _repeated(counterparts: Counterparts, k: int) -> float:
    """Return which share of a sentence's words the one before or behind it has too (0..1)."""
    forms = counterparts.forms[k]
    beside = [counterparts.forms[j] for j in (k - 1, k + 1) if 0 <= j < len(counterparts.own)]
    return max((len(forms & other) / len(forms) for other in beside if forms), default=0.0)


# ---------------------------------------------------------------------------------------------------- what is unsaid


def _unsaid(text: Segmented, counterparts: Sequence[Counterparts]) -> Iterator[Finding]:
    """Yield sentences that leave the end of their counterparts unsaid."""
    found = list(endings(text, counterparts))
    for (k, _), probability in zip(found, posteriors([ending.odds for _, ending in found]), strict=True):
        if probability >= LEAST_PROBABILITY:
            piece = counterparts[0].own[k]
            message = "The other versions go on where this sentence ends."
            # The regression's probabilities are those of rare cuts; here a finding begins at one half.
            score = 0.5 + 0.4 * (probability - LEAST_PROBABILITY) / (1 - LEAST_PROBABILITY)
            yield truncated(text.flows[piece.paragraph], piece.place, score, message)


def endings(text: Segmented, counterparts: Sequence[Counterparts]) -> Iterator[tuple[int, Ending]]:
    """Yield the numbers of the sentences that end in a mark and may be cut all the same, and what speaks for it."""
    function = FUNCTION[text.document.language]
    own = counterparts[0].own
    counts, ends = _endings(own, 1)
    pairs, pair_ends = _endings(own, 2)
    repeated = _pairs_beside(own)
    for k, piece in enumerate(own):
        words = [word.lower() for word in WORD.findall(piece.text)]
        if (
            text.paragraphs[piece.paragraph].kind not in CUT_KINDS | {"heading"}
            or sum(map(len, words)) < LEAST_LETTERS
            or ASIDE.search(piece.text)
            or not CLOSED.search(piece.text)
        ):
            continue
        lacks = tuple(lack for other in counterparts if (lack := other.lack(k)) is not None)
        if not lacks:
            continue
        last, pair = (words[-1],), tuple(words[-2:])
        # After a number, a name in quotation marks or a symbol the last word is none, nor is a part of one.
        closing = LAST_WORD.search(piece.text) is not None and PART_OF_WORD.search(piece.text) is None
        elsewhere = max(0.0, ends[last] - 1) + 0.15, max(0, counts[last] - 1) + 0.5
        clauses = CLAUSE.split(piece.text.rstrip(" .!?…"))
        ended = max(0, pair_ends[pair] - 1)
        yield (
            k,
            Ending(
                lacks,
                abrupt=-math.log(min(1.0, max(0.01, elsewhere[0] / elsewhere[1]))) if closing else 0.0,
                never=closing and words[-1] in function.never,
                hardly=closing and words[-1] in function.hardly,
                goes_on=math.log1p(max(0, pairs[pair] - 1 - ended)) - math.log1p(ended) if closing else 0.0,
                repeated=repeated[k],
                words=len(piece.text.split()),
                tail=len(clauses[-1].split()) if len(clauses) > 1 else 0,
            ),
        )


@once(2)
def _pairs_beside(own: Sequence[Piece]) -> list[float]:
    """Return for each sentence which share of its pairs of words the text just before or behind it has too (0..1)."""
    words: list[str] = []
    places = []
    for piece in own:
        found = [word.lower() for word in WORD.findall(piece.text)]
        places.append((len(words), len(words) + len(found)))
        words += found
    shares = []
    for start, end in places:
        pairs = {*pairwise(words[start:end])}
        # A draft may stop early: what it is a draft of is longer. A very long sentence is not looked for far away.
        reach = min(MOST_BEYOND, (end - start) * 9 // 5 + BEYOND)
        sides = words[max(0, start - reach) : start], words[end : end + reach]
        shares.append(max(len(pairs & {*pairwise(side)}) for side in sides) / len(pairs) if len(pairs) > 1 else 0.0)
    return shares


def _endings(own: Sequence[Piece], size: int) -> tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]]]:
    """Return how often so many words come together, and how often they end a clause."""
    counts: Counter[tuple[str, ...]] = Counter()
    ends: Counter[tuple[str, ...]] = Counter()
    for piece in own:
        found = list(WORD.finditer(piece.text))
        words = [match.group().lower() for match in found]
        for k in range(size, len(found) + 1):
            run = tuple(words[k - size : k])
            counts[run] += 1
            ends[run] += bool(ENDED.match(piece.text, found[k - 1].end()))
    return counts, ends


def posteriors(odds: Sequence[float]) -> list[float]:
    """Return the probabilities for log odds, with the share of cuts that is likeliest for all of them together.

    By expectation maximisation (Saerens, Latinne and Decaestecker 2002): a sound document has none, whatever some of
    its sentences look like.
    """
    share = FITTED_SHARE
    found: list[float] = []
    for _ in range(ROUNDS):
        shift = math.log(share / (1 - share)) - math.log(FITTED_SHARE / (1 - FITTED_SHARE))
        found = [1 / (1 + math.exp(-max(-30.0, min(30.0, value + shift)))) for value in odds]
        share = min(MOST_SHARE, max(LEAST_SHARE, (sum(found) + FOUND_BEFORE) / (len(found) + DAMPING)))
    return found


# ---------------------------------------------------------------------------------------------------- line ends


class _Sibling(NamedTuple):
    """Another translation: what of it a version's sentences stand for, its seams, and those it cuts in plain sight."""

    counterparts: Counterparts
    seams: Seams
    cut: frozenset[int]


@once(2)
def _broken_lines(comparison: checks.Comparison) -> tuple[int, ...]:
    """Return the sentences that hand over to the next one where a line of the original ends, without a mark there.

    None where the original was not fed line by line.
    """
    text, counterparts = comparison.text, counterparts_of(comparison)
    pivot = counterparts[0]
    borders = borders_of(pivot.witness)
    if not pivot.witness.pivot or "line" not in borders:
        return ()
    seams = Seams(pivot)
    siblings = [_sibling(comparison, other, pivot) for other in counterparts[1:]]
    fragments = {found.start for found in dangling(text)}
    found, alike = [], []
    for k, piece in enumerate(pivot.own[:-1]):
        if text.paragraphs[piece.paragraph].kind not in CUT_KINDS or letters(piece.text) < LEAST_LETTERS:
            continue
        following = _following(pivot.own, k, fragments)
        if following is None:
            continue
        joints = [(sibling, _same_joint(sibling.counterparts, k, following)) for sibling in siblings]
        curves = [sibling.seams.curve(*joint) for sibling, joint in joints if joint]
        if _changes_at_line([seams.curve(k, following), *curves], borders):
            found.append(k)
        elif any(joint and joint[0] in sibling.cut and _as_long(sibling, k) for sibling, joint in joints):
            alike.append(k)
    return tuple(sorted([*found, *alike])) if len(found) > LEAST_FED * len(pivot.own) else ()


def _as_long(sibling: _Sibling, k: int) -> bool:
    """Return whether a sentence does not go on far beyond its counterpart."""
    lack = sibling.counterparts.lack(k)
    return lack is not None and lack.shorter > LONGER


def _at_line_ends(text: Segmented, own: Sequence[Piece], broken: Sequence[int]) -> Iterator[Finding]:
    """Yield the findings for the sentences that end where a line of the original does."""
    for piece in (own[k] for k in broken):
        message = "The sentence ends where a line of the original does, in mid-sentence."
        yield truncated(text.flows[piece.paragraph], piece.place, 0.65, message)


def _changes_at_line(curves: Sequence[Mapping[int, float]], borders: Sequence[Border | None]) -> bool:
    """Return whether the versions together tell that two sentences meet at the end of a line."""
    seam = seam_of(curves, borders)
    if seam is None or seam.sides < LEAST_SIDE:
        return False
    each = [seam_of([curve], borders) for curve in curves]
    agree = sum(one is not None and one.margin >= AGREES for one in each)
    return seam.margin >= (MARGIN if agree > 1 else MARGIN_ALONE)


def _following(own: Sequence[Piece], k: int, fragments: Collection[int]) -> int | None:
    """Return the next sentence of some length that is no fragment."""
    for j in range(k + 1, min(len(own), k + 4)):
        if letters(own[j].text) >= LEAST_LETTERS and own[j].spans[0].start not in fragments:
            return j
    return None


def _same_joint(counterparts: Counterparts, k: int, following: int) -> tuple[int, int] | None:
    """Return the two sentences of another version that meet where these two do."""
    first, second = counterparts.best[k], counterparts.best[following]
    if first and second and 0 < min(second[0]) - max(first[0]) <= 2:
        return max(first[0]), min(second[0])
    end = counterparts.same_end(k)
    behind = _following(counterparts.other, end, ()) if end is not None else None
    return (end, behind) if end is not None and behind is not None else None


def _sibling(comparison: checks.Comparison, sibling: Counterparts, pivot: Counterparts) -> _Sibling:
    """Return another translation beside the original."""
    name, text = sibling.witness.name, sibling.witness.other.text
    beside = checks.Comparison(name, comparison.alignment, comparison.versions)
    witness = Witness(beside, pivot.witness.name, sibling.witness.other, pivot.witness.other)
    number = {piece.spans[-1].end: k for k, piece in enumerate(sibling.other)}
    alone = [found for found in truncation(text) if not _open_there(found, text, witness)]
    cut = frozenset(number[found.spans[-1].end] for found in alone if found.spans[-1].end in number)
    return _Sibling(sibling, Seams(Counterparts(sibling.other, witness, pivot.other)), cut)


def _loose_parts(text: Segmented, own: Sequence[Piece], broken: Collection[int]) -> list[int]:
    """Return the short pieces without a verb that are the torn end or beginning of a sentence, if lines were broken.

    A torn end stands behind the end of a broken line; a beginning is a preposition with what belongs to it.
    """
    language = text.document.language
    found = []
    for k in range(1, len(own) if broken else 0):
        if not _without_verb(text, own, k):
            continue
        behind = k - 1 in broken and own[k].paragraph - own[k - 1].paragraph <= 1
        begins = own[k].text.endswith(".") and WORD.findall(own[k].text)[0].lower() in PREPOSITIONS[language]
        if behind or (begins and "," not in own[k].text):
            found.append(k)
    return found


def _without_verb(text: Segmented, own: Sequence[Piece], k: int) -> bool:
    """Return whether a piece is a few plain words, not known to be a sentence, that do not break off either."""
    function = FUNCTION[text.document.language]
    words = [word.lower() for word in WORD.findall(own[k].text)]
    return (
        text.paragraphs[own[k].paragraph].kind in CUT_KINDS | {"heading"}
        and 1 < len(words) <= MOST_TORN
        and own[k].text[:1].isupper()
        and PLAIN_END.match(own[k].text) is not None
        and words[-1] not in function.never | function.hardly
        and not {*function.verbs, *PERSONS[text.document.language]} & {*words}
    )


# ---------------------------------------------------------------------------------------------------- fragments


@checks.add("dangling", takes="comparison", replaces=True)
def loose_words(comparison: checks.Comparison) -> Iterator[Finding]:
    """A few words left standing alone as a sentence, without a verb or a place, also where only the original tells."""
    text, alone = comparison.text, list(dangling(comparison.text))
    yield from alone
    witnesses = witnesses_of(comparison)
    if not witnesses or text.document.language not in FUNCTION:
        return
    taken = {finding.start for finding in alone}
    sentences = pieces_of(text)
    torn = _loose_parts(text, sentences, _broken_lines(comparison))
    for k, sentence in enumerate(sentences):
        if any(span.start <= start < span.end for span in sentence.spans for start in taken):
            continue
        if k in torn or (
            text.paragraphs[sentence.paragraph].kind in RUNNING
            and _verbless(sentence.text, text.document.language)
            and any(len(other.text) >= LEAST_NEIGHBOUR for other in _neighbours(sentences, k))
            and _without_place(sentences, k, witnesses[0])
        ):
            flow: Flow = text.flows[sentence.paragraph]
            yield finding(
                "dangling",
                flow,
                (sentence.place.start, sentence.place.end),
                score=0.65,
                replacement="",
                message="These words stand alone, and the original has none for them there.",
            )


def _neighbours(sentences: Sequence[Piece], k: int) -> list[Piece]:
    return [sentences[j] for j in (k - 1, k + 1) if 0 <= j < len(sentences)]


def _verbless(text: str, language: str) -> bool:
    """Return whether a sentence is a few plain words, none of which makes a sentence of them."""
    words = [word.lower().replace("’", "'") for word in WORD.findall(text)]
    return (
        0 < len(words) <= MOST_WORDS
        and text[:1].isupper()
        and PLAIN.match(text) is not None
        and not FUNCTION[language].verbs & {*words}
        and not PERSONS[language] & {*words}
    )


def _without_place(sentences: Sequence[Piece], k: int, witness: Witness) -> bool:
    """Return whether the original has nothing for a fragment, or nothing but what a neighbour says."""
    sentence = sentences[k]
    beads = witness.beads_in(sentence.spans)
    if not beads:
        return True
    own = {witness.own.tokens[n].form for n in witness.own.inside(sentence.spans)}
    shared = [other for other in _neighbours(sentences, k) if set(beads) & set(witness.beads_in(other.spans))]
    said = {witness.own.tokens[n].form for other in shared for n in witness.own.inside(other.spans)}
    content = {form for form in own if len(form) > 3}
    return len(own) <= MOST_BESIDE and bool(content) and content <= said
