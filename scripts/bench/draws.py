"""Stretches of the parallel manuals, drawn by a seed and damaged: what several measurements are made on.

The texts are private: what is not there is named on standard error and left out.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tetrapla.errors import InputError, TetraplaError
from tetrapla.resources import shared_root

__all__ = ["Stretch", "Texts", "damaged", "data_of", "report", "say", "there"]


@dataclass(frozen=True)
class Stretch:
    """Paragraphs of a manual, `count` from the number `start` on, and how `script` damages them."""

    script: Path
    manual: Path
    start: int
    count: int
    seed: int
    level: str = "clean"

    def __str__(self) -> str:
        return f"{self.manual.name} from paragraph {self.start}, {self.level}"


@dataclass(frozen=True)
class Texts:
    """Where the texts lie, and how many stretches are drawn of each manual."""

    data: Path
    draws: int
    seed: int

    def manuals(self, pattern: str) -> list[Path]:
        """Return the folders of manuals, none where there is nothing to damage them with."""
        script = self.data / "eval" / "disturb.py"
        return [gold.parent for gold in self.found("corpora", pattern)] if there([script]) else []

    def found(self, folder: str, pattern: str) -> list[Path]:
        """Return the files that a pattern finds in a folder of the texts; say so where there are none."""
        paths = sorted((self.data / folder).glob(pattern))
        if not paths:
            say(f"there is no {self.data / folder / pattern}; left out")
        return paths

    def stretches(self, manual: Path, count: int) -> list[Stretch]:
        """Return stretches of a manual, the same ones for the same seed, whatever else is measured."""
        chance = random.Random(f"{self.seed}/{manual.parent.name}/{manual.name}")
        last = max(len(json.loads((manual / "gold.json").read_text("utf-8"))) - count, 0)
        script = self.data / "eval" / "disturb.py"
        return [Stretch(script, manual, chance.randint(0, last), count, self.seed + draw) for draw in range(self.draws)]


def say(message: str) -> None:
    print(f"{Path(sys.argv[0]).stem}: {message}", file=sys.stderr, flush=True)


def there(paths: Iterable[Path]) -> bool:
    """Return whether all of these are there, and say which are not: the texts are private, so that is no failure."""
    missing = [path for path in paths if not path.exists()]
    for path in missing:
        say(f"there is no {path}; left out")
    return not missing


def data_of(given: Path | None) -> Path | None:
    """Return the folder of the texts, the one given or else that of `shared_root`; say so where there is none."""
    data = given or shared_root()
    if data is None:
        say("the texts are not here: --data or TETRAPLA_SHARED names their folder; nothing is measured")
    return data


def report(sections: Mapping[str, Callable[..., str]], wanted: Sequence[str] | None, *arguments: object) -> int:
    """Print the sections that are wanted, by default all, each under its name, and return the exit status."""
    try:
        for name in wanted or sections:
            if content := sections[name](*arguments):
                print(f"## {name}\n\n{content}", flush=True)
    except TetraplaError as e:
        say(str(e))
        return 2
    return 0


@contextmanager
def damaged(stretch: Stretch) -> Iterator[Path]:
    """Give a folder with the four versions of a stretch as damaged, and their gold.

    Raises:
        InputError: the script that damages them fails.
    """
    options = {"--start": stretch.start, "--count": stretch.count, "--seed": stretch.seed, "--level": stretch.level}
    given = [str(word) for option in options.items() for word in option]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(stretch.script), str(stretch.manual), folder, *given]
        ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        if ran.returncode:
            raise InputError(f"{stretch.script} failed on {stretch}: {ran.stderr.strip()[-200:]}")
        yield Path(folder)
