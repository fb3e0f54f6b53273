"""What speaks for a link, and what its second best place was: for whoever has to judge it.

A bead's `evidence` has for each version, as far as there is something to say:

    words       [word of the pivot, word of the version, weight (0..1)], what tells most first
    numbers     numbers, citations, notes, sections and figures that both name
    concepts    ids of the concepts that both name
    coverage    what the linked sentences cover of each other, above what any two do (-1..1)
    votes       what the other versions say, on the same scale
    neighbours  sentences of the version that stand before and after it in the same run of links
    second      the best other place: its bead, the offset at which it starts in the pivot, what it earns on that
                scale, and how much `less` that is (below zero where it would have earned more)

A passage without a counterpart has as `second` the place that it comes nearest to, with the share of its weight in
words that this place `covers` above the mean, and these words. All of it is bounded, as an alignment has a thousand
beads and is read by people.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tetrapla import languages
from tetrapla.align._backend import Path, Signs
from tetrapla.align.confidence import follows
from tetrapla.align.order import Link
from tetrapla.align.tokens import NUMBERS, Sentences, Token

__all__ = ["Witness", "told"]

WORDS = 4  # pairs of words that a bead names for each version
SHARED = 4  # numbers, and concepts
LEAST = 0.2  # a weaker pair of words tells a reader nothing
USUAL = 24  # a token in more sentences of the pivot does not lead to a place in it

Evidence = dict[str, Any]


class Witness:
    """What is known of the links of one version with the pivot; an aligner that says nothing leaves little."""

    def __init__(self, pivot: Sentences, other: Sentences, path: Path) -> None:
        self.pivot = pivot
        self.other = other
        self.path = path
        self._names = list(pivot.vocabulary), list(other.vocabulary)
        self._bags = _bags(pivot), _bags(other)
        self._weights = _weights(pivot), _weights(other)
        self._link_of = {j: k for k, link in enumerate(path.links) for j in link.other}
        self._runs = _runs(path.links)
        self._found: dict[tuple[int, int], dict[Token, str]] = {}
        self._postings: dict[int, list[int]] | None = None
        self._back: dict[int, dict[int, float]] = defaultdict(dict)

    def linked(self, own: Sequence[int], theirs: Sequence[int], bead_of: Mapping[int, str]) -> Evidence:
        """Return what links some sentences of the pivot with some of the version, which are one bead.

        `bead_of` has the ids of beads by the paragraphs of the pivot.
        """
        held = Counter(self._link_of[j] for j in theirs if j in self._link_of)
        evidence = self._shared(own, theirs)
        evidence["words"] = self._words([self.path.links[k] for k in sorted(held)])
        if held:
            evidence["neighbours"] = [self._runs[min(held)][0], self._runs[max(held)][1]]
            evidence |= self._signs(held, bead_of)
        return {name: value for name, value in evidence.items() if value or name in ("coverage", "votes")}

    def alone(self, theirs: Sequence[int], bead_of: Mapping[int, str]) -> Evidence:
        """Return the place that a passage without a counterpart comes nearest to; nothing where it is like none.

        Its longest sentence stands for it.
        """
        j = max(theirs, key=lambda j: self.other.items[j].length)
        i, covers = self._nearest(j)
        if i is None:
            return {}
        words = self._words([Link((i,), (j,), 0.0)])
        second = {**self._place(i, bead_of), "covers": round(covers, 2)}
        return {**({"words": words} if words else {}), "second": second}

    def _shared(self, own: Iterable[int], theirs: Iterable[int]) -> Evidence:
        """Return the numbers and concepts that two passages share to the letter, the rarest first."""
        ours = {t for i in own for t in self.pivot.items[i].tokens if t[0] in NUMBERS or t[0] == "concept"}
        both = ours & {token for j in theirs for token in self.other.items[j].tokens}
        rare = sorted(both, key=lambda token: (self.pivot.frequency[token], token))
        numbers = [_shown(token) for token in rare if token[0] in NUMBERS]
        concepts = [form for kind, form in rare if kind == "concept"]
        return {"numbers": numbers[:SHARED], "concepts": concepts[:SHARED]}

    def _words(self, links: Sequence[Link]) -> list[list[Any]]:
        """Return the words that hold links together, as they stand in the texts, each of them once."""
        best: dict[tuple[int, int], tuple[float, float, int, int]] = {}
        for link in links:
            theirs = {t: j for j in reversed(link.other) for t in self._bags[1][j]}
            for i in link.pivot:
                for s in self._bags[0][i]:
                    for t, weight in self._row(s, theirs):
                        tells = weight * (self._weights[0][s] + self._weights[1][t])
                        if weight >= LEAST and (s, t) not in best:
                            best[s, t] = (tells, weight, i, theirs[t])
        shown: list[list[Any]] = []
        used: set[str] = set()
        for (s, t), (_, weight, i, j) in sorted(best.items(), key=lambda item: (-item[1][0], item[0])):
            pair = [self._word(0, i, s), self._word(1, j, t)]
            # A word and its plural are one to a reader, and so are a word and the compound that begins with it.
            if not used.intersection(f"{side}{word.lower()}" for side, word in enumerate(pair)):
                shown.append([*pair, round(weight, 2)])
                used.update(f"{side}{word.lower()}" for side, word in enumerate(pair))
            if len(shown) == min(WORDS, len(links) + 2):
                break
        return shown

    def _row(self, s: int, theirs: Mapping[int, int]) -> list[tuple[int, float]]:
        """Return the links of a token of the pivot with some of the version; what is a word of neither is left out."""
        row = self.path.words.get(s, {})
        if not row or _is_sign(self._names[0][s]):
            return []
        if len(row) < len(theirs):
            return [(t, weight) for t, weight in row.items() if t in theirs]
        return [(t, row[t]) for t in theirs if t in row]

    def _word(self, side: int, sentence: int, number: int) -> str:
        """Return a token as a reader sees it in a sentence: the word, not its stem."""
        token = self._names[side][number]
        if (side, sentence) not in self._found:
            self._found[side, sentence] = _surface((self.pivot, self.other)[side], sentence)
        return self._found[side, sentence].get(token, token[1])

    def _signs(self, held: Mapping[int, int], bead_of: Mapping[int, str]) -> Evidence:
        """Return the signs of some links, by how many sentences each has in the bead, and the best other place."""
        if not self.path.signs:
            return {}
        signs = [(self.path.signs[k], count) for k, count in sorted(held.items())]
        evidence: Evidence = {"coverage": _mean((sign.words, count) for sign, count in signs)}
        votes = [(sign.votes, count) for sign, count in signs if sign.votes is not None]
        if votes:
            evidence["votes"] = _mean(votes)
        own = {self.pivot.items[i].paragraph for k in held for i in self.path.links[k].pivot}
        rivals = [(sign, sign.rival_at) for sign, _ in signs if sign.rival_at is not None]
        # Of places inside the bead itself one is as good as the other to a reader.
        elsewhere = [(sign, at) for sign, at in rivals if self.pivot.items[at].paragraph not in own] or rivals
        if elsewhere:
            sign, at = max(elsewhere, key=lambda item: (item[0].rival, -item[1]))
            less = _earned(sign) - sign.rival
            evidence["second"] = {
                **self._place(at, bead_of), "earns": round(sign.rival, 2), "less": round(less, 2)
            }  # fmt: skip
        return evidence

    def _place(self, i: int, bead_of: Mapping[int, str]) -> Evidence:
        sentence = self.pivot.items[i]
        return {"bead": bead_of[sentence.paragraph], "start": sentence.segment.start}

    def _nearest(self, j: int) -> tuple[int | None, float]:
        """Return the sentence of the pivot that covers most of one of the version, and how much above the mean.

        Found by the rarer words only, so that time does not grow with the square of the length.
        """
        places = self._index()
        covered: dict[int, float] = defaultdict(float)
        for t in self._bags[1][j]:
            best: dict[int, float] = {}
            for s, weight in self._back.get(t, {}).items():
                for i in places.get(s, ()):
                    best[i] = max(best.get(i, 0.0), weight * self._weights[1][t])
            for i, weight in best.items():
                covered[i] += weight
        if not covered:
            return None, 0.0
        whole = sum(self._weights[1][t] for t in self._bags[1][j])
        at = max(covered, key=lambda i: (covered[i], -i))
        return at, (covered[at] - sum(covered.values()) / len(self.pivot)) / whole

    def _index(self) -> dict[int, list[int]]:
        """Return in which sentences of the pivot each token stands that is rare enough to lead anywhere."""
        if self._postings is None:
            found: dict[int, list[int]] = defaultdict(list)
            for i, bag in enumerate(self._bags[0]):
                for s in bag:
                    found[s].append(i)
            self._postings = {s: places for s, places in found.items() if len(places) <= USUAL}
            for s, row in self.path.words.items():
                if s in self._postings:
                    for t, weight in row.items():
                        self._back[t][s] = weight
        return self._postings


def told(evidence: object) -> list[tuple[str, str]]:
    """Return what speaks for a link in words for people, each with what it is called.

    Takes whatever a file may hold; what is no evidence of ours is told as it stands.

    >>> told({"words": [["合同", "contract", 0.9]], "numbers": ["[3]"], "neighbours": [2, 5]})
    [('words', '合同 – contract'), ('numbers', '[3]'), ('neighbours', '2 sentences before it, 5 after it')]
    """
    if not isinstance(evidence, Mapping):
        return [("evidence", str(evidence))]
    found = []
    for name, value in evidence.items():
        match name, value:
            case "words", list() if all(isinstance(pair, list) and len(pair) > 1 for pair in value):
                found.append((name, ", ".join(f"{pair[0]} – {pair[1]}" for pair in value)))
            case _, list() if name in ("numbers", "concepts"):
                found.append((name, ", ".join(map(str, value))))
            case "coverage", int() | float():
                found.append((name, f"{value:.2f} above what any two passages have"))
            case "votes", int() | float():
                found.append((name, f"{value:.2f} by what the other versions say"))
            case "neighbours", [int(before), int(after)]:
                found.append((name, f"{before} sentences before it, {after} after it"))
            case "second", {"bead": bead, "earns": int() | float() as earns, "less": int() | float() as less}:
                than = f"{abs(less):.2f} {'less' if less >= 0 else 'more'} than here"
                found.append(("second best", f"{bead}: {earns:.2f}, which is {than}"))
            case "second", {"bead": bead, "covers": int() | float() as covers}:
                found.append(("nearest to", f"{bead}, which covers {covers:.2f} of its words more than the mean"))
            case _:
                found.append((str(name), str(value)))
    return found


def _bags(version: Sentences) -> list[list[int]]:
    """Return the numbers of the tokens of each sentence, in the order in which they stand."""
    numbers = version.vocabulary
    return [list(dict.fromkeys(numbers[token] for token in sentence.tokens)) for sentence in version.items]


def _weights(version: Sentences) -> list[float]:
    """Return how much each token tells: the logarithm of how rare it is."""
    return [math.log((len(version) + 1) / (version.frequency[token] + 0.5)) + 0.05 for token in version.vocabulary]


def _is_sign(token: Token) -> bool:
    return token[0] in NUMBERS or token[0] == "concept"


def _surface(version: Sentences, sentence: int) -> dict[Token, str]:
    """Return the words of a sentence by their tokens; those whose token is the word itself are left out."""
    text, language = version.items[sentence].text, languages.get(version.language)
    if language.joiner:
        words = language.words(text)
    elif any(kind == "en" for kind, _ in version.items[sentence].tokens):
        # Without blanks words are their own stems, but for Latin ones in Chinese, which count as English.
        language = languages.get("en")
        words = language.words(text)
    else:
        words = []
    found: dict[Token, str] = {}
    for word in words:
        found.setdefault((language.code, word.stem), word.text)
    return found


def _shown(token: Token) -> str:
    kind, form = token
    if kind == "①":
        return chr(ord("①") + int(form) - 1)
    return {"#": form, "[]": f"[{form}]", "§": f"§ {form}"}.get(kind, f"{kind} {form}")


def _runs(links: Sequence[Link]) -> list[tuple[int, int]]:
    """Return for each link how many sentences of the version stand before and after it in its run."""
    runs: list[list[int]] = []
    for k, link in enumerate(links):
        if k and follows(links[k - 1], link):
            runs[-1].append(k)
        else:
            runs.append([k])
    found = []
    for run in runs:
        sizes = [len(links[k].other) for k in run]
        before = 0
        for size in sizes:
            found.append((before, sum(sizes) - before - size))
            before += size
    return found


def _earned(sign: Signs) -> float:
    return sign.words + (sign.votes or 0.0)


def _mean(values: Iterable[tuple[float, int]]) -> float:
    pairs = list(values)
    return round(sum(value * count for value, count in pairs) / sum(count for _, count in pairs), 2)
