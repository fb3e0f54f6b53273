"""Documents and comparisons built by hand, for tests."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from tetrapla.checks import Comparison
from tetrapla.glossary import Glossary, match
from tetrapla.model import Alignment, Bead, Concept, Document, Segmented, Span, Term
from tetrapla.segment import segment

__all__ = ["compared", "concept", "loaded", "segmented", "small_model"]

BENCHMARKS = Path(__file__).parent.parent / "scripts" / "bench"


def loaded(name: str) -> ModuleType:
    """Return a benchmark, a script of this name, as a module."""
    spec = importlib.util.spec_from_file_location(f"bench_{name}", BENCHMARKS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def segmented(text: str, language: str = "en") -> Segmented:
    """Return a text as a segmented document."""
    return segment(Document(language, language, text))


def concept(name: str, **terms: str) -> Concept:
    """Return a concept; `terms` by language and status, ``en="boat"``, ``en_noise="boaf"``, several split by a bar."""
    built = []
    for key, forms in terms.items():
        language, _, status = key.partition("_")
        built += [Term(form, language, status or "preferred") for form in forms.split("|")]  # type: ignore[arg-type]
    return Concept(name, tuple(built))


def compared(
    passages: Iterable[tuple[str, str]], language: str = "en", *, pivot: str = "zh", concepts: Iterable[Concept] = ()
) -> Comparison:
    """Return a text in the light of its pivot, both given as pairs of passages (text, pivot) that translate each other.

    A passage of the pivot may be empty: the text has nothing beside it there.
    """
    texts, others, beads = "", "", []
    for k, (own, other) in enumerate(passages, start=1):
        spans = {language: (Span(len(texts), len(texts) + len(own)),)}
        if other:
            spans[pivot] = (Span(len(others), len(others) + len(other)),)
        beads.append(Bead(f"b{k}", "body", spans))
        texts += own + "\n\n"
        others += other + "\n\n" if other else ""
    versions = {language: segmented(texts, language), pivot: segmented(others, pivot)}
    glossary = Glossary.of(concepts)
    alignment = Alignment(pivot, tuple(version.document for version in versions.values()), tuple(beads))
    mentions = {name: match(version, glossary) for name, version in versions.items()}
    return Comparison(language, alignment, versions, mentions, glossary)


def small_model(folder: Path, words: Mapping[str, str]) -> Path:
    """Return a folder with a model that nobody has trained, to which a word and its translation are the same.

    torch must be there.
    """
    torch: Any = importlib.import_module("torch")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        transformers: Any = importlib.import_module("transformers")
        vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", *words, *words.values()]
        (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
        tokenizer = transformers.BertTokenizerFast(
            vocab_file=str(folder / "vocab.txt"), vocab=str(folder / "vocab.txt"), strip_accents=False
        )
        torch.manual_seed(1)
        network = transformers.BertModel(
            transformers.BertConfig(
                vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                intermediate_size=64, max_position_embeddings=64, initializer_range=0.5,
            )
        )  # fmt: skip
        rows = network.embeddings.word_embeddings.weight.data
        rows[-len(words) :] = rows[-2 * len(words) : -len(words)]
        tokenizer.save_pretrained(folder)
        network.save_pretrained(folder)
    return folder
