"""Broken sentences: words left standing alone, and sentences that stop before their end.

A translator that was fed the broken lines of a page makes a sentence of each. The end of the one is missing or
invented, the beginning of the other stands alone. Without a parser, and without the other versions, only the plain
cases can be told: a last word that nothing can end with, a paragraph without an end mark that is no heading, a noun
between two sentences. Much that reads well is cut too; that is for the comparison of versions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tetrapla import checks, languages
from tetrapla.checks._lexis import finding, lexis_of
from tetrapla.model import Finding, Flow, Kind, Segmented, ViewSpan

__all__ = ["FUNCTION", "dangling", "truncated", "truncation"]


@dataclass(frozen=True)
class _Function:
    """Small words of a language: `never` end a sentence, `hardly` do without an end mark, `verbs` make one.

    `verbal` is how a fragment begins that is a verb's noun form with its object ("Achieving balance").
    """

    never: frozenset[str]
    hardly: frozenset[str]
    verbs: frozenset[str]
    verbal: re.Pattern[str]


FUNCTION: Mapping[str, _Function] = {
    "en": _Function(
        never=frozenset("a an the and or nor their its our your my every because whether than".split()),
        hardly=frozenset(
            "of to in on at by for with from into as but if is are was were be been has have had not will would can "
            "could may might must should which that who whose when where while although however therefore only "
            "between among through upon under over both either also more most such this these those".split()
        ),
        verbs=frozenset("is are was were has have had will would can could may might must should does do did".split()),
        verbal=re.compile(r"[A-Z][a-z]+ing$"),
    ),
    "es": _Function(
        never=frozenset(
            "el la los las y e o u ni de del al que cuyo cuya su sus nuestro nuestra cada desde hasta según porque "
            "aunque si".split()
        ),
        hardly=frozenset(
            "un una unos unas en por para con sin hacia sobre entre mediante mi tu a es son era eran fue fueron ha han "
            "había no se muy más como donde cuando cual cuales pero sino este esta estos estas ese esa está están "
            "puede pueden debe deben embargo".split()
        ),
        verbs=frozenset("es son era eran fue fueron ha han está están puede pueden debe deben tiene tienen".split()),
        verbal=re.compile(r"[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+[aei]r$"),
    ),
    "fr": _Function(
        never=frozenset(
            "le la les des du de et ou ni au aux par que qui dont sa ses notre votre nos vos chaque parce lorsque "
            "afin".split()
        ),
        hardly=frozenset(
            "un une à en dans pour sur sous chez vers avec sans entre leur leurs son ainsi est sont était étaient a "
            "ont avait ne pas se très plus comme où quand mais si ce cette ces cependant peut peuvent doit doivent "
            "l' d' qu'".split()
        ),
        verbs=frozenset("est sont était étaient a ont peut peuvent doit doivent sera seront".split()),
        verbal=re.compile(r"[A-ZÀÂÇÉÈÊÎÔÛ][a-zàâçéèêîôû]+(?:er|ir|re)$"),
    ),
}

# A fragment has so many words, its only word so many letters; its neighbours are sentences, not other short lines.
MOST_WORDS, LEAST_LETTERS, LEAST_NEIGHBOUR = 3, 5, 60
# The words of a truncation's span, at most.
LAST_WORDS = 7
# Where more of the longer paragraphs than this have no end mark, that is the style of the document.
USUAL_WITHOUT = 0.3
LONG, NO_HEADING, VERY_LONG = 8, 10, 20
# A sentence of so many letters stands for prose before the last one of a paragraph; a label ("Example 3.") does not.
LEAST_PROSE, LEAST_CUT = 40, 25
# So many characters on, the rest of a torn paragraph may follow.
REACH = 2000

CLOSED = re.compile(r"[.!?…:;。！？；：][\"'”’»」』)）\]】\s]*(?:\[[^\]]{0,30}\]\s*)?[.\"”»]?$|[\]）)]\s*$|\d\s*,?$")
OPEN_END = re.compile(r"[,，、]\s*$")
POINT = re.compile(r"^(.*?)\s?\.$", re.DOTALL)
STRAY_QUOTE = re.compile(r"[\"”»]\s+[^\W\d_]")
NUMBERED = re.compile(r"\d{1,2}(?:[.)]\d{1,2})*[.)]?\s|[(（]?\w[)）]\s|[-•·*▪]\s")
ADDRESS = re.compile(r"https?:|www\.|@|/\S+/|\w\(\)$|[<>{}=|\\]")
# A small letter or a comma, then a capital: where a line ends between them, what may be the cut.
BREAK = re.compile(r"([^\W\d_A-ZÀ-ÖØ-Þ],?)\s(?=[^\W\d_a-zß-öø-ÿ])(?=([^\W\d_]+))")
# A line that begins small behind a sentence that is closed.
REST = re.compile(r"[.!?][\"'”’»)\]]?\s*?\n\s*[a-zß-öø-ÿ]\w*[\s,][^\n]{30}")
BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
RUNNING: frozenset[Kind] = frozenset({"body", "abstract", "notes"})
OPENABLE: frozenset[Kind] = RUNNING | {"heading", "list", "other"}


@checks.add("dangling")
def dangling(text: Segmented) -> Iterator[Finding]:
    """One to three words left standing alone as a sentence, without a verb or a place ("Improvement.")."""
    function = FUNCTION.get(text.document.language)
    if function is None:
        return
    sentences = [(k, span) for k, flow in enumerate(text.flows) for span in _sentences(text, k, flow)]
    for at, (k, span) in enumerate(sentences):
        flow = text.flows[k]
        words = _fragment(text, flow, span, function)
        if words is None or text.paragraphs[k].kind not in RUNNING | {"heading"}:
            continue
        neighbours = [sentences[j] for j in (at - 1, at + 1) if 0 <= j < len(sentences)]
        prose = [
            n
            for n, other in neighbours
            if len(other) >= LEAST_NEIGHBOUR and text.paragraphs[n].kind in OPENABLE and abs(n - k) <= 1
        ]
        # A heading with a point stands before its text; what stands behind a sentence of its paragraph is none.
        if prose and (len(_sentences(text, k, flow)) > 1 or len(prose) == 2):
            yield finding(
                "dangling",
                flow,
                (span.start, span.end),
                score=0.6 + 0.1 * (len(words) == 1) + 0.1 * (len(prose) == 2),
                replacement="",
                message="These words stand alone; they may be the torn end of a sentence.",
            )


def _fragment(text: Segmented, flow: Flow, span: ViewSpan, function: _Function) -> Sequence[str] | None:
    """Return the words of a sentence that is a fragment, else None."""
    match = POINT.match(flow.text[span.start : span.end])
    if match is None:
        return None
    inside = match.group(1)
    stray = STRAY_QUOTE.match(inside)
    words = inside.lstrip('"”» ').replace("'", "' ").replace("’", "’ ").split()
    if not 0 < len(words) <= MOST_WORDS or not all(word.strip("'’").isalpha() for word in words):
        return None
    if stray:
        return words
    alone = len(words) == 1 and len(words[0]) >= LEAST_LETTERS and words[0].istitle()
    if alone and lexis_of(text).counts[words[0].lower()] > 1:
        return words
    return words if len(words) > 1 and function.verbal.match(words[0]) else None


def _sentences(text: Segmented, k: int, flow: Flow) -> list[ViewSpan]:
    """Return the sentences of a paragraph in its flow."""
    return languages.get(text.document.language).sentences(flow.text)


@checks.add("truncation")
def truncation(text: Segmented) -> Iterator[Finding]:
    """A sentence that stops before its end: at a word that cannot be the last, or without an end mark.

    The span is the last words before the cut.
    """
    function = FUNCTION.get(text.document.language)
    if function is None:
        return
    usual = _without_mark(text)
    for k, (paragraph, _, flow) in enumerate(text):
        if paragraph.kind not in OPENABLE:
            continue
        spans = _sentences(text, k, flow)
        for span in spans[:-1]:
            yield from _cut_at_point(flow, span, function)
        if paragraph.kind in RUNNING:
            for span in spans:
                yield from _cut_at_break(text, flow, span)
        if not spans:
            continue
        evidence = _open(text, k, spans, function, usual)
        if evidence >= 2 and not _goes_on(text, k):
            yield truncated(flow, spans[-1], 0.5 + 0.1 * min(evidence, 4), "The paragraph ends in mid-sentence.")
        else:
            yield from _cut_at_point(flow, spans[-1], function)


def _cut_at_point(flow: Flow, span: ViewSpan, function: _Function) -> Iterator[Finding]:
    """Yield a sentence that ends in a word no sentence ends in, and a point."""
    match = POINT.match(flow.text[span.start : span.end])
    words = match.group(1).split() if match else []
    if len(words) <= 3 or words[-1] not in function.never:
        return
    # Neither a word that is spoken of nor "et al.".
    if not words[-2].endswith(("«", '"', "“")) and words[-2:] != ["et", "al"]:
        yield truncated(flow, span, 0.75, f"No sentence ends in “{words[-1]}”.")


def _cut_at_break(text: Segmented, flow: Flow, span: ViewSpan) -> Iterator[Finding]:
    """Yield sentences that stop at a blank line, where another begins with a capital that is no name's."""
    for match in BREAK.finditer(flow.text, span.start, span.end):
        here, there = match.start(1), match.start(2)
        raw = text.document.text[flow.offsets[here] : flow.offsets[there]]
        torn = any(here < tear <= there for tear in flow.tears)
        word = match.group(2)
        if (
            (torn or BLANK_LINE.search(raw))
            and lexis_of(text).counts[word.lower()] >= 3 * lexis_of(text).capitals[word.lower()]
            and here - span.start >= LEAST_CUT
        ):
            cut = ViewSpan(span.start, match.end(1))
            yield truncated(flow, cut, 0.7, "The sentence breaks off at the end of a line.")


