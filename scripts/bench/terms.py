"""Time the matching of terms beside spaCy's PhraseMatcher and ahocorasick_rs, and count what each finds.

    python scripts/bench/terms.py [LANGUAGE…] [--terms 2000] [--mb 20] [--runs 5] [--seed 20] [--data DIR]

**Speed.** The text is the paragraphs of the sample and, where they are, of DIR/corpora/*/LANGUAGE.txt, drawn at random
until they are so many megabytes (10^6 bytes of UTF-8). The terms are the glossary's own, filled up with frequent
n-grams of the text itself (two to five characters, two to three words): as frequent ones as make the terms stand as
closely as in a paper of the field. All read the same paragraphs; each figure is a median of processor time. A first
run, in which Tetrapla learns the words of the language, is given apart. PhraseMatcher is timed on the first tenth of
the text, with cutting it into tokens (zh: jieba) and without; it and ahocorasick_rs look for the terms as written.

**Recall.** Forms of the glossary are planted between words of the lexicon, drawn at random, every other one with the
endings of a plural. Given is the share that is found just where it stands.
"""

from __future__ import annotations

import argparse
import gc
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick
from draws import say

from tetrapla import lexicon
from tetrapla.glossary import Glossary, Matcher, load
from tetrapla.model import Concept, Term
from tetrapla.resources import corpus_root, shared_root

LANGUAGES = ("zh", "en", "es", "fr")
# Hits in a megabyte, as in the paper that the glossary is about.
DENSITY = {"zh": 25_000, "en": 17_000, "es": 15_000, "fr": 14_000}
PEER_SHARE = 10
RECALL_CHARACTERS = 200_000
WORDS_PER_FORM = 20

Places = set[tuple[int, int]]
Search = Callable[[Sequence[str]], int]


class Sample(NamedTuple):
    """A text with the places of the forms that were planted in it."""

    text: str
    planted: Places


def size_of(texts: Iterable[str]) -> float:
    """Return the megabytes of some texts."""
    return sum(len(text.encode("utf-8")) for text in texts) / 1e6


def paragraphs(language: str, data: Path | None) -> list[str]:
    """Return the paragraphs of the sample and of the manuals."""
    files = [corpus_root() / "sample" / f"{language}.txt"]
    files += sorted((data / "corpora").glob(f"*/{language}.txt")) if data else []
    return [line for file in files for line in file.read_text("utf-8").splitlines() if line.strip()]


def drawn(lines: Sequence[str], megabytes: float, seed: int) -> list[str]:
    """Return lines drawn at random, as many as have so many megabytes."""
    chance = random.Random(seed)
    texts: list[str] = []
    size = 0.0
    while size < megabytes:
        texts.append(chance.choice(lines))
        size += size_of(texts[-1:])
    return texts


