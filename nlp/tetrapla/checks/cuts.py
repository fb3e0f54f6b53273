"""Sentences that stop before the original does, and words that the original does not have there.

What was cut reads well more often than not: half of the cuts of a machine-translated paper end in a plausible full
stop. Beside the other versions a cut shows in four ways, none of which is proof alone: the end of the aligned sentence
is said nowhere near, the sentence is shorter than its counterparts by the measure of the document, its last word is
one that does not end sentences elsewhere in the document, and the words of the original change over to the next
sentence of the version at an end of a line instead of at a mark. For the first three a logistic regression gives the
score, fitted on manuals that were disturbed at random (0.8 million characters, 87 cuts that the text alone does not
show); the fourth is a rule of its own.

A fragment is a short piece without a verb that the aligner found no place for: the original has no words for it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from tetrapla import checks
from tetrapla.checks._lexis import finding
from tetrapla.checks._pivot import Witness, witnesses_of
from tetrapla.checks.fragments import FUNCTION, LEAST_NEIGHBOUR, RUNNING, dangling, truncated, truncation
from tetrapla.model import Finding, Flow, Kind, Segmented, Span, ViewSpan

__all__ = ["Evidence", "cuts", "evidence_of", "loose_words"]

# A link of so much makes a word one that can be asked for, one of so much that it was said; what stands everywhere is
# not asked for.
ASKED, SAID, LEAST_WEIGHT = 0.4, 0.3, 1.0
# The regression: what each piece of evidence adds to the log odds, and from which probability on there is a finding.
WEIGHTS = {"bias": -6.3, "tail": 4.75, "lost": 0.9, "shorter": 2.3, "shortest": 2.7, "abrupt": 0.6, "hardly": 0.8}
LEAST_ODDS = 0.2
# A sentence of fewer letters is a label.
LEAST_LETTERS = 20
# So much more must speak for the end of a line than for any mark, and so much for both sides of it.
MARGIN, LEAST_SIDE = 4.0, 5.0
# A document where fewer sentences have a counterpart has no measure of its own.
LEAST_SENTENCES = 12
# Fragments: words at most, alone and beside a neighbour that has the same ones.
MOST_WORDS, MOST_BESIDE = 5, 2
# Ends closer than this are one cut.
SAME_CUT = 30

CUT_KINDS: frozenset[Kind] = RUNNING | {"list", "other"}
WORD = re.compile(r"[^\W\d_]+['’]?")
MARK = re.compile(r"[，。；：！？,.;:!?)）”」』》]")
ENDED = re.compile(r"\s*(?:[,.;:!?)»”\"]|$)")
# A remark in brackets goes its own way in every version; what ends in a colon or semicolon has not ended.
ASIDE = re.compile(r"^\W*[(\[（]|[:;：；][\s»”\"]*$")
ENDED_SENTENCE = re.compile(r"[.!?。！？…；;][\W\d]*$")
PLAIN = re.compile(r"([^\W\d_]|[\s'’-])+\.\s*$")
# Words that make a sentence of a few others.
PERSONS = {
    "en": frozenset("i you he she it we they this that there please do don not see".split()),
    "es": frozenset("yo tú él ella nosotros ellos ellas no te me nos les usted ustedes".split()),
    "fr": frozenset("je tu il elle on nous vous ils elles ne n' c' j' merci".split()),
}


class _Sentence(NamedTuple):
    """A sentence: where it stands in its flow and in the raw text, its paragraph, and its text."""

    paragraph: int
    place: ViewSpan
    spans: tuple[Span, ...]
    text: str


class Evidence(NamedTuple):
    """What speaks for a cut at the end of a sentence.

    `tail` is the share of the aligned sentence's last third that is said nowhere near (0..1, the median of the other
    versions), less that share of all of it; `lost` the weight of its last words up to the first that is said, in tens
    (the mean); `shorter` and `shortest` how much shorter than by the document's measure the sentence is, as the
    logarithm of the ratio (median, least); `abrupt` minus the logarithm of how often its last word ends a clause
    elsewhere; `hardly` whether it is one that hardly ends a sentence.
    """

    tail: float
    lost: float
    shorter: float
    shortest: float
    abrupt: float
    hardly: bool

    @property
    def probability(self) -> float:
        """How likely the sentence is cut (0..1)."""
        odds = WEIGHTS["bias"] + sum(WEIGHTS[name] * float(value) for name, value in self._asdict().items())
        return 1 / (1 + math.exp(-odds))


@checks.add("truncation", takes="comparison", replaces=True)
def cuts(comparison: checks.Comparison) -> Iterator[Finding]:
    """A sentence that stops before its end, also where only the other versions show that it goes on.

    The span is the last words before the cut.
    """
    text, witnesses = comparison.text, witnesses_of(comparison)
    alone = [finding for finding in truncation(text) if not (witnesses and _open_there(finding, text, witnesses[0]))]
    yield from alone
    if not witnesses or text.document.language not in FUNCTION:
        return
    ends = [finding.spans[-1].end for finding in alone]
    sentences = _sentences(text)
    found = [*_unsaid(text, sentences, witnesses), *_at_line_ends(text, sentences, witnesses)]
    for candidate in sorted(found, key=lambda candidate: (-candidate.score, candidate.start)):
        end = candidate.spans[-1].end
        if all(abs(end - other) > SAME_CUT for other in ends):
            ends.append(end)
            yield candidate


def _open_there(finding: Finding, text: Segmented, witness: Witness) -> bool:
    """Return whether the original has no end mark there either (a heading, an item of a list) and no word is torn."""
    function = FUNCTION[text.document.language]
    words = WORD.findall(text.document[finding.spans[-1]])
    if words and words[-1].lower() in function.never | function.hardly:
        return False
    beads = witness.beads_in(finding.spans[-1:])
    ends = [witness.other.text.document[witness.beads[bead][1][-1]] for bead in beads]
    return bool(ends) and all(ENDED_SENTENCE.search(end) is None for end in ends)


def _sentences(text: Segmented) -> list[_Sentence]:
    """Return the sentences of a document in reading order, furniture left out."""
    found = []
    for number, (paragraph, sentences, flow) in enumerate(text):
        if paragraph.kind == "furniture":
            continue
        index = {offset: k for k, offset in enumerate(flow.offsets)}
        for sentence in sentences:
            place = ViewSpan(index[sentence.start], index[sentence.spans[-1].end - 1] + 1)
            found.append(_Sentence(number, place, sentence.spans, flow.text[place.start : place.end]))
    return found


# ---------------------------------------------------------------------------------------------------- what is unsaid


def _unsaid(text: Segmented, sentences: Sequence[_Sentence], witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Yield sentences that leave the end of their counterparts unsaid."""
    for k, evidence in evidence_of(text, sentences, witnesses):
        if evidence.probability >= LEAST_ODDS:
            flow = text.flows[sentences[k].paragraph]
            message = "The other versions go on where this sentence ends."
            # The regression's probabilities are those of rare cuts; here a finding begins at one half.
            score = 0.5 + 0.4 * (evidence.probability - LEAST_ODDS) / (1 - LEAST_ODDS)
            yield truncated(flow, sentences[k].place, score, message)


