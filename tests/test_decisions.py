"""What a person decided: links that must come, links that must not, and the rest as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tetrapla.align import align
from tetrapla.align._backend import Fixed
from tetrapla.align._backend import Path as Links
from tetrapla.align.decisions import (
    Decided,
    Decision,
    Decisions,
    Verdict,
    decisions_from,
    dump_decisions,
    fixed_of,
    load_decisions,
)
from tetrapla.align.order import Link
from tetrapla.align.settle import settled
from tetrapla.align.tokens import sentences_of
from tetrapla.errors import InputError, UnknownNameError, WrongTextError
from tetrapla.model import Alignment, Bead, Document, Segmented, Span
from tetrapla.resources import corpus_root
from tetrapla.segment import segment, set_apart

SAMPLE = corpus_root() / "sample" / "clean"
IDS = ("zh", "en", "es")
PARAGRAPHS = 16


@cache
def versions() -> tuple[Segmented, ...]:
    texts = {code: (SAMPLE / f"{code}.txt").read_text("utf-8").split("\n\n")[:PARAGRAPHS] for code in IDS}
    return tuple(segment(Document(code, code, "\n\n".join(text))) for code, text in texts.items())


@cache
def before() -> Alignment:
    return align(versions(), pivot="zh")


def after(*items: Decision) -> Alignment:
    decided = decisions_from(before(), [])
    return align(versions(), pivot="zh", decisions=Decisions(decided.documents, items))


def held(alignment: Alignment, name: str, spans: Sequence[Span]) -> set[int]:
    """Return the characters of a passage that are no blanks."""
    doc = alignment.document(name)
    assert doc is not None
    return {i for span in spans for i in range(span.start, span.end) if not doc.text[i].isspace()}


def passages(alignment: Alignment, bead: Bead) -> dict[str, frozenset[int]]:
    return {name: frozenset(held(alignment, name, spans)) for name, spans in bead.spans.items()}


def together(beads: Sequence[Bead], spans: Mapping[str, Sequence[Span]]) -> Iterator[Bead]:
    """Yield the beads that hold something of all of some passages."""
    for bead in beads:
        if all(any(a.overlaps(b) for a in bead.spans.get(name, ()) for b in spans[name]) for name in spans):
            yield bead


def linked() -> list[Bead]:
    return [bead for bead in before().beads if len(bead.spans) == len(IDS)]


def sentence(code: str, paragraph: int, number: int) -> tuple[Span, ...]:
    return versions()[IDS.index(code)].sentences[paragraph][number].spans


# What comes out


@pytest.mark.parametrize("k", range(0, PARAGRAPHS, 3))
def test_a_confirmed_bead_comes_out_as_it_was_and_the_rest_with_it(k: int) -> None:
    bead = linked()[k]
    found = align(versions(), pivot="zh", decisions=decisions_from(before(), [bead.id]))
    now = [passages(found, other) for other in found.beads]
    assert passages(before(), bead) in now
    assert found.beads[now.index(passages(before(), bead))].score == {"en": 1.0, "es": 1.0}
    far = [other for n, other in enumerate(before().beads) if abs(n - before().beads.index(bead)) > 2]
    assert all(passages(before(), other) in now for other in far)


def test_all_beads_confirmed_come_out_as_they_were() -> None:
    found = align(versions(), pivot="zh", decisions=decisions_from(before(), [bead.id for bead in before().beads]))
    assert [passages(found, bead) for bead in found.beads] == [passages(before(), bead) for bead in before().beads]
    assert {score for bead in found.beads if "zh" in bead.spans for score in bead.score.values()} == {1.0}


@settings(max_examples=6)
@given(data=st.data())
def test_what_a_person_links_is_linked_wherever_it_stands(data: st.DataObject) -> None:
    """Any paragraph with any: the texts may say what they will."""
    zh, en, _ = versions()
    ours = data.draw(st.sampled_from([p for p in zh.paragraphs if p.kind != "furniture"]))
    theirs = data.draw(st.sampled_from([p for p in en.paragraphs if p.kind != "furniture"]))
    found = after(Decision("confirmed", {"zh": ours.spans, "en": theirs.spans}))
    [bead] = together(found.beads, {"zh": ours.spans})
    assert held(found, "zh", bead.spans["zh"]) == held(found, "zh", ours.spans)
    assert held(found, "en", bead.spans["en"]) == held(found, "en", theirs.spans)
    assert bead.score["en"] == 1.0


@settings(max_examples=6)
@given(data=st.data())
def test_what_a_person_refuses_never_comes(data: st.DataObject) -> None:
    bead = data.draw(st.sampled_from(linked()))
    names = data.draw(st.permutations(IDS).map(lambda order: sorted(order[:2])))
    spans = {name: bead.spans[name] for name in names}
    found = after(Decision("refused", spans))
    assert not list(together([s for other in found.beads for s in other.sentences], spans))
    if "zh" in spans:
        assert not list(together(found.beads, spans))


def test_sentences_inside_a_paragraph_can_be_linked_and_refused() -> None:
    p = next(k for k, inside in enumerate(versions()[0].sentences) if len(inside) >= 3)
    q = next(k for k, inside in enumerate(versions()[1].sentences) if k >= p and len(inside) >= 3)
    ours, theirs = sentence("zh", p, 0), sentence("en", q, 2)
    found = after(Decision("confirmed", {"zh": ours, "en": theirs}))
    [inner] = together([s for bead in found.beads for s in bead.sentences], {"zh": ours})
    assert held(found, "en", inner.spans["en"]) == held(found, "en", theirs)
    assert inner.score["en"] == 1.0
    refused = after(Decision("refused", {"zh": ours, "en": theirs}))
    assert not list(together([s for bead in refused.beads for s in bead.sentences], {"zh": ours, "en": theirs}))


def test_what_has_no_counterpart() -> None:
    bead = linked()[5]
    alone = after(Decision("confirmed", {"en": bead.spans["en"], "zh": ()}))
    assert not list(together(alone.beads, {"en": bead.spans["en"], "zh": bead.spans["zh"]}))
    assert all("zh" not in other.spans for other in together(alone.beads, {"en": bead.spans["en"]}))
    lacking = after(Decision("confirmed", {"zh": bead.spans["zh"], "en": (), "es": ()}))
    [own] = together(lacking.beads, {"zh": bead.spans["zh"]})
    assert set(own.spans) == {"zh"}
    # Neither in the pivot nor, of what is left, apart: what the pivot lacks is one bead of those that have it.
    both = after(Decision("confirmed", {"en": bead.spans["en"], "es": bead.spans["es"], "zh": ()}))
    assert {"en": passages(before(), bead)["en"], "es": passages(before(), bead)["es"]} in [
        passages(both, other) for other in both.beads
    ]


def test_two_versions_that_are_no_pivot() -> None:
    first, second = linked()[4], linked()[8]
    found = after(Decision("confirmed", {"en": first.spans["en"], "es": second.spans["es"]}))
    [bead] = together(found.beads, {"en": first.spans["en"]})
    assert held(found, "es", second.spans["es"]) <= held(found, "es", bead.spans["es"])


def test_what_was_taken_for_furniture_can_be_linked() -> None:
    zh, en, es = versions()
    apart = set_apart(en, en.paragraphs[3].spans)
    assert apart.paragraphs[3].kind == "furniture"
    bead = next(iter(together(before().beads, {"en": en.paragraphs[3].spans})))
    decisions = Decisions(decisions_from(before(), []).documents, (Decision("confirmed", dict(bead.spans)),))
    found = align((zh, apart, es), pivot="zh", decisions=decisions)
    assert passages(before(), bead) in [passages(found, other) for other in found.beads]


# Which sentences, and which of two decisions


def fixed(*items: Decision) -> Mapping[tuple[int, int], Fixed]:
    decided = decisions_from(before(), [])
    return fixed_of(Decisions(decided.documents, items), [sentences_of(version) for version in versions()])


def decision(verdict: Verdict, zh: Sequence[int], en: Sequence[int]) -> Decision:
    """Return a decision on sentences, by their numbers."""
    sides = {"zh": zh, "en": en}
    items = {code: sentences_of(versions()[IDS.index(code)]).items for code in sides}
    spans = {code: tuple(span for k in sides[code] for span in items[code][k].segment.spans) for code in sides}
    return Decision(verdict, spans)


@pytest.mark.parametrize(
    ("items", "confirmed", "refused"),
    [
        ([("confirmed", [2], [3])], [((2,), (3,))], []),
        ([("confirmed", [2, 4], [])], [((2, 4), ())], []),
        ([("refused", [2], [3]), ("confirmed", [2], [3])], [((2,), (3,))], []),
        ([("confirmed", [2], [3]), ("refused", [2], [3])], [], [((2,), (3,))]),
        ([("confirmed", [2], [3]), ("confirmed", [2], [4])], [((2,), (4,))], []),
        ([("confirmed", [2], [3]), ("confirmed", [2, 5], [3, 4])], [((2,), (3,)), ((2, 5), (3, 4))], []),
        ([("confirmed", [2], [3]), ("confirmed", [2], [])], [((2,), ())], []),
        ([("confirmed", [2, 5], [3, 4]), ("refused", [2], [4])], [((2, 5), (3, 4))], [((2,), (4,))]),
        ([("refused", [2], [4]), ("confirmed", [2, 5], [3, 4])], [((2, 5), (3, 4))], [((2,), (4,))]),
        ([("refused", [2, 5], [3, 4]), ("confirmed", [2], [3])], [((2,), (3,))], [((5,), (3, 4)), ((2,), (4,))]),
    ],
)
def test_of_two_decisions_that_contradict_each_other_the_later_counts(
    items: list[tuple[Verdict, list[int], list[int]]], confirmed: list[Any], refused: list[Any]
) -> None:
    assert fixed(*(decision(*item) for item in items)) == {(0, 1): Fixed(confirmed, refused)}


def test_a_sentence_belongs_where_most_of_it_stands() -> None:
    whole, other = decision("confirmed", [6], [7]).spans["zh"][0], decision("confirmed", [6], [7]).spans["en"]
    middle = (whole.start + whole.end) // 2
    for span, inside in ((Span(middle - 2, whole.end), True), (Span(middle + 2, whole.end), False)):
        found = fixed(Decision("confirmed", {"zh": (span,), "en": other}))
        assert found == ({(0, 1): Fixed([((6,), (7,))], [])} if inside else {})


BLOCK = st.frozensets(st.integers(0, 7), max_size=3)
PATHS = st.lists(st.tuples(st.integers(0, 7), st.integers(1, 3), st.integers(1, 2)), max_size=6)


@given(path=PATHS, confirmed=st.lists(st.tuples(BLOCK, BLOCK), max_size=2), refused=st.lists(st.tuples(BLOCK, BLOCK)))
def test_a_path_says_what_was_decided_whatever_it_said(
    path: list[tuple[int, int, int]], confirmed: list[Any], refused: list[Any]
) -> None:
    links, at = [], 0
    for i, n, m in path:
        links.append(Link(tuple(range(i, i + n)), tuple(range(at, at + m)), 0.1))
        at += m
    if len(confirmed) == 2 and any(a & b for a, b in zip(*confirmed, strict=True)):
        confirmed = confirmed[1:]  # which of two counts is decided before
    kept = Fixed([(tuple(a), tuple(b)) for a, b in confirmed if a or b], [])
    found = settled(Links(links, [0.5] * len(links)), kept)
    for ours, theirs in kept.confirmed:
        inside = [link for link in found.links if {*link.pivot} & {*ours} or {*link.other} & {*theirs}]
        assert {i for link in inside for i in link.pivot} == ({*ours} if theirs else set())
        assert {j for link in inside for j in link.other} == ({*theirs} if ours else set())
        assert all(found.probabilities[found.links.index(link)] == 1.0 for link in inside)
    against = Fixed([], [(tuple(a), tuple(b)) for a, b in refused])
    left = settled(Links(links, [0.5] * len(links)), against)
    for ours, theirs in against.refused:
        assert not any({*link.pivot} & {*ours} and {*link.other} & {*theirs} for link in left.links)
    for made in (found, left):
        assert len({j for link in made.links for j in link.other}) == sum(len(link.other) for link in made.links)
        assert [link.other for link in made.links] == sorted(link.other for link in made.links)


# Beads and files


def test_decisions_come_back_as_they_were(tmp_path: Path) -> None:
    ids = [bead.id for bead in linked()[:3]]
    made = decisions_from(before(), ids, note="看过")
    (tmp_path / "d.json").write_text(dump_decisions(made), encoding="utf-8")
    again = load_decisions(tmp_path / "d.json")
    assert (again.documents, again.items) == (made.documents, made.items)
    assert again.items[0].note == "看过"
    empty = decisions_from(before(), [])
    (tmp_path / "d.json").write_text(dump_decisions(empty), encoding="utf-8")
    assert load_decisions(tmp_path / "d.json").items == ()


def test_a_bead_of_one_version_has_no_counterpart() -> None:
    doc = before().documents[1]
    lone = Alignment("zh", before().documents, (Bead("b1", "body", {"en": (Span(0, 9),)}),))
    assert decisions_from(lone, ["b1"]).items[0].spans == {"zh": (), "en": (Span(0, 9),), "es": ()}
    assert decisions_from(lone, ["b1"]).documents[1] == Decided("en", "en", doc.sha256, len(doc.text))
    with pytest.raises(InputError, match="no link to refuse"):
        decisions_from(lone, ["b1"], verdict="refused")
    with pytest.raises(UnknownNameError, match="b2"):
        decisions_from(lone, ["b2"])


def test_other_texts_are_refused() -> None:
    zh, en, es = versions()
    decisions = decisions_from(before(), [linked()[2].id])
    changed = segment(Document("en", "en", en.document.text + "More.\n", "new/en.txt"))
    with pytest.raises(WrongTextError, match=r"another text than new/en\.txt has now"):
        align((zh, changed, es), decisions=decisions)
    # Texts go by what they are: another name, and a version that is not there, change nothing.
    renamed = segment(Document("en-2", "en", en.document.text))
    found = align((zh, renamed), pivot="zh", decisions=decisions)
    zh_en = {name: passages(before(), linked()[2])[name] for name in ("zh", "en")}
    assert {"zh": zh_en["zh"], "en-2": zh_en["en"]} in [passages(found, bead) for bead in found.beads]
    with pytest.raises(WrongTextError):
        align((zh, segment(Document("fr", "fr", "Un moulin.\n"))), decisions=decisions)


GOOD: dict[str, Any] = {
    "tetrapla": "9.9",
    "documents": [
        {"id": "zh", "language": "zh", "sha256": "0", "length": 9, "path": "zh.txt"},
        {"id": "en", "language": "en", "sha256": "1", "length": 9},
    ],
    "decisions": [{"verdict": "confirmed", "spans": {"zh": [[0, 2], [3, 4]], "en": []}, "by": "me", "note": 7}],
    "more": {},
}


def written(folder: Path, value: object) -> Path:
    path = folder / "d.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def test_fields_that_are_not_known_are_passed_over(tmp_path: Path) -> None:
    found = load_decisions(written(tmp_path, GOOD))
    assert found.items == (Decision("confirmed", {"zh": (Span(0, 2), Span(3, 4)), "en": ()}),)


def with_decision(**fields: object) -> dict[str, Any]:
    return GOOD | {"decisions": [GOOD["decisions"][0], GOOD["decisions"][0] | fields]}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("{", "d.json, line 1: this is no JSON"),
        ([], "holds no decisions"),
        ({"documents": []}, "holds no decisions"),
        (GOOD | {"documents": [{"id": "zh"}]}, "documents[0] does not give id"),
        (GOOD | {"documents": [GOOD["documents"][0]] * 2}, "must differ"),
        (GOOD | {"decisions": [3]}, "decisions[0] is no decision"),
        (with_decision(spans=[]), "decisions[1] is no decision"),
        (with_decision(verdict="maybe"), "decisions[1]: the verdict is 'maybe'"),
        (with_decision(spans={"zh": [[0, 2]], "fr": []}), "'fr' that the file does not list"),
        (with_decision(spans={"zh": [[0, 2]]}), "of two versions or more"),
        (with_decision(spans={"zh": [], "en": []}), "must name passages"),
        (with_decision(verdict="refused"), "of two versions or more"),
        (with_decision(spans={"zh": 3, "en": []}), "decisions[1], zh: the spans are no list"),
        (with_decision(spans={"zh": [[0, 10]], "en": []}), "decisions[1], zh: [0, 10] is no [start, end]"),
        (with_decision(spans={"zh": [[2, 2]], "en": []}), "decisions[1], zh: [2, 2] is no [start, end]"),
    ],
)
def test_what_is_malformed_is_told_in_one_line(value: object, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        load_decisions(written(tmp_path, value))
    assert said in str(raised.value)
    assert "d.json" in str(raised.value)
    assert "\n" not in str(raised.value)