def n_grams(lines: Iterable[str], language: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    han = language == "zh"
    for line in lines:
        for run in re.findall(r"[一-鿿]+" if han else r"[^\W\d_]+(?: [^\W\d_]+)*", line):
            units = run if han else run.split(" ")
            for n in (2, 3, 4, 5) if han else (2, 3):
                counts.update(("" if han else " ").join(units[k : k + n]) for k in range(len(units) - n + 1))
    return counts


def filled_up(forms: Iterable[str], counts: Counter[str], number: int, hits: float) -> list[str]:
    """Return forms, and n-grams as frequent as bring the hits near to `hits`, `number` in all."""
    known = list(dict.fromkeys(forms))
    names = set(known)
    ranked = [(form, count) for form, count in counts.most_common() if form not in names]
    wanted = max(0, number - len(known))
    begin, inside = 0, sum(count for _, count in ranked[:wanted])
    while inside > hits and begin + wanted < len(ranked):
        inside += ranked[begin + wanted][1] - ranked[begin][1]
        begin += 1
    return known + [form for form, _ in ranked[begin : begin + wanted]]


def glossary_of(forms: Iterable[str], language: str) -> Glossary:
    return Glossary.of(Concept(f"c{k}", (Term(form, language, "preferred"),)) for k, form in enumerate(forms))


def timed(search: Search, texts: Sequence[str], runs: int) -> tuple[float, float, int]:
    """Return the seconds of the first run, the median of the others, and the number of hits."""
    gc.collect()
    times = []
    hits = 0
    for _ in range(runs + 1):
        begin = time.process_time()
        hits = search(texts)
        times.append(time.process_time() - begin)
    return times[0], statistics.median(times[1:]), hits


def pipeline_of(language: str) -> Any:
    import spacy

    from tetrapla.formats.docbin import JIEBA

    if language != "zh":
        return spacy.blank(language)
    from tetrapla import languages

    languages.get("zh").words("")  # loads jieba without its messages
    return spacy.blank("zh", config=JIEBA)


def searches(forms: Sequence[str], language: str) -> dict[str, Search]:
    """Return what is compared, by name: each counts its hits in some texts."""
    from spacy.matcher import PhraseMatcher

    matcher = Matcher(glossary_of(forms, language))
    plain = AhoCorasick(list(forms))
    nlp = pipeline_of(language)
    phrases = PhraseMatcher(nlp.vocab, attr="ORTH" if language == "zh" else "LOWER")
    phrases.add("TERM", [nlp.make_doc(form) for form in forms])
    cut: dict[int, list[Any]] = {}

    def given(texts: Sequence[str]) -> int:
        docs = cut.setdefault(id(texts), [])
        docs += [nlp.make_doc(text) for text in texts[len(docs) :]]
        return sum(len(phrases(doc)) for doc in docs)

    return {
        "tetrapla": lambda texts: sum(len(hits) for hits in matcher.find_each(texts, language)),
        "tetrapla, one by one": lambda texts: sum(len(matcher.find(text, language)) for text in texts),
        "ahocorasick_rs": lambda texts: sum(
            len(plain.find_matches_as_indexes(text, overlapping=True)) for text in texts
        ),
        "PhraseMatcher": lambda texts: sum(len(phrases(nlp.make_doc(text))) for text in texts),
        "PhraseMatcher, tokens given": given,
    }


def speed(language: str, options: argparse.Namespace, data: Path | None) -> None:
    lines = paragraphs(language, data)
    texts = drawn(lines, options.mb, options.seed)
    own = [term.form for concept in load().values() for term in concept.terms if term.language == language]
    forms = filled_up(own, n_grams(lines, language), options.terms, DENSITY[language] * size_of(lines))
    print(f"\n{language}: {len(forms):,} terms, {len(texts):,} paragraphs of {size_of(texts):.1f} MB")
    print(f"{'':28}{'MB/s':>8}{'first':>8}{'it/ours':>9}{'hits a MB':>11}")
    ours: float | None = None
    for name, search in searches(forms, language).items():
        part = texts[: len(texts) // PEER_SHARE] if name.startswith("PhraseMatcher") else texts
        first, median, hits = timed(search, part, options.runs)
        size = size_of(part)
        ours = ours or size / median
        print(f"{name:28}{size / median:8.1f}{size / first:8.1f}{size / median / ours:9.2f}{hits / size:11,.0f}")


def plural(form: str, language: str) -> str:
    """Return the words of a form in the plural, as far as an ending does it."""
    if language == "zh":
        return form
    words = []
    for word in form.split(" "):
        if len(word) < 4 or not word[-1].isalpha() or word[-1] in "sxz" or not word.islower() or "'" in word:
            words.append(word)
        elif language == "es" and word[-1] not in "aeo":
            # An accent on the last syllable goes when there is one syllable more.
            words.append(
                re.sub("[óúá](?=n$)", lambda v: "oua"["óúá".index(v.group())], word) + "es"
                if word[-1] in "dlnr"
                else word
            )
        elif language == "fr" and word.endswith("al"):
            words.append(word[:-1] + "ux")
        elif language == "en":
            words.append(word[:-1] + "ies" if word[-1] == "y" and word[-2] not in "aeiou" else word)
        else:
            words.append(word + "s")
    if language == "en" and words[-1] == form.split(" ")[-1] and words[-1][-1] not in "sxzhy":
        words[-1] += "s"
    return " ".join(words)


def planted(glossary: Glossary, language: str, seed: int) -> Sample:
    chance = random.Random(seed)
    words = [word for row in lexicon.load().columns[language] for word in row]
    forms = [term.form for concept in glossary.values() for term in concept.terms if term.language == language]
    joiner = "" if language == "zh" else " "
    pieces: list[str] = []
    places = set()
    at = 0
    while at < RECALL_CHARACTERS:
        if chance.random() * WORDS_PER_FORM < 1:
            form = chance.choice(forms)
            piece = plural(form, language) if chance.random() < 0.5 else form
            # Between full stops, so that no word of the lexicon makes it part of a longer term.
            piece = f"，{piece}，" if language == "zh" else f". {piece}."
            places.add((at + len(piece) - len(piece.lstrip("，. ")), at + len(piece.rstrip("，. "))))
        else:
            piece = chance.choice(words)
        pieces.append(piece)
        at += len(piece) + len(joiner)
    return Sample(joiner.join(pieces), places)


def recall(language: str, options: argparse.Namespace) -> None:
    from spacy.matcher import PhraseMatcher

    glossary = load()
    text, places = planted(glossary, language, options.seed)
    forms = [term.form for concept in glossary.values() for term in concept.terms if term.language == language]
    nlp = pipeline_of(language)
    phrases = PhraseMatcher(nlp.vocab, attr="ORTH" if language == "zh" else "LOWER")
    phrases.add("TERM", [nlp.make_doc(form) for form in forms])
    found = {
        "tetrapla": {(hit.start, hit.end) for hit in Matcher(glossary).find(text, language)},
        "ahocorasick_rs": {hit[1:] for hit in AhoCorasick(forms).find_matches_as_indexes(text, overlapping=True)},
        "PhraseMatcher": {(span.start_char, span.end_char) for span in phrases(nlp.make_doc(text), as_spans=True)},
    }
    shares = ", ".join(f"{name} {len(places & hits) / len(places):.3f}" for name, hits in found.items())
    print(f"{language}: found of {len(places):,} planted forms: {shares}")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("languages", nargs="*", metavar="LANGUAGE", help="zh, en, es or fr; by default all of them")
    parser.add_argument("--terms", type=int, default=2000)
    parser.add_argument("--mb", type=float, default=20)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args(arguments)
    if unknown := set(options.languages) - set(LANGUAGES):
        parser.error(f"not one of {', '.join(LANGUAGES)}: {', '.join(sorted(unknown))}")
    data = options.data or shared_root()
    if data is None:
        say("--data or TETRAPLA_SHARED names the folder of the manuals; without it the text is that of the sample")
    wanted = options.languages or LANGUAGES
    for language in wanted:
        speed(language, options, data)
    print()
    for language in wanted:
        recall(language, options)


if __name__ == "__main__":
    main()
