"""English."""

from tetrapla.languages import latin, registry

ABBREVIATIONS = frozenset(
    "al approx art cf ch chap co corp dept dr ed eds e.g eg eq etc fig figs i.e ie inc jr ltd mr mrs ms nos "
    "op p pp prof ref refs sec sect sr st tab tabs u.k u.s vol vols vs".split()
)

registry.add("en")(
    latin(
        code="en",
        name="English",
        abbreviations=ABBREVIATIONS,
        own_name="English",
        caption_words=("Figure", "Fig.", "Fig", "Table", "Tab.", "Chart"),
        abstract_words=("Abstract", "Summary"),
        keyword_words=("Keywords", "Key words", "Keyword"),
        notes_words=("Notes", "Note"),
        reference_words=("References", "Bibliography", "Works cited"),
    )
)
