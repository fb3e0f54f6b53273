"""Write what is known of the paper without its sentences: hashes, spans and scores, into corpus/paper.

    python scripts/make_paper_index.py [FOLDER OF THE TEXTS] [FOLDER TO WRITE]

The texts lie in the folder `paper` of `shared_root()`. Every string that would be written is looked at: only names,
hashes and kinds may be; a word of the text ends the run.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tetrapla.align import align
from tetrapla.corpus import ALIGNMENT
from tetrapla.files import read_text, write_atomic
from tetrapla.formats.json import dump_alignment
from tetrapla.glossary import load, match
from tetrapla.model import Alignment, Bead, Document, Segmented
from tetrapla.resources import corpus_root, shared_root
from tetrapla.segment import segment

VERSIONS = ("zh", "en", "es", "fr")
TEXTS = {**{name: (f"{name}.txt", name) for name in VERSIONS}, "companion": ("companion.zh.txt", "zh")}
# Ids, kinds, versions, codes and hashes: one word of ASCII. A sentence has blanks, Chinese has other letters.
NAME = re.compile(r"[A-Za-z0-9._-]{0,64}")


def known_text(segmented: Segmented) -> str:
    """Return the file of a known text, a paragraph a line."""
    doc = segmented.document
    head = {"id": doc.id, "language": doc.language, "sha256": doc.sha256, "length": len(doc.text)}
    paragraphs = [
        {"id": seg.id, "kind": seg.kind, "spans": [[span.start, span.end] for span in seg.spans]}
        for seg in segmented.paragraphs
    ]
    lines = ",\n".join(f"  {json.dumps(paragraph)}" for paragraph in paragraphs)
    return f'{json.dumps(head)[:-1]},\n "paragraphs": [\n{lines}\n ]}}\n'


def without_evidence(bead: Bead) -> Bead:
    """Return a bead with its spans and scores only: evidence may quote words."""
    score = {name: round(value, 3) for name, value in bead.score.items()}
    return Bead(bead.id, bead.kind, bead.spans, score, sentences=tuple(map(without_evidence, bead.sentences)))


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from strings(key)
            yield from strings(item)


def write(path: Path, content: str) -> None:
    for string in strings(json.loads(content)):
        if not NAME.fullmatch(string):
            sys.exit(f"{path.name} would hold {string[:40]!r}, which is neither a name nor a hash")
    write_atomic(path, content)
    print(f"{path} {len(content)} characters", file=sys.stderr)


def main(arguments: list[str]) -> None:
    shared = shared_root()
    if not arguments and shared is None:
        sys.exit("the texts are not here; name their folder")
    texts = Path(arguments[0]) if arguments else (shared or Path()) / "paper"
    target = Path(arguments[1]) if len(arguments) > 1 else corpus_root() / "paper"
    segmented = {}
    for name, (file, language) in TEXTS.items():
        # No source: a path says something of the machine, not of the text.
        segmented[name] = segment(Document(name, language, read_text(texts / file).text))
        write(target / f"{name}.json", known_text(segmented[name]))
    versions, glossary = [segmented[name] for name in VERSIONS], load()
    mentions = {version.document.id: match(version, glossary) for version in versions}
    found = align(versions, pivot=VERSIONS[0], mentions=mentions)
    beads = tuple(without_evidence(bead) for bead in found.beads)
    write(target / ALIGNMENT, dump_alignment(Alignment(found.pivot, found.documents, beads)))


if __name__ == "__main__":
    main(sys.argv[1:])
