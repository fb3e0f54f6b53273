"""What is proposed for a glossary: candidates, what they are told by, records; on texts made for the purpose."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.build import loaded
from tetrapla import pipeline
from tetrapla.errors import UnknownNameError
from tetrapla.formats.json import dump_alignment
from tetrapla.glossary import Glossary, RecordFile, load, match, validate
from tetrapla.glossary._opposite import log_likelihood, opposite
from tetrapla.model import Alignment, Bead, Document, Mention, Segmented, Span
from tetrapla.propose import NewForm, Proposals, Ranking, propose, records, survey
from tetrapla.propose._candidates import Candidates, candidates_of
from tetrapla.propose._known import Known, keys_of_form, known_in
from tetrapla.propose._ranking import FEATURES, picked
from tetrapla.propose._text import text_of
from tetrapla.propose._weights import WEIGHTS
from tetrapla.propose._words import closed_words
from tetrapla.resources import corpus_root
from tetrapla.segment import segment

SAMPLE = corpus_root() / "sample"


def candidates(text: str, language: str) -> Candidates:
    return candidates_of(text_of(segment(Document("d", language, text)), ()))


def forms(found: Candidates) -> set[str]:
    return {found.text.form(*candidate.places[0]) for candidate in found.items.values()}


# ---- candidates ----------------------------------------------------------------------------------------------------

CUTS = [
    (
        "en",
        "The night ferries of the north leave late.",
        {"night ferries of the north", "night ferries"},
        {"The night"},
    ),
    ("en", "A rope, a lantern and tar.", {"rope", "lantern and tar"}, {"rope, a lantern", "lantern and"}),
    ("en", "They met Industry 4.0 at bold R&D centres.", {"Industry 4.0", "bold R&D centres"}, {"They", "there"}),
    ("es", "El puerto de la isla creció.", {"puerto de la isla", "isla creció"}, {"El puerto", "puerto de la"}),
    ("fr", "L'école d'hiver ouvre.", {"école d'hiver", "école"}, {"L'école", "école d'"}),
    ("zh", "夜间渡轮的票价很低。", {"夜间渡轮", "票价"}, {"渡轮的", "很低"}),
    ("zh", "核心—边缘结构出现。", {"核心—边缘结构"}, {"—边缘"}),
]


@pytest.mark.parametrize(("language", "text", "among", "never"), CUTS)
def test_where_a_candidate_begins_and_ends(language: str, text: str, among: set[str], never: set[str]) -> None:
    found = forms(candidates(text, language))
    assert among <= found
    assert not never & found


def test_inflected_forms_are_one_candidate() -> None:
    found = candidates("Night ferries run. A night ferry runs. The Night Ferry!", "en")
    assert len(found.items[keys_of_form("night ferry", "en")].places) == 3


def test_c_value_takes_off_what_longer_candidates_account_for() -> None:
    text = "Slow night ferry. Slow night ferry. Slow night ferry. Harbour tax."
    found = candidates(text, "en")
    whole, part = (found.c_values[keys_of_form(form, "en")] for form in ("slow night ferry", "night ferry"))
    assert whole == pytest.approx(math.log2(4) * 3)
    assert part == pytest.approx(0.0)
    assert found.c_values[keys_of_form("harbour tax", "en")] == pytest.approx(math.log2(3))


def test_keyness_is_high_for_what_general_texts_lack() -> None:
    found = candidates("The people saw bollards. Bollards!", "en")
    key = {form: found.keyness[keys_of_form(form, "en")[0]] for form in ("people", "bollard")}
    assert key["bollard"] > key["people"] + 3


@given(st.text(alphabet="ab 夜间渡轮的，.—\n“”(1&'"), st.sampled_from(["en", "fr", "zh", "sv"]))
def test_every_place_of_a_candidate_is_in_the_text(text: str, language: str) -> None:
    found = candidates(text, language)
    for candidate in found.items.values():
        for place in candidate.places:
            span = found.text.raw(*place)
            assert 0 <= span.start < span.end <= len(text)
            assert found.text.form(*place)


def test_a_language_without_lists_has_function_words() -> None:
    assert {"och", "att"} <= closed_words("sv").function
    assert closed_words("tlh").function  # labels of figures at least


# ---- what is known -------------------------------------------------------------------------------------------------

GLOSSARY = Glossary(
    (
        RecordFile(
            "g.rec",
            "id: night-ferry\nzh: 夜间渡轮\nen: night ferry\nen_alt: ferry by night\n\n"
            "id: harbour-tax\nzh: 港口税\nen: harbour tax\n",
        ),
    )
)


def known(text: str, language: str = "en") -> Known:
    version = segment(Document("d", language, text))
    return known_in(candidates_of(text_of(version, ())), match(version, GLOSSARY), GLOSSARY)


FREE = [
    ("ferry", "The night ferry sank.", 0),
    ("ferry", "The night ferry sank, and another ferry.", 1),
    ("ferry sank", "The night ferry sank.", 0),
    ("slow night ferry", "A slow night ferry sank.", 1),
    ("night ferry", "A slow night ferry sank.", 0),
]


@pytest.mark.parametrize(("form", "text", "count"), FREE)
def test_a_place_within_a_known_term_or_across_its_end_is_not_free(form: str, text: str, count: int) -> None:
    assert len(known(text).free(keys_of_form(form, "en"))) == count


def test_references_are_no_place_to_find_terms() -> None:
    text = "Tolls rise.\n\nReferences\n[1] Smith J. Toll bridges of old. Bridge Journal, 2001, 3(2): 1-9.\n"
    found = known(text)
    references = [keys for keys in found.candidates.items if "bridg" in str(keys)]
    assert references
    assert not any(found.free(keys) for keys in references)


def test_likeness_speaks_for_the_words_of_known_terms() -> None:
    found = known("A harbour fee and a window pane. The night ferry and the harbour tax.")
    fee, pane = (found.likeness(keys_of_form(form, "en"))["word"] for form in ("harbour fee", "window pane"))
    assert max(fee) > max(pane)


def test_an_enumeration_with_known_terms_is_seen() -> None:
    found = known("They pay the harbour tax, the bridge toll and the night ferry; they like window panes.")
    toll, panes = (
        found.candidates.items[keys_of_form(form, "en")].places[0] for form in ("bridge toll", "window pane")
    )
    assert found.neighbours(toll) == 2
    assert found.neighbours(panes) == 0


def test_picks_do_not_share_a_place() -> None:
    found = known("A broad gauge railway ran. A broad gauge railway stopped. The toll bridge fell.")
    scores = {keys: float(len(keys)) for keys in found.candidates.items}
    chosen = picked(found, scores, 10)
    places = sorted(place for pick in chosen for place in pick.places)
    assert all(a[1] <= b[0] for a, b in pairwise(places))
    railway = next(pick for pick in chosen if len(pick.keys) > 3)
    assert railway.alternatives


def test_what_has_the_words_of_a_better_pick_is_offered_with_it() -> None:
    found = known("The pontoon bridge fell. One pontoon, and the toll.")
    scores = {keys: float(len(keys)) for keys in found.candidates.items}
    chosen = picked(found, scores, 10)
    assert sum("pontoon" in str(pick.keys) for pick in chosen) == 1
    assert any("toll" in str(pick.keys) for pick in chosen)


def test_weights_fit_the_features() -> None:
    assert len(set(FEATURES)) == len(FEATURES)
    for weights in WEIGHTS.values():
        assert set(weights) <= set(FEATURES)
    found = known("A slow night ferry sank.").candidates
    ranking = Ranking("d", known_in(found, (), GLOSSARY))
    assert len(ranking.features(next(iter(ranking.free)))) == len(FEATURES)


# ---- association ---------------------------------------------------------------------------------------------------


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20), st.integers(0, 50))
def test_log_likelihood_is_the_same_both_ways(both: int, one: int, other: int, rest: int) -> None:
    counts = both, both + one, both + other, both + one + other + rest
    forth, back = log_likelihood(*counts), log_likelihood(counts[0], counts[2], counts[1], counts[3])
    assert forth == pytest.approx(back, abs=1e-6)
    assert math.isfinite(forth)


def test_what_stands_opposite_comes_first() -> None:
    found = opposite({1, 2, 3}, {"toll": [1, 2, 3], "the": range(40), "tar": [3, 9], "rope": [8]}, 40)
    assert [one.item for one in found][:2] == ["toll", "tar"]
    assert found[0].dice == 1.0
    assert "rope" not in {one.item for one in found}


# ---- proposals -----------------------------------------------------------------------------------------------------

ZH = [
    "浮桥收费上涨。", "夜间渡轮停航。", "浮桥收费很高，居民不满。", "居民乘坐夜间渡轮。", "浮桥收费由市政府规定。", "港口税不变。",
    "面包店关门了。", "老师买了三本书。", "学校在山上。", "医生喝茶。", "冬天下雪。", "他们种苹果。", "狗睡着了。", "火车晚点。",
    "市场卖鱼。", "孩子唱歌。", "河水很冷。", "邮局搬家了。",
]  # fmt: skip
EN = [
    "The pontoon toll rose.",
    "The nocturnal ferry stopped.",
    "The pontoon toll is high, and residents are angry.",
    "Residents take the nocturnal ferry.",
    "The pontoon toll is set by the city government.",
    "The harbour tax stays.",
    *"The bakery closed. The teacher bought three books. The school is on the hill. The doctor drinks tea.".split(". "),
    *"It snows in winter. They grow apples. The dog fell asleep. The train is late. The market sells fish.".split(". "),
    *"The children sing. The river is cold. The post office has moved.".split(". "),
]


def aligned() -> tuple[Mapping[str, Segmented], Alignment, Mapping[str, Sequence[Mention]]]:
    documents, starts = [], {}
    for code, lines in (("zh", ZH), ("en", EN)):
        text = "\n\n".join(lines)
        at: list[Span] = []
        for line in lines:
            begin = at[-1].end + 2 if at else 0
            at.append(Span(begin, begin + len(line)))
        documents.append(Document(code, code, text))
        starts[code] = at
    beads = tuple(
        Bead(f"b{n}", "body", {code: (spans[n],) for code, spans in starts.items()}, {"en": 0.9})
        for n in range(len(ZH))
    )
    versions = {document.id: segment(document) for document in documents}
    mentions = {name: match(version, GLOSSARY) for name, version in versions.items()}
    return versions, Alignment("zh", tuple(documents), beads), mentions


@pytest.fixture(scope="module")
def proposals() -> Proposals:
    return propose(*aligned(), GLOSSARY, limit=20)


def test_a_new_concept_is_proposed_in_both_versions(proposals: Proposals) -> None:
    found = [{w.language: w.forms for w in concept.wordings} for concept in proposals.concepts]
    toll = next(forms for forms in found if any("浮桥收费" in form for form in forms.get("zh", ())))
    assert any("toll" in form for form in toll["en"])
    wording = next(w for c in proposals.concepts for w in c.wordings if "浮桥收费" in w.forms)
    assert wording.count == 3
    assert len(wording.spans) == 3


def test_known_forms_are_not_proposed(proposals: Proposals) -> None:
    proposed = {form.lower() for c in proposals.concepts for w in c.wordings for form in w.forms}
    assert not proposed & {"night ferry", "harbour tax", "夜间渡轮", "港口税"}


def test_a_new_form_of_a_known_concept_is_proposed(proposals: Proposals) -> None:
    form = _form(proposals, "night-ferry")
    assert form.wording.forms[0] == "nocturnal ferry"
    assert form.damage is None
    assert (form.lacking, form.association.beads) == (2, 2)
    assert not any(form.concept == "harbour-tax" for form in proposals.forms)


def _form(proposals: Proposals, concept: str) -> NewForm:
    return next(form for form in proposals.forms if form.concept == concept)


def test_records_can_be_read_and_lack_only_what_a_person_knows(proposals: Proposals) -> None:
    file = records(proposals.concepts, proposals.forms, GLOSSARY)
    made = Glossary((file,))
    assert made["night-ferry"].preferred("en") == "night ferry"
    assert "nocturnal ferry" in {term.form for term in made["night-ferry"].terms}
    left = {problem.check for problem in validate(made)}
    assert left <= {"no-definition", "no-source", "no-preferred-term", "subject", "form-of-two-concepts"}


def test_records_quote_places_only(proposals: Proposals) -> None:
    text = records(proposals.concepts, proposals.forms, GLOSSARY).text
    assert re.search(r"^note: .* zh:0-4 zh:\d+-\d+", text, re.MULTILINE)
    values = [line.partition(": ")[2] for line in text.splitlines() if re.match(r"(zh|en)(_\w+)?: ", line)]
    assert max(len(value.split()) for value in values) <= 8
    assert max(len(value) for value in values if not value.isascii()) <= 20


def test_the_language_must_be_one_of_the_alignment() -> None:
    with pytest.raises(UnknownNameError, match="zh"):
        propose(*aligned(), GLOSSARY, language="de")


def test_one_version_only() -> None:
    found = propose(*aligned(), GLOSSARY, language="en", limit=3)
    assert all(concept.wordings[0].language == "en" for concept in found.concepts)
    assert len(found.concepts) <= 3
    assert {form.wording.language for form in found.forms} <= {"en"}


def test_nothing_to_propose() -> None:
    empty = Alignment("d", (Document("d", "en", ""),), ())
    found = propose({"d": segment(empty.documents[0])}, empty, {}, GLOSSARY)
    assert (list(found.concepts), list(found.forms)) == ([], [])
    assert len(Glossary((records([], [], GLOSSARY),))) == 0


def test_the_command_on_the_sample(tmp_path: Path) -> None:
    aligned_sample = pipeline.align_files([SAMPLE / "zh.txt", SAMPLE / "en.txt"])
    (tmp_path / "out.json").write_text(dump_alignment(aligned_sample.alignment), "utf-8")
    command = [sys.executable, "-m", "tetrapla", "glossary", "propose", "out.json", "--limit", "15", "-o", "p.rec"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "proposed" in done.stderr
    made = load(tmp_path / "p.rec")
    assert 10 <= len(made) <= 60
    wrong = {problem.check for problem in validate(made)}
    assert not wrong & {
        "duplicate-id",
        "malformed-id",
        "unknown-field",
        "empty-field",
        "repeated-field",
        "not-composed",
    }


def test_the_survey_asks_no_glossary() -> None:
    versions, alignment, _ = aligned()
    found = survey(versions, alignment)
    assert found.beads == len(ZH)
    assert found.links["zh", "en"]["收费"]["toll"] > 0.2


def test_a_term_is_supported_by_what_stands_opposite() -> None:
    versions, alignment, mentions = aligned()
    rankings = survey(versions, alignment).rankings(mentions, GLOSSARY)
    support = rankings["zh"].support
    assert support is not None
    free = rankings["zh"].free
    best = support.of("zh", (("浮桥收费", ""),), free[(("浮桥收费", ""),)])
    assert best[0] > 0.2
    assert best[1:] == [0.0, 0.0]  # there is but one other version
    assert all(0 <= share <= 1 for keys in free for share in support.of("zh", keys, free[keys]))


def test_a_version_alone_has_no_support() -> None:
    alone = Alignment("d", (Document("d", "en", EN[0]),), ())
    ranking = survey({"d": segment(alone.documents[0])}, alone).rankings({}, GLOSSARY)["d"]
    assert ranking.scores == ranking.first


def test_nouns_are_told_by_the_chinese_version() -> None:
    found = survey(*aligned()[:2]).nouns
    assert set(found) == {"en"}
    share = {key[0]: value for key, value in found["en"].items()}
    assert all(0 <= value <= 1 for value in share.values())
    assert share["teacher"] > share["sink" if "sink" in share else "drink"]


# ---- the benchmark -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    return loaded("propose")


def test_a_hidden_concept_is_sought_among_the_proposals(bench: ModuleType) -> None:
    versions, alignment, _ = aligned()
    made = bench.ranks(bench.Bench(versions, alignment, GLOSSARY, survey(versions, alignment)), 1)
    assert set(made["zh"].found) == {"night-ferry", "harbour-tax"}
    assert set(made["en"].found) == {"harbour-tax"}  # by no form of ours the other one
    assert made["zh"].found["night-ferry"]["forms"] <= 20
    assert made["zh"].recall("first", 50) <= made["zh"].recall("forms", 50) <= made["zh"].recall("within", 50)
    assert made["zh"].recall("forms", 0) == 0
    assert "| zh | 2 |" in bench.table(made)


def test_a_glossary_without_a_concept(bench: ModuleType) -> None:
    assert list(bench.without(GLOSSARY, "night-ferry")) == ["harbour-tax"]
    assert list(bench.without(GLOSSARY, "harbour-tax")) == ["night-ferry"]


def test_weights_can_be_fitted(bench: ModuleType) -> None:
    versions, alignment, _ = aligned()
    made = bench.examples(bench.Bench(versions, alignment, GLOSSARY, survey(versions, alignment)))
    assert set(made) == {"han", "alphabet"}
    for some in made.values():
        weights = bench.fitted(some)
        assert len(weights) == len(FEATURES)
        assert (some.right @ weights).mean() > (some.wrong[0] @ weights).mean()
