"""Spanish."""

from tetrapla.languages import latin, registry

ABBREVIATIONS = frozenset(
    "art av cap cía cf dr dra ed eds ee.uu ej etc fig figs núm num op p pág págs pp prof ref sec sr sra srta "
    "tab ud uds vol vols vs".split()
)

registry.add("es")(
    latin(
        code="es",
        name="Spanish",
        abbreviations=ABBREVIATIONS,
        own_name="Español",
        caption_words=("Figura", "Fig.", "Fig", "Tabla", "Cuadro", "Gráfico"),
        abstract_words=("Resumen", "Extracto"),
        keyword_words=("Palabras clave", "Palabras claves"),
        notes_words=("Notas", "Nota"),
        reference_words=("Referencias", "Bibliografía"),
    )
)