def _open(text: Segmented, k: int, spans: Sequence[ViewSpan], function: _Function, usual: bool) -> int:
    """Return how much says that a paragraph without an end mark was meant to go on."""
    flow = text.flows[k]
    last = flow.text[spans[-1].start : spans[-1].end]
    words = re.findall(r"[^\W\d_]+['’]?", last)
    if CLOSED.search(last) or ADDRESS.search(last) or not words:
        return 0
    titled = sum(word[0].isupper() for word in words) > 0.6 * len(words)
    evidence = 0
    if words[-1].lower() in function.never | function.hardly:
        evidence += 2
    if OPEN_END.search(last):
        evidence += 2
    if len(spans) > 1 and not titled and len(spans[-2]) >= LEAST_PROSE:
        evidence += 2
    if len(words) >= LONG and "," in last[:-1]:
        evidence += 2 if len(words) >= NO_HEADING and not titled else 1
    if len(words) >= LONG and any(word.lower() in function.verbs for word in words):
        evidence += 1
    if len(words) >= VERY_LONG:
        evidence += 1
    if NUMBERED.match(flow.text):
        evidence -= 2
    return evidence - usual


def _goes_on(text: Segmented, k: int) -> bool:
    """Return whether the rest of a paragraph may stand further on: torn by the page, it is not lost."""
    end = text.paragraphs[k].spans[-1].end
    if REST.search(text.document.text, end, end + REACH):
        return True
    following = zip(text.paragraphs[k + 1 : k + 4], text.flows[k + 1 :], strict=False)
    return any(
        paragraph.kind in OPENABLE and flow.text[:1].islower() and flow.text.count(" ") >= LONG
        for paragraph, flow in following
    )


def _without_mark(text: Segmented) -> bool:
    """Return whether the document's longer paragraphs often end without a mark, as those of lists do."""
    longer = [flow.text for paragraph, _, flow in text if paragraph.kind in RUNNING and flow.text.count(" ") >= LONG]
    return sum(CLOSED.search(flow) is None for flow in longer) > USUAL_WITHOUT * len(longer)


def truncated(flow: Flow, span: ViewSpan, score: float, message: str) -> Finding:
    """Return the finding for the last words of a sentence, from the last clause on if that is near."""
    inside = flow.text[span.start : span.end]
    words = list(re.finditer(r"\S+", inside))
    first = max(0, len(words) - LAST_WORDS)
    for k in range(len(words) - 2, first, -1):
        if words[k - 1].group().endswith((",", ";", ":")):
            first = k
            break
    place = span.start + words[first].start(), span.end
    return finding("truncation", flow, place, score=score, message=message)
