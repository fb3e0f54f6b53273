"""Measure what `tetrapla clean` does unseen: nothing to a clean text, and no harm to a damaged one.

    python scripts/bench/safety.py [--only clean|damaged|paper] [--level heavy ...] [--show] [--draws 6] [--seed 1]
                                   [--jobs 1] [--gold FOLDER] [--data DIR]

clean    whole texts as they are, DIR/corpora/*/XX.txt and those under `gaps`: every edit is one too many
damaged  stretches of the manuals, drawn by the seed and damaged at the levels by DIR/eval/disturb.py
paper    the versions in DIR/paper; where FOLDER/paper.XX.noise.json (FOLDER is DIR/eval/gold by default) is missing,
         nothing there is known to be noise

The edits are the safe ones of `tetrapla.clean.clean`, lines left as they are. Those that do harm change one of these,
which are looked for in the text around the edit, up to the next white space, before and after it:

name     a word with a capital in the middle of a sentence (two letters or more, not behind . ! ? : … and such nor at
         the start of a paragraph), or a form of the glossary, that is not there any more
number   the numbers, each with its points and commas; white space inside one parts it into two
URL      an address of the web or of mail
code     a word with a slash, an underscore, a point (but not between a small letter and a capital, where a sentence
         ends) or another sign inside, or a capital after a small letter, or one that begins with a hyphen or $
Han      the Chinese characters, one after the other

An edit that takes away planted noise and nothing else does no harm: one inside a passage that should go by gold, or one
that leaves what gold has there, white space aside no character more or less. But a name is harmed by that, too, unless
the passage goes: nobody asked whether it is one word, and what looks like noise in a name is often its way of being
written. `right` counts names that are as gold has them after all. `--show` prints each harmful edit, and each one of a
clean text, on standard error. DIR is `shared_root()` by default; what is not there is named and left out.
"""

from __future__ import annotations

import itertools
import re
import sys
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from draws import Stretch, damaged, data_of, report, say, there
from noise import Gold, load
from quality import COUNT, LANGUAGES, LEVELS, PIVOT, Setting, parser_of, table

from tetrapla.clean import clean as cleaned
from tetrapla.files import read_text
from tetrapla.glossary import load as load_glossary
from tetrapla.glossary import match
from tetrapla.model import Document, Edit, Segmented, Span
from tetrapla.segment import segment

HARMS = ("name", "number", "URL", "code", "Han")
GOLD = "right"
AROUND = 200  # characters looked at on either side of an edit, in a text without white space
SHOWN = 40

