"""Write what is known of the paper without its sentences: hashes, spans and scores, into corpus/paper.

    python scripts/make_paper_index.py [FOLDER OF THE TEXTS] [FOLDER TO WRITE]

The texts lie in the folder `paper` of `shared_root()`. Every string that would be written is looked at: only names,
hashes and kinds may be; a word of the text ends the run. What a person decided on the alignment, on the page of
`tetrapla review`, stands in the journal beside it, and is put onto the new one.
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
from tetrapla.glossary import load
from tetrapla.model import Alignment, Bead, Document, Segmented
from tetrapla.pipeline import prepare
from tetrapla.resources import corpus_root, shared_root
from tetrapla.review import Rows, items_on, journal_path, read_journal, reviewed, row_values
from tetrapla.segment import segment

VERSIONS = ("zh", "en", "es", "fr")
TEXTS = {**{name: (f"{name}.txt", name) for name in VERSIONS}, "companion": ("companion.zh.txt", "zh")}
# Ids, kinds, versions, codes and hashes: one word of ASCII. A sentence has blanks, Chinese has other letters.
NAME = re.compile(r"[A-Za-z0-9._+-]{0,64}")


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
    # A whole 1 says that a person confirmed the link: rounding must not.
    score = {name: value if value == 1 else min(round(value, 3), 0.999) for name, value in bead.score.items()}
    return Bead(bead.id, bead.kind, bead.spans, score, sentences=tuple(map(without_evidence, bead.sentences)))


def as_reviewed(found: Alignment, journal: Path) -> Alignment:
    """Return an alignment with what the journal says of it; as it is where there is none."""
    if not journal.exists():
        return found
    items = items_on(found, *read_journal(journal))
    return reviewed(Rows(found, row_values(items)), found)


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
    documents = []
    for name, (file, language) in TEXTS.items():
        # No source: a path says something of the machine, not of the text.
        documents.append(Document(name, language, read_text(texts / file).text))
        write(target / f"{name}.json", known_text(segment(documents[-1])))
    versions, mentions = prepare([doc for doc in documents if doc.id in VERSIONS], load())
    found = align(tuple(versions.values()), pivot=VERSIONS[0], mentions=mentions)
    made = as_reviewed(found, journal_path(target / ALIGNMENT))
    beads = tuple(without_evidence(bead) for bead in made.beads)
    write(target / ALIGNMENT, dump_alignment(Alignment(made.pivot, made.documents, beads)))


if __name__ == "__main__":
    main(sys.argv[1:])
