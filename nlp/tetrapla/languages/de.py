"""German: ordinals are written with a point, and nouns are long but one word each."""

from tetrapla.languages import latin, registry

ABBREVIATIONS = frozenset(
    "abb abs allg anm aufl ausg bd bde bsp bspw bzgl bzw ca d.h d.i dgl dipl dr ebd ehem einschl etc "
    "evtl ff fig frl geb gem gest ggf hg hl hr hrsg inkl ing insb jh jhd jr kap lfd lt m.e mind "
    "mio mrd n.chr nr o.ä od prof rd ref s.o s.u sog sr st std str tab tel u.a u.ä u.u usf usw v.a "
    "v.chr verf vgl vol z.b z.t z.zt zit zzgl".split()
)

registry.add("de")(
    latin(
        code="de",
        name="German",
        abbreviations=ABBREVIATIONS,
        ordinals=True,
        own_name="Deutsch",
        caption_words=("Abbildung", "Abb.", "Abb", "Tabelle", "Tab.", "Grafik"),
        abstract_words=("Zusammenfassung", "Kurzfassung"),
        keyword_words=("Schlüsselwörter", "Schlagwörter", "Stichwörter"),
        notes_words=("Anmerkungen", "Anmerkung", "Fußnoten"),
        reference_words=("Literatur", "Literaturverzeichnis", "Quellen"),
    )
)