def evidence_of(
    text: Segmented, sentences: Sequence[_Sentence], witnesses: Sequence[Witness]
) -> Iterator[tuple[int, Evidence]]:
    """Yield the numbers of the sentences that may be cut at their ends, and what speaks for it."""
    function = FUNCTION[text.document.language]
    counts, ends = _endings(sentences)
    ratios = [_ratios(sentences, witness) for witness in witnesses]
    usual = [median(known.values()) if len(known) >= LEAST_SENTENCES else None for known in ratios]
    for k, sentence in enumerate(sentences):
        words = WORD.findall(sentence.text)
        if (
            text.paragraphs[sentence.paragraph].kind not in CUT_KINDS
            or sum(map(len, words)) < LEAST_LETTERS
            or ASIDE.search(sentence.text)
        ):
            continue
        shorter = [
            measure - ratio[k]
            for ratio, measure in zip(ratios, usual, strict=True)
            if k in ratio and measure is not None
        ]
        tails = [tail for witness in witnesses if (tail := _tail(sentences, k, witness)) is not None]
        if not shorter or not tails:
            continue
        last = words[-1].lower()
        elsewhere = max(0.0, ends[last] - 1) + 0.15, max(0, counts[last] - 1) + 0.5
        yield (
            k,
            Evidence(
                tail=median(tail for tail, _ in tails),
                lost=min(2.0, sum(lost for _, lost in tails) / len(tails) * 3 / 10) / 3,
                shorter=_clipped(median(shorter)),
                shortest=_clipped(min(shorter)),
                abrupt=-math.log(min(1.0, max(0.01, elsewhere[0] / elsewhere[1]))),
                hardly=last in function.hardly,
            ),
        )


def _clipped(ratio: float) -> float:
    return max(-0.5, min(1.5, ratio))


def _endings(sentences: Sequence[_Sentence]) -> tuple[Counter[str], Counter[str]]:
    """Return how often each word comes, and how often it ends a clause."""
    counts: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    for sentence in sentences:
        for match in WORD.finditer(sentence.text):
            word = match.group().lower()
            counts[word] += 1
            ends[word] += bool(ENDED.match(sentence.text, match.end()))
    return counts, ends


