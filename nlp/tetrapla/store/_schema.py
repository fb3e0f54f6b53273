"""What the file of an index holds: its tables, and the steps from each version of them to the next.

The version of the schema is `PRAGMA user_version`, the number of steps that a file has behind it; `APPLICATION` marks
our files. A step is a list of statements and, once released, never changed: what the schema needs next is a new step.

A document is part of the index once its source is complete: readers take the view `live` for the table `document`.
All places of text are half-open, in code points: in the text of the passage, but those of `paragraph`, which are in the
raw document. Lists and records are JSON.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["APPLICATION", "STEPS", "VERSION"]

APPLICATION = 0x54455452  # "TETR"

VERSION_1 = (
    # What was added: a file. `sha256` is that of what is in it, of its documents' texts too; `recipe` says what else
    # the rows hang on (program, glossary, whether noise was looked for); `added` is a time in UTC (ISO 8601). While a
    # source is replaced, the old one and the new one, not yet complete, stand side by side.
    """
    CREATE TABLE source (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('alignment', 'text')),
        sha256 TEXT NOT NULL,
        recipe TEXT NOT NULL,
        pivot TEXT NOT NULL,
        added TEXT NOT NULL,
        complete INTEGER NOT NULL DEFAULT 0,
        UNIQUE (name, complete)
    ) STRICT
    """,
    # A version: `name` is its id in the alignment ('zh', 'en-2'), for a single text its language; `length` is in code
    # points of the raw text, `words` those of its passages.
    """
    CREATE TABLE document (
        id INTEGER PRIMARY KEY,
        source INTEGER NOT NULL REFERENCES source,
        number INTEGER NOT NULL,
        name TEXT NOT NULL,
        language TEXT NOT NULL,
        path TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        length INTEGER NOT NULL,
        words INTEGER NOT NULL,
        UNIQUE (source, name)
    ) STRICT
    """,
    """
    CREATE VIEW live AS
        SELECT document.* FROM document JOIN source ON source.id = document.source WHERE source.complete
    """,
    # Beads are numbered in the pivot's order, from 1.
    """
    CREATE TABLE bead (
        id INTEGER PRIMARY KEY,
        source INTEGER NOT NULL REFERENCES source,
        number INTEGER NOT NULL,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        UNIQUE (source, number)
    ) STRICT
    """,
    # How likely it is (0..1) that the side of a bead in a document is linked rightly.
    """
    CREATE TABLE link (
        bead INTEGER NOT NULL REFERENCES bead,
        document INTEGER NOT NULL REFERENCES document,
        score REAL NOT NULL,
        PRIMARY KEY (bead, document)
    ) STRICT, WITHOUT ROWID
    """,
    # The unit of search: the side of a bead in a document, or a paragraph of a single text (bead NULL); numbered from
    # 1 in the order of the beads or of the text. `text` is running text after the safe repairs, a line feed between
    # paragraphs; `section` the number of the section ('3.1'), '' before the first; `origins` as `store.Origins`; `line`
    # that of the raw text, from 1, on which it begins.
    """
    CREATE TABLE passage (
        id INTEGER PRIMARY KEY,
        document INTEGER NOT NULL REFERENCES document,
        bead INTEGER REFERENCES bead,
        number INTEGER NOT NULL,
        kind TEXT NOT NULL,
        section TEXT NOT NULL,
        text TEXT NOT NULL,
        origins TEXT NOT NULL,
        line INTEGER NOT NULL,
        words INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE UNIQUE INDEX passage_by_document ON passage (document, number)",
    "CREATE INDEX passage_by_bead ON passage (bead, document)",
    # The words of each passage as `store.spaced` gives them; a query is made of `store.phrase`. The tokenizer knows
    # ASCII only, which is all that it takes for words that are ready.
    """
    CREATE VIRTUAL TABLE passage_fts USING fts5 (text, content = '', columnsize = 0, tokenize = 'ascii')
    """,
    # The document's own paragraphs: first and last raw character.
    """
    CREATE TABLE paragraph (
        id INTEGER PRIMARY KEY,
        document INTEGER NOT NULL REFERENCES document,
        number INTEGER NOT NULL,
        kind TEXT NOT NULL,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        UNIQUE (document, number)
    ) STRICT
    """,
    # Sentences, numbered within the passage from 1; one that two beads share stands in both, in parts.
    """
    CREATE TABLE sentence (
        id INTEGER PRIMARY KEY,
        passage INTEGER NOT NULL REFERENCES passage,
        paragraph INTEGER REFERENCES paragraph,
        number INTEGER NOT NULL,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX sentence_by_passage ON sentence (passage, start)",
    # Where a passage names a concept; `form` is the glossary's, `language`, `status` and `damage` (NULL for none, or
    # where it is not known which) are those of the form.
    """
    CREATE TABLE mention (
        id INTEGER PRIMARY KEY,
        passage INTEGER NOT NULL REFERENCES passage,
        document INTEGER NOT NULL REFERENCES document,
        bead INTEGER REFERENCES bead,
        concept TEXT NOT NULL,
        form TEXT NOT NULL,
        language TEXT NOT NULL,
        status TEXT NOT NULL,
        damage TEXT,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX mention_by_concept ON mention (concept, document, bead, status, damage, language)",
    "CREATE INDEX mention_by_passage ON mention (passage, start)",
    "CREATE INDEX mention_by_status ON mention (status)",
    # What is wrong, or was: of a safe repair that was made, start = end is where it was; `text` is the raw text.
    """
    CREATE TABLE finding (
        id INTEGER PRIMARY KEY,
        passage INTEGER NOT NULL REFERENCES passage,
        document INTEGER NOT NULL REFERENCES document,
        type TEXT NOT NULL,
        grade TEXT NOT NULL,
        score REAL NOT NULL,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        text TEXT NOT NULL,
        replacement TEXT,
        concept TEXT,
        message TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX finding_by_type ON finding (type, document)",
    "CREATE INDEX finding_by_passage ON finding (passage)",
    # The glossary as it was when last something was added: canonical forms, and all of it as `glossary.as_json`.
    """
    CREATE TABLE concept (
        id TEXT PRIMARY KEY,
        zh TEXT,
        en TEXT,
        es TEXT,
        fr TEXT,
        record TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)

STEPS: Sequence[Sequence[str]] = (VERSION_1,)
VERSION = len(STEPS)
