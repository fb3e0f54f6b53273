"""A review: what people decide on an alignment, on a page in the browser, kept so that nothing of it is lost.

    paper.json ── Rows: beads as they stand ──┐                     ┌── reviewed(): an alignment
    paper.review.jsonl ── Journal ── Ledger ──┴── change() ─ Entry ─┴── decisions(): for `align --keep`
                                                                       repairs(), changed_glossary()

Every decision is an entry: one line of the journal, which only grows and is on the disk before anybody is told that it
is saved. The ledger is what the entries come to: items by key (rows, notes, findings, terms), each with the revision
that it was set by. Who decides says which revisions he had before him; where one has changed he is told by whom.

    file and history    _entry, _journal, _lock (one program at a time), _ledger (compare-and-set, undo and redo)
    rows                _rows, _changes with _draft, _moves and _cuts (what each decision sets), _parts (of spans)
    other alignments    _impose with _shares (decided rows put onto another alignment of the same texts), _carry
    what comes of it    _result (alignment, decisions, progress), _repairs (edits), _terms (glossary)
    two reviewers       _merge (two journals into one), _agreement (Cohen's kappa)
    the texts           _prepared (what is known of them, compact), _glimpse (as long as that is not there), _mentions
                        and _concepts, _homes (which row holds a place), _marks (findings as they stand), _types;
                        _look has these as of one moment, _reading the latest
    what is shown       _cells with _runs, _cards, _search, _quality (what to look at), _records (rows as the page has)
    in the background   _work (in a process of its own), _jobs (those processes), _background (as pages are told of
                        them), _renewal (which comes when, and what is done with the result)
    what is open        _state (what the parts share, under one lock), _texts (what is asked of it), _feed (what pages
                        are told), _desk (one document: all of these), _shelf (all documents)
    the page            _app with _asked, _answers and _text_answers (endpoints), _guard (who may ask), _serve and
                        _entrance (what the browser is started with)

The page is static/page.html and what it loads; it asks the server and nobody else. What serves it is imported from
`_serve`, late: only that needs FastAPI and uvicorn.
"""

from tetrapla.review._agreement import Agreement, agreement
from tetrapla.review._carry import items_on
from tetrapla.review._changes import NOTE
from tetrapla.review._journal import SUFFIX, Head, Journal, journal_path, read_journal, write_journal
from tetrapla.review._ledger import Conflict, Entry, Ledger
from tetrapla.review._merge import Disagreement, Merged, merge
from tetrapla.review._prepared import prepared
from tetrapla.review._repairs import edits as repairs
from tetrapla.review._repairs import lost as lost_repairs
from tetrapla.review._result import Progress, decisions, figures, reviewed
from tetrapla.review._rows import ROW, Row, Rows, digest, row_values
from tetrapla.review._terms import changed as changed_glossary

__all__ = [
    "NOTE",
    "ROW",
    "SUFFIX",
    "Agreement",
    "Conflict",
    "Disagreement",
    "Entry",
    "Head",
    "Journal",
    "Ledger",
    "Merged",
    "Progress",
    "Row",
    "Rows",
    "agreement",
    "changed_glossary",
    "decisions",
    "digest",
    "figures",
    "items_on",
    "journal_path",
    "lost_repairs",
    "merge",
    "prepared",
    "read_journal",
    "repairs",
    "reviewed",
    "row_values",
    "write_journal",
]
