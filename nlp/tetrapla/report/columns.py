"""One version on the page: its running text with all that is marked in it, cut up for the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tetrapla import languages
from tetrapla.model import Bead, Concept, Document, Finding, Mention, Segmented, ViewSpan
from tetrapla.report.marks import Mark, Placed, marked, spread
from tetrapla.report.rows import DOUBTFUL
from tetrapla.report.running import Running
from tetrapla.report.text import attribute, shortened

__all__ = ["Cell", "Column", "Keys", "label_of"]

# What is outside what, where marks cover the same text.
SENTENCE, KEPT, NOISE, CONCEPT, TEAR = range(5)
# A suggestion may be a whole passage: so much of it is shown in the text, all of it in the tooltip.
LONGEST_SUGGESTION = 160


@dataclass(frozen=True)
class Keys:
    """The numbers that stand for types of noise and for concepts on the page, and the glossary."""

    types: Mapping[str, int]
    concepts: Mapping[str, int]
    glossary: Mapping[str, Concept]


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a bead in one version, as HTML paragraphs, and whether noise was found in it."""

    html: str
    noise: bool


def label_of(document: Document) -> str:
    """Return what a version is called on the page: its language, and its id where that says more.

    >>> label_of(Document("zh-2", "zh", "")), label_of(Document("en", "en", ""))
    ('Chinese (zh-2)', 'English')
    """
    name = languages.get(document.language).name
    return name if document.id == document.language else f"{name} ({document.id})"


class Column:
    """A version and its place among the columns, from 0."""

    def __init__(
        self,
        number: int,
        version: Segmented,
        findings: Sequence[Finding],
        mentions: Sequence[Mention],
        keys: Keys,
    ) -> None:
        self.number = number
        self.document = version.document
        self.label = label_of(version.document)
        self._running = Running(version)
        self._findings = findings
        self._mentions = mentions
        self._keys = keys

    def cells(self, beads: Sequence[Bead]) -> list[Cell | None]:
        """Return what this version has for each bead, None where it has nothing."""
        own = self.document.id
        stretches: list[tuple[ViewSpan, int]] = []
        for row, bead in enumerate(beads):
            stretches += [(place, row) for place in self._running.places(bead.spans.get(own, ()))]
        inorder = sorted(stretches, key=lambda item: (item[0].start, item[0].end, item[1]))
        places = [place for place, _ in inorder]
        found = spread([*self._noise(), *self._concepts(), *self._sentences(beads), *self._seams()], places)
        at: dict[tuple[ViewSpan, int], list[Placed]] = {}
        for key, items in zip(inorder, found, strict=True):
            at.setdefault(key, []).extend(items)
        by_row: dict[int, list[ViewSpan]] = {}
        for place, row in stretches:
            by_row.setdefault(row, []).append(place)
        return [
            self._cell(by_row[row], [at[place, row] for place in by_row[row]]) if row in by_row else None
            for row in range(len(beads))
        ]

    def _cell(self, places: Sequence[ViewSpan], marks: Sequence[Sequence[Placed]]) -> Cell:
        out = ['<p dir="auto">']
        last: ViewSpan | None = None
        for place, items in zip(places, marks, strict=True):
            if last is not None:
                if self._running.paragraph(last.start) != self._running.paragraph(place.start):
                    out.append('</p><p dir="auto">')
                else:
                    out.append(f"{TORN}{self._running.between(last, place)}")
            out.append(marked(self._running.text, place, items))
            last = place
        noise = any(item.mark.rank[0] == NOISE for items in marks for item in items)
        return Cell("".join([*out, "</p>"]), noise)

    def _placed(self, spans: Sequence[ViewSpan], mark: Mark) -> Iterable[Placed]:
        for k, place in enumerate(spans, start=1):
            yield Placed(place.start, place.end, mark, last=k == len(spans))

    def _noise(self) -> Iterable[Placed]:
        for i, finding in enumerate(self._findings):
            own = f"{self.number}-{i}"
            places = self._running.places(finding.spans)
            if not places:
                point = self._running.point(finding.start)
                places = [ViewSpan(point, point)]
            yield from self._placed(places, self._noise_mark(finding, own, places[0].start, i))
            if finding.kept is not None:
                kept = self._running.places([finding.kept])
                if kept:
                    mark = Mark((KEPT, kept[0].start, -kept[-1].end, i), "span", f'class="kept" data-k="{own}"')
                    yield from self._placed(kept, mark)

    def _noise_mark(self, finding: Finding, own: str, start: int, i: int) -> Mark:
        told = f"{finding.type} ({finding.grade}, {finding.score:.2f})"
        told += f": {finding.message}" if finding.message else ""
        if finding.replacement is None:
            suggestion = ""
        elif finding.replacement == "":
            told += "\nSuggested: remove"
            suggestion = "✕"
        else:
            told += f"\nSuggested: {finding.replacement}"
            # A no-break space keeps the arrow with the word.
            suggestion = f"→\u00a0{attribute(shortened(finding.replacement, LONGEST_SUGGESTION))}"
        if finding.grade == "safe":
            grade, after = "safe", f"<wbr><ins>{suggestion}</ins>" if suggestion else ""
        else:
            grade, after = "review", f'<wbr><ins class="ask">{suggestion}?</ins>'
        attributes = (
            f'class="f {grade}" data-t="{self._keys.types[finding.type]}" data-f="{own}" title="{attribute(told)}"'
        )
        rank = (NOISE, start, -finding.end, i)
        return Mark(rank, "del" if finding.replacement == "" else "mark", attributes, after)

    def _concepts(self) -> Iterable[Placed]:
        language = self.document.language
        for i, mention in enumerate(self._mentions):
            places = self._running.places(mention.spans)
            if not places:
                continue
            concept = self._keys.glossary.get(mention.concept)
            name = (concept and concept.preferred(language)) or mention.concept
            sign = "" if mention.term.status == "preferred" else f" {mention.term.status}"
            told = f"{name}: {mention.term.status} form" if sign else name
            mark = Mark(
                (CONCEPT, places[0].start, -places[-1].end, i),
                "span",
                f'class="c{sign}" data-c="{self._keys.concepts[mention.concept]}" title="{attribute(told)}"',
            )
            yield from self._placed(places, mark)

    def _sentences(self, beads: Iterable[Bead]) -> Iterable[Placed]:
        own = self.document.id
        for bead in beads:
            together = sum(1 for spans in bead.spans.values() if spans) > 1
            for k, sentence in enumerate(bead.sentences):
                places = self._running.places(sentence.spans.get(own, ()))
                if not places:
                    continue
                classes, title = "s e" if k % 2 else "s", ""
                score = sentence.score.get(own)
                if together and sum(1 for spans in sentence.spans.values() if spans) == 1:
                    classes, title = f"{classes} alone", ' title="This sentence has no counterpart."'
                elif score is not None and score < DOUBTFUL:
                    classes, title = f"{classes} weak", f' title="The link of this sentence is doubtful: {score:.2f}"'
                rank = (SENTENCE, places[0].start, -places[-1].end, k)
                yield from self._placed(places, Mark(rank, "span", f'class="{classes}" data-s="{k}"{title}'))

    def _seams(self) -> Iterable[Placed]:
        for tear in self._running.tears:
            yield Placed(tear, tear, Mark((TEAR, tear), "i", SEAM))


SEAM = 'class="tear" title="Put together: in the file the parts of this paragraph stand apart."'
TORN = f"<i {SEAM}></i>"
