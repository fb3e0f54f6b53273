"""Italian: articles and prepositions elide before a vowel and are words of their own ("l'acqua" is l' + acqua)."""

import re

from tetrapla.languages import latin, registry

ABBREVIATIONS = frozenset(
    "art arch avv cap capp cfr dott dott.ssa dr ecc ed es fig figg ing n nn op p pag pagg pp prof prof.ssa rif sec sez "
    "sig sig.ra sigg ss tab vol voll".split()
)

registry.add("it")(
    latin(
        code="it",
        name="Italian",
        abbreviations=ABBREVIATIONS,
        elisions=re.compile(
            r"(?:[cdlmnstv]|gl|un|(?:a|co|da|de|ne|su)ll|be?ll|que(?:ll|st)|com|dov|nessun|sant|tutt)['’]",
            re.IGNORECASE,
        ),
        own_name="Italiano",
        caption_words=("Figura", "Fig.", "Fig", "Tabella", "Tab.", "Grafico"),
        abstract_words=("Riassunto", "Sommario"),
        keyword_words=("Parole chiave",),
        notes_words=("Note", "Nota"),
        reference_words=("Riferimenti bibliografici", "Riferimenti", "Bibliografia"),
    )
)
