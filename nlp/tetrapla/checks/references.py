"""Citations that one version has and the others have not, or otherwise: "[12]" here, "[17]" there, none elsewhere.

Translators move a citation to another sentence of its paragraph, so that marks are compared by paragraphs and those
beside them; the sentence only tells where one is missing. A mark that is garbled is the matter of another check, and no
mark of its paragraph is missed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from tetrapla import checks, languages
from tetrapla.checks._beads import Beads
from tetrapla.checks.citations import SOUND, citation_damage, citation_damage_compared, loose_numbers, series_of
from tetrapla.model import Bead, Finding, Segmented, Span

__all__ = ["citation_mismatch"]

RANGE = re.compile(r"(\d{1,3})(?:\s*[-–—]\s*(\d{1,3}))?")
HAN = re.compile(f"[{languages.HAN}]")
FEW = 4
# How sure the link of a sentence must be that lacks a citation.
LINKED = 0.7
LEFT_OUT = frozenset({"references", "table", "furniture", "author", "keywords"})

# The citations of a version by the paragraph that they stand in: where each mark begins and which numbers it cites.
Cited = Mapping[int, Sequence[tuple[int, tuple[int, ...]]]]


@checks.add("citation-mismatch", takes="comparison")
def citation_mismatch(comparison: checks.Comparison) -> Iterator[Finding]:
    """A citation that the other versions have not in this passage, or a passage without the citation of the others."""
    cited = {name: _cited(comparison, name) for name in comparison.versions}
    if not any(cited.values()):
        return
    garbled = _garbled(comparison)
    for k, bead in enumerate(comparison.alignment.beads):
        others = [name for name in comparison.versions if name != comparison.subject and bead.spans.get(name)]
        if bead.kind in LEFT_OUT or not bead.spans.get(comparison.subject) or not others:
            continue
        yield from _strange(comparison, cited, k, others)
        yield from _missing(comparison, cited, k, bead, others, garbled.get(k, frozenset()))


def _cited(comparison: checks.Comparison, name: str) -> Cited:
    series = series_of(comparison.versions[name])
    return Beads(comparison.alignment, name).sorted_out(series.items(), lambda item: item[0]) if series.numbers else {}


def _garbled(comparison: checks.Comparison) -> Mapping[int, frozenset[int]]:
    """Return the numbers that damaged citations are read as, by the paragraph that they stand in."""
    damage = [*citation_damage(comparison.text), *citation_damage_compared(comparison)]
    read = [(finding.start, n) for finding in damage for n in _numbers(finding.replacement or "")]
    for flow, (start, end) in loose_numbers(comparison.text):
        read.append((flow.offsets[start], int(re.sub(r"\s", "", flow.text[start:end]))))
    beads = Beads(comparison.alignment, comparison.subject).sorted_out(read, lambda item: item[0])
    return {bead: frozenset(n for _, n in found) for bead, found in beads.items()}


def _numbers(written: str) -> Iterator[int]:
    """Return the numbers of a citation, those of a range ("2-4") all."""
    for first, last in RANGE.findall(written):
        yield from range(int(first), max(int(first), int(last or first)) + 1)


def _near(cited: Cited, k: int) -> frozenset[int]:
    """Return the numbers that are cited in a paragraph and those beside it."""
    return frozenset(n for at in (k - 1, k, k + 1) for _, numbers in cited.get(at, ()) for n in numbers)


def _strange(
    comparison: checks.Comparison, cited: Mapping[str, Cited], k: int, others: Sequence[str]
) -> Iterator[Finding]:
    """Find the citations of a paragraph that no other version has there."""
    text = comparison.text.document.text
    own = _near(cited[comparison.subject], k)
    known = frozenset[int]().union(*(_near(cited[name], k) for name in cited if name != comparison.subject))
    instead = Counter(
        n for name in others for _, numbers in cited[name].get(k, ()) for n in set(numbers) if n not in own
    )
    for offset, numbers in cited[comparison.subject].get(k, ()):
        mark = SOUND.match(text, offset)
        strange = set(numbers) - known
        if not strange or mark is None:
            continue
        best = min(instead, key=lambda n: (-instead[n], n), default=None)
        # What the original cites may be garbled in all translations; there they must have another number.
        if best is None and comparison.subject == comparison.alignment.pivot:
            continue
        single = len(instead) == len(strange) == 1
        fix = mark.group().replace(str(*strange), str(best)) if best is not None and single else None
        listed = " and ".join(f"[{n}]" for n in sorted(instead)) or "none"
        yield Finding(
            type="citation-mismatch",
            spans=(Span(offset, mark.end()),),
            score=0.85 if best is not None and instead[best] > 1 else 0.7 if len(others) > 1 or fix else 0.6,
            grade="review",
            replacement=fix,
            evidence={"others": dict(instead)},
            message=f"No other version cites this here; they have {listed}.",
        )


def _missing(
    comparison: checks.Comparison,
    cited: Mapping[str, Cited],
    k: int,
    bead: Bead,
    others: Sequence[str],
    garbled: frozenset[int],
) -> Iterator[Finding]:
    """Find the citations of the others in a paragraph that this version has not; by the sentence that lacks them."""
    own = _near(cited[comparison.subject], k) | garbled
    here = {n for _, numbers in cited[comparison.subject].get(k, ()) for n in numbers}
    if not frozenset[int]().union(*(_near(cited[name], k) for name in others)) >= here:
        return  # another number stands here instead
    wanted: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for name in others:
        for offset, numbers in cited[name].get(k, ()):
            for n in numbers:
                if n not in own:
                    wanted[n].setdefault(name, offset)
    for n, places in sorted(wanted.items()):
        sentence = next((s for s in bead.sentences for name, at in places.items() if _holds(s, name, at)), None)
        spans = sentence.spans.get(comparison.subject) if sentence is not None else None
        trusted = len(places) > 1 or comparison.alignment.pivot in places or len(others) == 1
        if not trusted or sentence is None or not spans:
            continue
        place = _last_word(comparison.text, spans[-1])
        if place is None or min(sentence.score.values(), default=0.0) < LINKED:
            continue
        yield Finding(
            type="citation-mismatch",
            spans=(place,),
            score=0.8 if len(places) > 1 else 0.65,
            grade="review",
            evidence={"missing": n, "others": sorted(places)},
            message=f"The other versions cite [{n}] in this sentence.",
        )


def _holds(sentence: Bead, name: str, offset: int) -> bool:
    return any(span.start <= offset < span.end for span in sentence.spans.get(name, ()))


def _last_word(text: Segmented, span: Span) -> Span | None:
    """Return the place of the last word of a sentence with what closes it; of Chinese, its last few characters.

    A sentence in Chinese in a version that is not Chinese has none.
    """
    stretch = text.document[span].rstrip()
    if languages.get(text.document.language).full_width:
        start = max(0, len(stretch) - FEW)
    else:
        start = max(stretch.rfind(" "), stretch.rfind("\n")) + 1
        if HAN.search(stretch, start):
            return None
    return Span(span.start + start, span.start + len(stretch))
