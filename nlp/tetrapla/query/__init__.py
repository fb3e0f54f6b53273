"""Questions to an index: words, phrases, concepts and what is said of them, answered with lines and with figures.

    word  prefix*  "a phrase"  反向飞地          as they stand; Chinese exactly, at any length
    concept:ID  form:"…"  status:noise  damage:ocr   mentions of the glossary's concepts; said together, of one mention
    lang:es  doc:en-2  section:3.1  kind:list   passages
    type:truncation  missing:fr                 passages with noise; with a bead that has no French, or not the concept
    a near:5 b   a b   a OR b   NOT a   -a   ( )

`tetrapla.open` gives an `Index`. Of a query the hits are all places of its terms but of those under a NOT. What a word
is, the index says (`store.words`); a phrase has the same marks between its words as the query, blanks, quotes and
hyphens aside.
"""

from tetrapla.query._index import Index
from tetrapla.query._results import Concordance, Hit, Mark, Parallel, Row, Rows
from tetrapla.query._syntax import FIELDS, QueryError, parse

__all__ = ["FIELDS", "Concordance", "Hit", "Index", "Mark", "Parallel", "QueryError", "Row", "Rows", "parse"]
