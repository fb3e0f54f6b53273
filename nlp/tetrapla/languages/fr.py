"""French: articles and pronouns elide before a vowel and are words of their own ("l'eau" is l' + eau)."""

import re

from tetrapla.languages import latin, registry

ABBREVIATIONS = frozenset(
    "art av cf chap cie dr éd éds env etc ex fig figs m mm mme mlle op p pp prof réf sec st tab vol vols".split()
)

registry.add("fr")(
    latin(
        code="fr",
        name="French",
        abbreviations=ABBREVIATIONS,
        elisions=re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’]", re.IGNORECASE),
        own_name="Français",
        caption_words=("Figure", "Fig.", "Fig", "Tableau", "Graphique"),
        abstract_words=("Résumé",),
        keyword_words=("Mots-clés", "Mots clés", "Mots-clefs"),
        notes_words=("Notes", "Note", "Remarques"),
        reference_words=("Références", "Bibliographie"),
    )
)
