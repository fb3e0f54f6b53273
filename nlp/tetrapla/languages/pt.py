"""Portuguese."""

from tetrapla.languages import latin, registry

ABBREVIATIONS = frozenset(
    "art av cap cf dr dra ed eds etc ex exa fig figs jr núm op p pág págs pp prof profa ref sec sr sra sras srs tab "
    "vol vols vs".split()
)

registry.add("pt")(
    latin(
        code="pt",
        name="Portuguese",
        abbreviations=ABBREVIATIONS,
        own_name="Português",
        caption_words=("Figura", "Fig.", "Fig", "Tabela", "Quadro", "Gráfico"),
        abstract_words=("Resumo",),
        keyword_words=("Palavras-chave", "Palavras chave"),
        notes_words=("Notas", "Nota"),
        reference_words=("Referências", "Referências bibliográficas", "Bibliografia"),
    )
)
