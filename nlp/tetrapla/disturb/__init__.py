"""Make a scanned and machine-translated look-alike out of clean aligned texts, with gold for all that was done to
them.

To train, to choose thresholds and to measure, one needs texts whose damage is known. Here it is known by
construction:

    clean units ─ plan ─> damaged text + gold segments + gold noise

A `Plan` (see `text`) says by offsets into the clean units what is changed, torn, moved, dropped and put in, and how
lines are wrapped; `damage` carries it out and keeps book of every character. Plans come from two places: from a file
that people write (`records.read_plan`; the sample corpus is made that way), or by chance (`chance.disturb`), for any
corpus.

>>> from tetrapla.disturb import Unit, disturb
>>> clean = {"en": [Unit("P1", "body", "The house stands by the sea. It has been open for eleven years and is full.")]}
>>> disturb(clean, rates="clean")["en"].text == clean["en"][0].text + "\\n"
True
>>> disturb(clean, rates="heavy", seed=3)["en"] == disturb(clean, rates="heavy", seed=3)["en"]
True
"""

from tetrapla.disturb.chance import LEVELS, Rates, Rendering, disturb
from tetrapla.disturb.gold import alignment_gold, gold_files, noise_gold, read_units
from tetrapla.disturb.records import read_plan
from tetrapla.disturb.text import (
    JUNK,
    TYPES,
    WORD_LEVEL,
    Block,
    Change,
    Damaged,
    GoldNoise,
    GoldSegment,
    Layout,
    Mark,
    Plan,
    Unit,
    damage,
)

__all__ = [
    "JUNK",
    "LEVELS",
    "TYPES",
    "WORD_LEVEL",
    "Block",
    "Change",
    "Damaged",
    "GoldNoise",
    "GoldSegment",
    "Layout",
    "Mark",
    "Plan",
    "Rates",
    "Rendering",
    "Unit",
    "alignment_gold",
    "damage",
    "disturb",
    "gold_files",
    "noise_gold",
    "read_plan",
    "read_units",
]