def _ratios(sentences: Sequence[_Sentence], witness: Witness) -> dict[int, float]:
    """Return for each sentence with a counterpart the logarithm of the ratio of their lengths in letters."""
    own, other = witness.own.text.document, witness.other.text.document
    known: dict[int, float] = {}
    for k, sentence in enumerate(sentences):
        lengths = [0, 0]
        for bead in witness.beads_in(sentence.spans):
            for n, (doc, spans) in enumerate(zip((own, other), witness.beads[bead], strict=True)):
                lengths[n] += sum(char.isalnum() for span in spans for char in doc[span])
        if all(lengths):
            known[k] = math.log(lengths[0] / lengths[1])
    return known


def _tail(sentences: Sequence[_Sentence], k: int, witness: Witness) -> tuple[float, float] | None:
    """Return how much more of the end of a sentence's counterpart is unsaid than of all, and the weight of its end."""
    beads = witness.beads_in(sentences[k].spans)
    said: set[str] = set()
    for spans in (
        *(witness.beads[bead][0] for bead in beads),
        *(sentence.spans for sentence in sentences[max(0, k - 1) : k + 3]),
    ):
        said |= {witness.own.tokens[n].form for n in witness.own.inside(spans)}
    asked: list[tuple[float, bool]] = []
    for n in witness.region(sentences[k].spans):
        form = witness.other.tokens[n].form
        links, weight = witness.back.get(form, {}), witness.weight(form)
        if weight >= LEAST_WEIGHT and max(links.values(), default=0.0) >= ASKED:
            asked.append((weight, any(value >= SAID and own in said for own, value in links.items())))
    if not beads:
        return None
    lost = 0.0
    for weight, known in reversed(asked):
        if known:
            break
        lost += weight
    return _unsaid_share(asked[len(asked) * 2 // 3 :]) - _unsaid_share(asked), lost


def _unsaid_share(asked: Sequence[tuple[float, bool]]) -> float:
    total = sum(weight for weight, _ in asked)
    return sum(weight for weight, known in asked if not known) / total if total else 0.0


# ---------------------------------------------------------------------------------------------------- line ends


def _at_line_ends(text: Segmented, sentences: Sequence[_Sentence], witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Yield sentences that hand over to the next one where a line of the original ends, without a mark there.

    A translator that is fed the lines of a page one by one makes a sentence of each.
    """
    if not witnesses[0].pivot:
        return
    for k, (sentence, following) in enumerate(pairwise(sentences)):
        if text.paragraphs[sentence.paragraph].kind in CUT_KINDS and _fed(witnesses[0], sentence, following):
            message = "The sentence ends where a line of the original does, in mid-sentence."
            yield truncated(text.flows[sentence.paragraph], sentences[k].place, 0.65, message)


def _fed(witness: Witness, sentence: _Sentence, following: _Sentence) -> bool:
    """Return whether two sentences share one of the original out at the end of one of its lines."""
    beads = witness.beads_in(sentence.spans)
    if len(beads) != 1 or beads != witness.beads_in(following.spans):
        return False
    tokens = [witness.other.tokens[n] for n in witness.region(sentence.spans)]
    sides = []
    for spans in (sentence.spans, following.spans):
        said = {witness.own.tokens[n].form for n in witness.own.inside(spans)}
        sides.append(
            [
                max(0.0, witness.weight(token.form))
                * max((w for own, w in witness.back.get(token.form, {}).items() if own in said), default=0.0)
                for token in tokens
            ]
        )
    # What both have says nothing of where the one ends.
    first = [max(0.0, a - b) for a, b in zip(*sides, strict=True)]
    second = [max(0.0, b - a) for a, b in zip(*sides, strict=True)]
    raw = witness.other.text.document.text
    best = {"line": (-math.inf, 0), "mark": (-math.inf, 0)}
    head, tail = 0.0, sum(second)
    missed, early = sum(first), 0.0
    for n in range(1, len(tokens)):
        head, missed = head + first[n - 1], missed - first[n - 1]
        tail, early = tail - second[n - 1], early + second[n - 1]
        gap = raw[tokens[n - 1].end : tokens[n].start]
        kind = "mark" if MARK.search(gap) else "line" if "\n" in gap else None
        if kind is not None:
            best[kind] = max(best[kind], (head + tail - missed - early, n))
    at = best["line"][1]
    return (
        at > 0 and best["line"][0] >= best["mark"][0] + MARGIN and min(sum(first[:at]), sum(second[at:])) >= LEAST_SIDE
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
    sentences = _sentences(text)
    for k, sentence in enumerate(sentences):
        if (
            not any(span.start <= start < span.end for span in sentence.spans for start in taken)
            and text.paragraphs[sentence.paragraph].kind in RUNNING
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


def _neighbours(sentences: Sequence[_Sentence], k: int) -> list[_Sentence]:
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


def _without_place(sentences: Sequence[_Sentence], k: int, witness: Witness) -> bool:
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