WORD = re.compile(r"[^\W\d_]+")
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
URL = re.compile(r"\b(?:(?:https?|ftp)://|www\.)[^\s<>]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Words with a sign inside, as commands, options, variables and files have it; hyphens and apostrophes are of prose.
CODE = re.compile(
    r"(?<!\S)[(\[\"'“«]*"
    r"(-{1,2}[A-Za-z][\w-]*|\$\w+|/\w\S*|\S*\w[/\\_=@#~|^<>$&*+]+\w\S*|\S*(?:[a-z]\.[a-z]|[A-Z]\.[A-Za-z]|[a-z][A-Z])\S*)"
)
HAN = re.compile(r"[\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
NOTE = re.compile(r"\[\d{1,3}\]$")  # between two sentences
SENTENCE_ENDS = ".!?:;…。！？：；¿¡•·–—"
# What may stand between the end of a sentence and the word that begins the next one.
OPENING = " \t\r\n\u00a0\u202f\"'“”‘’«»‹›()[]（）【】《》「」*_-"


@dataclass(frozen=True)
class Options(Setting):
    """What is measured besides: the levels of damage, and where gold of the paper lies."""

    levels: Sequence[str]
    gold: Path


@dataclass(frozen=True)
class Judged:
    """An edit, which harms it does (`GOLD` where the name harmed is as gold has it), and what it looks like."""

    edit: Edit
    harms: tuple[str, ...]
    shown: str


# ---------------------------------------------------------------- one edit


class Judge:
    """Tells what edits of one text do harm to; `gold` is what is known to be noise, `starts` where paragraphs begin."""

    def __init__(self, version: Segmented, gold: Gold = (), starts: Sequence[int] = ()) -> None:
        self.text = version.document.text
        self.gold = sorted(gold, key=lambda g: (g["start"], g["end"]))
        self._gold_starts = [g["start"] for g in self.gold]
        self._longest = max((g["end"] - g["start"] for g in self.gold), default=0)
        self.starts = frozenset(starts)
        found = [m for m in match(version, load_glossary()) if m.term.status != "noise"]
        self.forms = sorted((span, m.term.form) for m in found for span in m.spans)
        self._form_starts = [span.start for span, _ in self.forms]
        self._longest_form = max((len(span) for span, _ in self.forms), default=0)

    def harms(self, edit: Edit) -> tuple[str, ...]:
        """Return what an edit does harm to, nothing where it does none."""
        if self._goes(edit):
            return ()
        right = self._right(edit)
        start, end = self._around(edit.span)
        before = self.text[start:end]
        after = self.text[start : edit.span.start] + edit.replacement + self.text[edit.span.end : end]
        found = []
        if self._names(start, before) - Counter(WORD.findall(after)) or self._form_changed(edit):
            found.append("name")
        if not right:
            patterns = (("number", NUMBER), ("URL", URL), ("code", CODE))
            found += [name for name, pattern in patterns if pattern.findall(before) != pattern.findall(after)]
            found += ["Han"] if HAN.findall(edit.original) != HAN.findall(edit.replacement) else []
        return (*found, GOLD) if right and found else tuple(found)

    def _near(self, span: Span) -> Iterator[Mapping[str, object]]:
        """Give the gold that touches a span."""
        low = bisect_left(self._gold_starts, span.start - self._longest)
        high = bisect_right(self._gold_starts, span.end)
        return (g for g in self.gold[low:high] if g["end"] >= span.start)

    def _goes(self, edit: Edit) -> bool:
        """Return whether all that an edit changes should go, by gold; white space around it is its own."""
        own = {i for i in range(edit.span.start, edit.span.end) if not self.text[i].isspace()}
        gone = [g for g in self._near(edit.span) if g.get("fix") == ""]
        for g in gone:
            own -= set(range(int(str(g["start"])), int(str(g["end"]))))
        return bool(gone) and not own and not edit.replacement.strip()

    def _right(self, edit: Edit) -> bool:
        """Return whether an edit leaves what gold has there."""
        for g in self._near(edit.span):
            first, last = int(str(g["start"])), int(str(g["end"]))
            start, end = min(first, edit.span.start), max(last, edit.span.end)
            made = self.text[start : edit.span.start] + edit.replacement + self.text[edit.span.end : end]
            wanted = self.text[start:first] + str(g.get("fix") or "") + self.text[last:end]
            if made.split() == wanted.split():
                return True
        return False

    def _around(self, span: Span) -> tuple[int, int]:
        """Return a span with all that stands before and behind it without white space between."""
        start, end = span.start, span.end
        least, most = max(start - AROUND, 0), min(end + AROUND, len(self.text))
        while start > least and not self.text[start - 1].isspace():
            start -= 1
        while end < most and not self.text[end].isspace():
            end += 1
        return start, end

    def _names(self, start: int, before: str) -> Counter[str]:
        """Return the words with a capital that stand in the middle of a sentence."""
        words = WORD.finditer(before)
        return Counter(w.group() for w in words if len(w.group()) > 1 and self._is_name(w.group(), start + w.start()))

    def _is_name(self, word: str, at: int) -> bool:
        if not word[0].isupper():
            return False
        while at not in self.starts and at > 0 and self.text[at - 1] in OPENING:
            note = NOTE.search(self.text, max(at - 6, 0), at)
            at = note.start() if note else at - 1
            if self.text[at] == "\n" and self.text[at - 1 : at] == "\n":
                return False
        return at > 0 and at not in self.starts and self.text[at - 1] not in SENTENCE_ENDS

    def _form_changed(self, edit: Edit) -> bool:
        """Return whether a form of the glossary reads otherwise after an edit, and not as it should."""
        low = bisect_left(self._form_starts, edit.span.start - self._longest_form)
        high = bisect_right(self._form_starts, edit.span.end)
        for span, form in self.forms[low:high]:
            if span.overlaps(edit.span):
                start, end = min(span.start, edit.span.start), max(span.end, edit.span.end)
                made = self.text[start : edit.span.start] + edit.replacement + self.text[edit.span.end : end]
                reads = " ".join(made.split()).casefold()
                stood = " ".join(self.text[span.start : span.end].split()).casefold()
                if stood not in reads and form.casefold() not in reads:
                    return True
        return False


def judged(name: str, doc: Document, gold: Gold = (), starts: Sequence[int] = ()) -> list[Judged]:
    """Return the safe edits of a text, each with the harm that it does."""
    version = segment(doc)
    view = cleaned(version, keep_lines=True)
    if not view.edits:
        return []
    judge = Judge(version, gold, starts)
    return [
        Judged(edit, judge.harms(edit), f"{name} {doc.line_of(edit.span.start)}: {_shown(doc, edit)}")
        for edit in view.edits
    ]


def _shown(doc: Document, edit: Edit) -> str:
    before = doc.text[max(edit.span.start - SHOWN, 0) : edit.span.start]
    after = doc.text[edit.span.end : edit.span.end + SHOWN]
    return f"{edit.rule} {before!r} [{edit.original!r} -> {edit.replacement!r}] {after!r}"


# ---------------------------------------------------------------- texts


def document(path: Path, code: str) -> Document:
    return Document(code, code, read_text(path, encoding="utf-8").text, str(path))


Result = tuple[int, list[Judged]]  # characters, edits


def text_judged(path: Path) -> Result:
    """Return the edits of a text that is clean."""
    say(f"{path.parent.name}, {path.stem}")
    doc = document(path, path.stem)
    return len(doc.text), judged(f"{path.parent.name} {path.stem}", doc)


def stretch_judged(stretch: Stretch) -> list[Result]:
    """Return the edits of the versions of a damaged stretch."""
    say(str(stretch))
    found = []
    with damaged(stretch) as folder:
        for code in LANGUAGES:
            doc = document(folder / f"{code}.txt", code)
            gold = load(folder / f"{code}.noise.json")
            found.append((len(doc.text), judged(f"{stretch}, {code}", doc, gold, starts_of(folder, code))))
    return found


def starts_of(folder: Path, code: str) -> list[int]:
    """Return where the pieces of a damaged version begin, by its gold: paragraph breaks are lost in part."""
    if code == PIVOT:
        units = load(folder / f"{PIVOT}-en.alignment.json")["pivot"]["units"]
        return sorted(start for spans in units.values() for start, _ in spans)
    return [start for start, _, _ in load(folder / f"{PIVOT}-{code}.alignment.json")["other"]["segments"]]


# ---------------------------------------------------------------- tables


def row(name: str, results: Sequence[Result]) -> tuple[str, ...]:
    """Return a row: characters, edits, harmful ones, and those by what they harm."""
    edits = [one for _, edits in results for one in edits]
    harmful = [one for one in edits if one.harms]
    by_kind = Counter(harm for one in edits for harm in one.harms)
    size = sum(characters for characters, _ in results)
    return name, f"{size:,}", str(len(edits)), str(len(harmful)), *(str(by_kind[kind]) for kind in (*HARMS, GOLD))


COLUMNS = ("characters", "edits", "harmful", *HARMS, GOLD)


def clean(options: Options, show: Callable[[Judged], None]) -> str:
    """Return how many safe edits clean texts have."""
    paths = [path for pattern in ("*/??.txt", "*/*/??.txt") for path in options.found("corpora", pattern)]
    found = options.each(text_judged, paths)
    for one in (one for _, edits in found for one in edits):
        show(one)
    names = [f"{path.parent.relative_to(options.data / 'corpora')}, {path.stem}" for path in paths]
    rows = [(name, f"{size:,}", len(edits)) for name, (size, edits) in zip(names, found, strict=True)]
    whole = ("all", f"{sum(size for size, _ in found):,}", sum(len(edits) for _, edits in found))
    return table(("clean text", "characters", "safe edits"), [*rows, whole]) if rows else ""


def damaged_texts(options: Options, show: Callable[[Judged], None]) -> str:
    """Return what safe edits of damaged manuals do harm to, by level."""
    manuals = options.manuals("*/gold.json")
    rows = []
    for level in options.levels if manuals else ():
        tasks = [replace(s, level=level) for manual in manuals for s in options.stretches(manual, COUNT)]
        found = options.each(stretch_judged, tasks)
        for one in (one for results in found for _, edits in results for one in edits if one.harms):
            show(one)
        for k, code in enumerate(LANGUAGES):
            rows.append(row(f"{level}, {code}", [results[k] for results in found]))
        rows.append(row(f"{level}, all", list(itertools.chain.from_iterable(found))))
    return table(("damaged text", *COLUMNS), rows) if rows else ""


def paper(options: Options, show: Callable[[Judged], None]) -> str:
    """Return what safe edits of the paper do harm to."""
    rows = []
    for code in LANGUAGES:
        text, gold = options.data / "paper" / f"{code}.txt", options.gold / f"paper.{code}.noise.json"
        if not there([text]):
            continue
        say(f"paper, {code}")
        doc = document(text, code)
        edits = judged(f"paper {code}", doc, load(gold) if there([gold]) else ())
        for one in edits:
            if one.harms:
                show(one)
        rows.append(row(code, [(len(doc.text), edits)]))
    return table(("paper", *COLUMNS), rows) if rows else ""


SECTIONS: dict[str, Callable[[Options, Callable[[Judged], None]], str]] = {
    "clean": clean,
    "damaged": damaged_texts,
    "paper": paper,
}


def print_one(one: Judged) -> None:
    print(f"{' '.join(one.harms) or 'edit'}: {one.shown}", file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    parser = parser_of(__doc__, SECTIONS)
    parser.add_argument("--level", choices=LEVELS, action="append", help="of damage; repeatable (default: heavy)")
    parser.add_argument("--show", action="store_true", help="print each edit that should not be")
    parser.add_argument("--gold", type=Path, metavar="FOLDER", help="gold of the paper (default: DIR/eval/gold)")
    given = parser.parse_args(argv)
    data = data_of(given.data)
    if data is None:
        return 0
    gold = given.gold or data / "eval" / "gold"
    options = Options(data, given.draws, given.seed, given.jobs, given.level or ["heavy"], gold)
    show = print_one if given.show else lambda one: None
    return report(SECTIONS, given.only, options, show)


if __name__ == "__main__":
    sys.exit(main())
