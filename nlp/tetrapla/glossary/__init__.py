"""The concepts, every name that they have in each language, and where texts use them.

A concept is one entry however many names it has; every name has a status: preferred (one a language), admitted,
deprecated, or noise (only machine translation or OCR made it). The files are records that people edit::

    id: local-buzz
    zh: 本地蜂鸣
    en: local buzz
    es: zumbido local
    es_wrong: abeja local
    def_en: What people of one trade and place learn from one another in passing.
    broader: knowledge-spillover
    rel: compared-with global-pipeline
    source: paper 3.2

Concept and term as in ISO 704 and TBX; preferred, admitted and noise are SKOS's prefLabel, altLabel and hiddenLabel.
"""

from tetrapla.glossary._consistency import Usage, usages
from tetrapla.glossary._glossary import Glossary, as_json, load, save
from tetrapla.glossary._hits import Hit
from tetrapla.glossary._match import Matcher, match
from tetrapla.glossary._records import RecordFile
from tetrapla.glossary._relations import RELATIONS, Fact, Family, inverse_of, is_symmetric, relation_label, told
from tetrapla.glossary._systems import System, find_system, load_systems, members, network
from tetrapla.glossary._table import FormCount, Row, table
from tetrapla.glossary._validate import Problem, validate

__all__ = [
    "RELATIONS",
    "Fact",
    "Family",
    "FormCount",
    "Glossary",
    "Hit",
    "Matcher",
    "Problem",
    "RecordFile",
    "Row",
    "System",
    "Usage",
    "as_json",
    "find_system",
    "inverse_of",
    "is_symmetric",
    "load",
    "load_systems",
    "match",
    "members",
    "network",
    "relation_label",
    "save",
    "table",
    "told",
    "usages",
    "validate",
]
