"""Measure how many concepts of the glossary `tetrapla glossary propose` would have found, each hidden by itself.

    python scripts/bench/propose.py [ALIGNMENT] [--every 1] [--missed] [--fit] [--data DIR]

What is measured. A concept counts for a version that names it by a form of its language that is not noise. It is taken
out of the glossary with all its forms in all languages; everything else stays known, in all versions, and is not
proposed. The proposals for the version are made anew, as the command makes them, and looked through from the first. A
proposal is a record: a form, and up to three other ways to cut or word the same passage (`en_alt`). The concept is
found at n where one of the first n records has one of its forms, equal but for number, gender, case, hyphens and
quotes. Given are recall at 50, 100 and 200

forms    equality as above, with any form of the record: the headline
first    with the first form of the record only
strict   letter for letter, with any form of the record
within   the record has a form that holds one of the concept's, or the other way round: lenient

output   as `forms`, but in any record that the command writes with `--limit 100` for all versions: also in one that was
         found in another version and has the form as what stands opposite

and besides, for the headline, the recall of concepts that the version names twice or more and of those named once.
Weights were fitted on the same concepts (`--fit` prints them anew, from the concepts and the texts at hand), some forty
for each kind of script against some hundreds of concepts: by four-fold cross-validation over concepts `--fit` also
tells how much is lost on concepts that they were not fitted on.

ALIGNMENT is what `tetrapla align` wrote; without it the paper in DIR (`shared_root()` by default) is aligned first.
`--every 5` hides each fifth concept only; all of them, and `--fit`, take about half an hour.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from draws import say
from numpy.typing import NDArray

from tetrapla import pipeline
from tetrapla.formats.json import load_alignment
from tetrapla.glossary import Glossary, RecordFile, load, match
from tetrapla.model import Alignment, Mention, Segmented
from tetrapla.propose import Ranking, Survey, new_concepts, picked, survey
from tetrapla.propose._candidates import Keys
from tetrapla.propose._known import keys_of_form
from tetrapla.propose._ranking import FEATURES
from tetrapla.resources import shared_root
from tetrapla.segment import segment

AT = (50, 100, 200)
LIMIT = 100
MEASURES = ("forms", "first", "strict", "within", "output")
NEVER = 10**6
FOLDS = 4
ROUNDS = 3
RIVALS = 1500  # wrong candidates of a version that compete for a place
FAR = 0.02  # what any other one counts
PENALTY = 10.0
Matrix = NDArray[np.float64]


@dataclass
class Ranks:
    """At which proposal each concept of a version was found, by measure, and how often the version names it."""

    found: dict[str, dict[str, int]] = field(default_factory=dict)
    named: dict[str, int] = field(default_factory=dict)

    def recall(self, measure: str, at: int, concepts: Sequence[str] | None = None) -> float:
        """Return the share of some concepts, by default all, that were found among the first proposals."""
        chosen = list(self.found) if concepts is None else concepts
        return sum(self.found[c][measure] <= at for c in chosen) / max(1, len(chosen))


@dataclass(frozen=True)
class Bench:
    """Versions with their alignment, and the glossary of which concepts are hidden."""

    versions: Mapping[str, Segmented]
    alignment: Alignment
    glossary: Glossary
    survey: Survey

    def mentions(self, glossary: Glossary) -> dict[str, list[Mention]]:
        """Return where each version names which concept of a glossary."""
        return {name: match(version, glossary) for name, version in self.versions.items()}

    def hidden(self, concept: str) -> dict[str, Ranking]:
        """Return the rankings that there are without a concept."""
        rest = without(self.glossary, concept)
        return self.survey.rankings(self.mentions(rest), rest)

    def named(self) -> dict[str, Counter[str]]:
        """Return how often each version names each concept by forms of its language that are not noise."""
        counts = {}
        for name, found in self.mentions(self.glossary).items():
            code = self.survey.candidates[name].text.language
            sound = [one.concept for one in found if one.term.status != "noise" and one.term.language == code]
            counts[name] = Counter(sound)
        return counts

    @staticmethod
    def code(ranking: Ranking) -> str:
        """Return the language of a version."""
        return ranking.candidates.text.language

    def keys(self, concept: str, ranking: Ranking) -> set[Keys]:
        """Return what the forms of a concept in the language of a version are known by."""
        code = self.code(ranking)
        return {keys_of_form(form, code) for form in self.forms(concept, code)}

    def forms(self, concept: str, language: str) -> list[str]:
        """Return the forms of a concept that are not noise."""
        terms = self.glossary[concept].terms
        return [term.form for term in terms if term.language == language and term.status != "noise"]


def without(glossary: Glossary, concept: str) -> Glossary:
    """Return a glossary without a concept; its relations to others are not looked at here."""
    entry = glossary.entry(concept)
    lines = entry.file.text.split("\n")
    del lines[entry.record.line - 1 : entry.record.last_line]
    rest = RecordFile(entry.file.name, "\n".join(lines))
    return Glossary(tuple(rest if file is entry.file else file for file in glossary.files))


def ranks(bench: Bench, every: int) -> dict[str, Ranks]:
    """Return where each hidden concept is found in the proposals for each version that names it."""
    named = bench.named()
    made = {name: Ranks(named=dict(counts)) for name, counts in named.items()}
    concepts = [concept for concept in bench.glossary if any(concept in counts for counts in named.values())][::every]
    for done, concept in enumerate(concepts):
        if done % 5 == 0:
            say(f"{done} of {len(concepts)} concepts")
        rankings = bench.hidden(concept)
        written = new_concepts(bench.survey, rankings, LIMIT)
        for name, ranking in rankings.items():
            if concept in named[name]:
                made[name].found[concept] = _places(bench, ranking, concept)
                shown = [form for record in written for w in record.wordings if w.document == name for form in w.forms]
                if bench.keys(concept, ranking).intersection(keys_of_form(form, bench.code(ranking)) for form in shown):
                    made[name].found[concept]["output"] = 1
    return made


def _places(bench: Bench, ranking: Ranking, concept: str) -> dict[str, int]:
    text = ranking.candidates.text
    written = bench.forms(concept, text.language)
    wanted = bench.keys(concept, ranking)
    found = dict.fromkeys(MEASURES, NEVER)
    for place, pick in enumerate(picked(ranking.known, ranking.scores, max(AT)), start=1):
        offered = [pick.keys, *pick.alternatives]
        shown = [text.form(*ranking.candidates.items[keys].places[0]) for keys in offered]
        right = {
            "forms": any(keys in wanted for keys in offered),
            "first": pick.keys in wanted,
            "strict": any(form in written for form in shown),
            "within": any(_holds(a, b) or _holds(b, a) for a in offered for b in wanted),
        }
        for measure, is_right in right.items():
            if is_right:
                found[measure] = min(found[measure], place)
    return found


def _holds(long: Keys, short: Keys) -> bool:
    if len(long) == len(short) == 1:
        return short[0][0] in long[0][0]
    return any(long[k : k + len(short)] == short for k in range(len(long) - len(short) + 1))


def table(made: Mapping[str, Ranks]) -> str:
    """Return the figures as a Markdown table."""
    lines = [
        "| version | concepts | " + " | ".join(f"{measure}: @{', @'.join(map(str, AT))}" for measure in MEASURES[:-1])
        + " | output | named twice or more @100 | once @100 |",
        "| --- " * (4 + len(MEASURES)) + "|",
    ]  # fmt: skip
    for name, one in made.items():
        often = [concept for concept in one.found if one.named[concept] > 1]
        once = [concept for concept in one.found if one.named[concept] == 1]
        cells = [", ".join(f"{one.recall(measure, at):.2f}" for at in AT) for measure in MEASURES[:-1]]
        cells.append(f"{one.recall('output', LIMIT):.2f}")
        cells += [f"{one.recall('forms', 100, part):.2f} of {len(part)}" for part in (often, once)]
        lines.append(f"| {name} | {len(one.found)} | {' | '.join(cells)} |")
    return "\n".join(lines)


# ---- weights -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Examples:
    """Candidates of one kind of script as rows of features: `wrong` ones by version, and forms of concepts.

    `concept` is the number of the concept and version of each form, `fold` its fold for cross-validation.
    """

    wrong: Sequence[Matrix]
    right: Matrix
    concept: NDArray[np.int64]
    fold: NDArray[np.int64]

    def but(self, fold: int) -> Examples:
        """Return the examples without the forms of a fold."""
        kept = self.fold != fold
        return Examples(self.wrong, self.right[kept], self.concept[kept], self.fold[kept])


def examples(bench: Bench) -> dict[str, Examples]:
    """Return the forms of all concepts, each concept hidden by itself, and all candidates that are none."""
    wrong: defaultdict[str, list[Matrix]] = defaultdict(list)
    rows: defaultdict[str, list[list[float]]] = defaultdict(list)
    concepts: defaultdict[str, list[str]] = defaultdict(list)
    for ranking in bench.survey.rankings(bench.mentions(bench.glossary), bench.glossary).values():
        wrong[_script(ranking)].append(np.array([ranking.features(keys) for keys in ranking.free]))
    named = bench.named()
    for done, concept in enumerate(bench.glossary):
        if done % 20 == 0:
            say(f"{done} of {len(bench.glossary)} concepts")
        if any(concept in counts for counts in named.values()):
            for name, ranking in bench.hidden(concept).items():
                found = bench.keys(concept, ranking) & ranking.free.keys() if concept in named[name] else set()
                rows[_script(ranking)] += [ranking.features(keys) for keys in found]
                concepts[_script(ranking)] += [f"{concept} {name}"] * len(found)
    made = {}
    for script, of in concepts.items():
        numbers = np.array([list(dict.fromkeys(of)).index(one) for one in of])
        folds = np.array([zlib.crc32(one.split()[0].encode()) % FOLDS for one in of])
        made[script] = Examples(wrong[script], np.array(rows[script]), numbers, folds)
    return made


def _script(ranking: Ranking) -> str:
    return "han" if ranking.candidates.text.han else "alphabet"


def fitted(given: Examples) -> Matrix:
    """Return the weights of a logistic regression that tells forms of concepts from the best of the wrong candidates.

    Of the forms of a concept those count that are found best, for one of them will do; of the wrong candidates mostly
    those that compete for a place. Both is known from the weights of the round before.
    """
    share = np.ones(len(given.right))
    rivals = [np.ones(len(rows)) for rows in given.wrong]
    for _ in range(ROUNDS):
        weights = _regression(np.concatenate(given.wrong), given.right, np.concatenate(rivals), share)
        likely = np.exp(given.right @ weights - (given.right @ weights).max())
        share = likely / np.bincount(given.concept, likely)[given.concept]
        rivals = []
        for rows in given.wrong:
            scores = rows @ weights
            rivals.append(np.where(scores >= np.sort(scores)[-min(RIVALS, len(scores))], 1.0, FAR))
    return weights


def _regression(wrong: Matrix, right: Matrix, of_wrong: Matrix, of_right: Matrix) -> Matrix:
    """Return weights by Newton's method; the right rows weigh a fifth of what the wrong ones do, all together."""
    rows = np.r_[wrong, right]
    spread = rows.std(0) + 1e-9
    columns = np.c_[(rows - rows.mean(0)) / spread, np.ones(len(rows))]
    target = np.r_[np.zeros(len(wrong)), np.ones(len(right))]
    worth = np.r_[of_wrong, of_right * (of_wrong.sum() / of_right.sum() / 5)]
    weights = np.zeros(columns.shape[1])
    ridge = np.r_[np.full(rows.shape[1], PENALTY), 1e-6]
    for _ in range(25):
        chance = 1 / (1 + np.exp(-np.clip(columns @ weights, -30, 30)))
        slope = columns.T @ (worth * (chance - target)) + ridge * weights
        curve = (columns * (worth * chance * (1 - chance))[:, None]).T @ columns + np.diag(ridge)
        weights -= np.linalg.solve(curve, slope)
    result: Matrix = weights[:-1] / spread
    return result


