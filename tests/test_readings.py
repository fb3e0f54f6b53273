"""A form that two concepts share: which of them is meant."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.build import compared, concept, segmented
from tetrapla.glossary import Glossary, match
from tetrapla.model import Alignment, Bead, Mention, Span
from tetrapla.pipeline import reopen
from tetrapla.readings import decide

CONCEPTS = (
    concept("money-bank", zh="银行", en="bank", es="banco", fr="banque"),
    concept("river-bank", zh="河岸", en="bank", es="orilla", fr="rive"),
    concept("bench", zh="长凳", en="bench", es="banco", fr="banc"),
    concept("spillover", zh="溢出", en="spillover", es="derrame", fr="débordement"),
    concept("leakage", zh="泄漏", en="leakage", en_noise="spillover", es="fuga", fr="fuite"),
)
GLOSSARY = Glossary.of(CONCEPTS)
CASES = [
    json.loads(line) for line in (Path(__file__).parent / "cases" / "readings.jsonl").read_text("utf-8").splitlines()
]

Passages = Sequence[Mapping[str, Sequence[str]]]


def built(passages: Passages, pivot: str = "zh") -> tuple[Alignment, dict[str, list[Mention]]]:
    """Return passages, given as the sentences of each version, as an alignment, and what each version names."""
    texts: dict[str, str] = {}
    beads = []
    for k, passage in enumerate(passages):
        whole: dict[str, tuple[Span, ...]] = {}
        parts: dict[int, dict[str, tuple[Span, ...]]] = {}
        for name, sentences in passage.items():
            start = len(texts.setdefault(name, ""))
            for i, sentence in enumerate(sentences):
                at = len(texts[name])
                parts.setdefault(i, {})[name] = (Span(at, at + len(sentence)),)
                texts[name] += sentence + " "
            whole[name] = (Span(start, len(texts[name])),)
            texts[name] += "\n\n"
        inner = tuple(Bead(f"b{k}.{i}", "body", spans) for i, spans in parts.items())
        beads.append(Bead(f"b{k}", "body", whole, sentences=inner))
    versions = {name: segmented(text, name) for name, text in texts.items()}
    alignment = Alignment(pivot, tuple(version.document for version in versions.values()), tuple(beads))
    return alignment, {name: match(version, GLOSSARY) for name, version in versions.items()}


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_the_aligned_passages_tell_what_a_shared_form_means(case: dict[str, Any]) -> None:
    decided = decide(*built(case["passages"], case.get("pivot", "zh")))
    assert [mention.concept for mention in decided[case["lang"]]] == case["concepts"]
    for mention in decided[case["lang"]]:
        assert mention.term in GLOSSARY[mention.concept].terms
        assert mention.concept not in {reading.concept for reading in mention.others}


def test_only_what_is_in_doubt_is_touched() -> None:
    alignment, mentions = built(
        [{"zh": ["河岸上有一张长凳。"], "en": ["A bench stands on the bank."]}, {"zh": ["银行。"], "en": ["The bank."]}]
    )
    decided = decide(alignment, mentions)
    assert decided["zh"] == mentions["zh"]
    assert decided["en"][0] == mentions["en"][0]
    assert [m.spans for m in decided["en"]] == [m.spans for m in mentions["en"]]
    assert decide(alignment, decided) == decided
    assert decide(Alignment("zh", (), ()), {}) == {}


def test_a_mention_keeps_what_else_it_may_stand_for() -> None:
    mentions = match(segmented("The bank and a spillover.", "en"), GLOSSARY)
    found = [(m.concept, m.term.status, [(r.concept, r.term.status) for r in m.others]) for m in mentions]
    assert found == [
        ("money-bank", "preferred", [("river-bank", "preferred")]),
        ("spillover", "preferred", [("leakage", "noise")]),
    ]


def test_the_pipeline_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tetrapla.pipeline.load_glossary", lambda: GLOSSARY)
    alignment = compared([("We sat on the bank.", "我们坐在河岸上。")], concepts=CONCEPTS).alignment
    assert [mention.concept for mention in reopen(alignment).mentions["en"]] == ["river-bank"]
