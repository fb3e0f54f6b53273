"""Make the sample corpus from its clean texts and its plan of damage.

usage: make_sample.py [--check]

Reads corpus/sample/clean/LANG.txt, units.tsv and plan.rec; writes corpus/sample/LANG.txt and corpus/sample/gold/*.json.
With --check nothing is written; exits 1 when a file on disk is not what the plan gives, 2 when the plan cannot be read.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tetrapla.disturb import damage, gold_files, read_plan, read_units
from tetrapla.errors import InputError

SAMPLE = Path(__file__).resolve().parents[1] / "corpus" / "sample"


def sample_files(folder: Path) -> tuple[dict[str, str], dict[str, Counter[str]]]:
    """Return what the files of the sample hold, by path in the folder, and how much noise of each type by language."""
    clean = read_units(folder)
    plans = read_plan(folder / "plan.rec", clean)
    made = {language: damage(language, clean[language], plan) for language, plan in plans.items()}
    files = {f"{language}.txt": text.text for language, text in made.items()}
    files |= {f"gold/{name}": content for name, content in gold_files(made).items()}
    return files, {language: Counter(noise.type for noise in text.noise) for language, text in made.items()}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file differs from the plan")
    parser.add_argument("--folder", type=Path, default=SAMPLE, help="the sample corpus (default: that of the checkout)")
    arguments = parser.parse_args(argv)
    folder: Path = arguments.folder
    try:
        files, counts = sample_files(folder)
    except InputError as e:
        print(f"make_sample: {e}", file=sys.stderr)
        return 2
    kept = {path.relative_to(folder).as_posix() for path in (*folder.glob("*.txt"), *folder.glob("gold/*.json"))}
    stale = sorted(kept - set(files))
    if arguments.check:
        differing = [name for name, content in files.items() if _content(folder / name) != content]
        for name in (*differing, *stale):
            print(f"make_sample: {name} is not what the plan gives; run scripts/make_sample.py", file=sys.stderr)
        return 1 if differing or stale else 0
    for name in stale:
        (folder / name).unlink()
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8", newline="")
    languages = list(counts)
    print(f"{'noise':16}" + "".join(f"{language:>5}" for language in languages))
    for kind in sorted({kind for count in counts.values() for kind in count}):
        print(f"{kind:16}" + "".join(f"{counts[language][kind]:5}" for language in languages))
    return 0


def _content(path: Path) -> str | None:
    """Return what a file holds, line ends untouched, or None where there is none."""
    if not path.is_file():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


if __name__ == "__main__":
    sys.exit(main())