def fit(bench: Bench) -> None:
    """Print weights, and for how many concepts a form scores above the 200th wrong candidate of each version.

    Support is told by the weights in use: fit twice after a change to other features.
    """
    for script, given in examples(bench).items():
        weights = fitted(given)
        inside, outside = given.right @ weights, np.zeros(len(given.right))
        for fold in range(FOLDS):
            held = fitted(given.but(fold))
            outside[given.fold == fold] = given.right[given.fold == fold] @ held - _bar(given, held)
        shares = [_found(given, scores) for scores in (inside - _bar(given, weights), outside)]
        print(f"{script}: {given.concept.max() + 1} concepts, {shares[0]:.3f}; cross-validated {shares[1]:.3f}")
        print(f'    "{script}": {{')
        for name, weight in zip(FEATURES, weights, strict=True):
            if weight:
                print(f'        "{name}": {weight:.3g},')
        print("    },")


def _bar(given: Examples, weights: Matrix) -> float:
    return float(np.sort(np.concatenate(given.wrong) @ weights)[-200 * len(given.wrong)])


def _found(given: Examples, above: Matrix) -> float:
    return len(set(given.concept[above > 0])) / (int(given.concept.max()) + 1)


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("alignment", nargs="?")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--missed", action="store_true")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--data", type=Path, default=shared_root())
    options = parser.parse_args(arguments)
    if options.alignment:
        alignment = load_alignment(options.alignment)
    elif options.data is not None and (options.data / "paper").is_dir():
        paper = options.data / "paper"
        alignment = pipeline.align_files([paper / f"{code}.txt" for code in ("zh", "en", "es", "fr")]).alignment
    else:
        say("the texts are missing: name an alignment, or a folder with --data")
        return
    versions = {document.id: segment(document) for document in alignment.documents}
    bench = Bench(versions, alignment, load(), survey(versions, alignment))
    if options.fit:
        fit(bench)
        return
    made = ranks(bench, options.every)
    print(table(made))
    if options.missed:
        for name, one in made.items():
            print(name, ", ".join(sorted(concept for concept in one.found if one.found[concept]["forms"] > 100)))


if __name__ == "__main__":
    main(sys.argv[1:])
