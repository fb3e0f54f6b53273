"""One name for a concept: which a document uses, which is the one to use, and what `clean --terms` makes of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.build import concept, segmented
from tests.test_cli import Run, run, write
from tetrapla.clean.choice import UNIFORM, Choice
from tetrapla.clean.terms import Uniform, replacements, uniform
from tetrapla.glossary import Glossary, Usage, load, match, usages
from tetrapla.glossary._articles import leading, without_article
from tetrapla.glossary._consistency import is_akin, is_shorter
from tetrapla.glossary._inflect import is_plural
from tetrapla.model import Concept, Finding, Span, Term

__all__ = ["run"]  # a fixture

OURS = (
    concept(
        "mill", en="water mill", en_admitted="mill|hydraulic grinder|wheel house", en_noise="river mile", zh="水磨"
    ),
    concept("miller", en="miller", en_admitted="grinder of corn", en_deprecated="mill man", zh="磨坊主"),
    concept(
        "bridge", es="puente", es_admitted="pasarela|viaducto", fr="passerelle", fr_admitted="pont|ouvrage", zh="桥梁"
    ),
)
GLOSSARY = Glossary.of(OURS)


def used(text: str, language: str = "en") -> dict[str, Usage]:
    found = usages(match(segmented(text, language), GLOSSARY), GLOSSARY, language)
    return {usage.concept.id: usage for usage in found}


@pytest.mark.parametrize(
    ("text", "use", "share", "change"),
    [
        ("The water mill. A water mill.", "water mill", 1.0, []),
        ("Water mills, two hydraulic grinders, hydraulic grinder.", "hydraulic grinder", 2 / 3, ["water mill"]),
        ("Hydraulic grinder beside a water mill.", "water mill", 1 / 2, ["hydraulic grinder"]),
        ("The river mile turns.", "water mill", 0.0, ["river mile"]),
        ("The river mile, the river mile, a wheel house.", "wheel house", 1 / 3, ["river mile"]),
        ("The water mill; a mill is old, the mill too.", "mill", 2 / 3, []),
    ],
)
def test_the_form_that_is_used_most_is_the_one_to_use(text: str, use: str, share: float, change: list[str]) -> None:
    usage = used(text)["mill"]
    assert usage.use is not None
    assert usage.use.form == use
    assert usage.share == pytest.approx(share)
    assert [form.term.form for form in usage.to_change] == change


def test_glosses_in_another_language_do_not_count() -> None:
    assert set(used("这里有水磨（water mill）。", "zh")) == {"mill"}
    assert [form.term.language for form in used("这里有水磨（water mill）。", "zh")["mill"].forms] == ["zh"]


def test_a_mention_of_a_stranger_is_told() -> None:
    mentions = match(segmented("A water mill."), GLOSSARY)
    with pytest.raises(KeyError, match="mill"):
        usages(mentions, {}, "en")


@pytest.mark.parametrize(
    ("name", "other", "shorter"),
    [
        ("corridor", "innovation corridor", True),
        ("Innovation", "innovation corridor", True),
        ("innovation corridor", "corridor", False),
        ("corridor", "corridor", False),
        ("park", "parking lot", False),
        ("art", "partner", False),
        ("园区", "飞地园区", True),
        ("飞地", "园区", False),
    ],
)
def test_a_part_of_a_name_is_told_from_another_name(name: str, other: str, shorter: bool) -> None:
    assert is_shorter(name, other) is shorter


@pytest.mark.parametrize(
    ("word", "other", "akin"),
    [("divergent", "divergence", True), ("start-up", "startup", False), ("mill", "miller", False), ("a", "b", False)],
)
def test_words_of_one_family_are_told(word: str, other: str, akin: bool) -> None:
    assert is_akin(word, other) is akin


# The text, and what becomes of it where every name is to be the one given.
FITTED = [
    ("en", "mill", "water mill", "The hydraulic grinder turns.", "The water mill turns."),
    ("en", "mill", "water mill", "Hydraulic grinders turn.", "Water mills turn."),
    (
        "en",
        "mill",
        "water mill",
        "In the morning they all praised the old hydraulic\ngrinder of the village.",
        "In the morning they all praised the old water mill of the village.",
    ),
    ("en", "mill", "hydraulic grinder", "Two water mills turn.", "Two hydraulic grinders turn."),
    ("en", "miller", "miller", "The grinders of corn sing.", "The millers sing."),
    ("es", "bridge", "puente", "Caen pasarelas.", "Caen puentes."),
    ("es", "bridge", "pasarela", "Viaductos y caminos.", "Pasarelas y caminos."),
    ("zh", "mill", "水磨", "水磨转动。", "水磨转动。"),
]


@pytest.mark.parametrize(("language", "name", "use", "text", "expected"), FITTED)
def test_a_name_is_put_into_number_and_capitals(language: str, name: str, use: str, text: str, expected: str) -> None:
    document = segmented(text, language)
    names = {name: next(term for term in GLOSSARY[name].terms if (term.language, term.form) == (language, use))}
    found = list(replacements(document.document, match(document, GLOSSARY), names, GLOSSARY))
    for finding in sorted(found, key=lambda finding: -finding.start):
        text = text[: finding.start] + (finding.replacement or "") + text[finding.end :]
        assert finding.grade == "review"
        assert finding.type == UNIFORM
        assert finding.concept == name
    assert text == expected


@pytest.mark.parametrize(
    ("before", "old", "new", "language", "expected"),
    [
        ("an ", "innovation actor", "player", "en", "a "),
        ("A ", "player", "actor", "en", "An "),
        ("a ", "player", "unified market", "en", "a "),
        ("a ", "player", "underground mill", "en", "an "),
        ("the ", "player", "actor", "en", "the "),
        ("Pan ", "player", "actor", "en", "Pan "),
        ("la ", "pasarela", "viaducto", "es", "el "),
        ("de\nla ", "pasarela", "viaducto", "es", "del "),
        ("en la ", "pasarela", "viaductos", "es", "en los "),
        ("del ", "viaducto", "pasarela", "es", "de la "),
        ("la ", "pasarela", "brecha", "es", "la "),
        ("el ", "puente", "área común", "es", "el "),
        ("barcos e ", "indicadores", "cuotas", "es", "barcos y "),
        ("el\n\n", "viaducto", "pasarela", "es", "el\n\n"),
        ("el \n", "viaducto", "pasarela", "es", "la \n"),
        ("sobre ", "pasarela", "viaducto", "es", "sobre "),
        ("l'", "acteur", "sujet", "fr", "le "),
        ("de l’", "acteur", "région", "fr", "de la "),
        ("l’", "acteur", "agent", "fr", "l’"),
        ("manque d'", "indices", "quotas", "fr", "manque de "),
        ("manque de ", "quotas", "indices", "fr", "manque d'"),
        ("du ", "quota", "indice", "fr", "de l'"),
        ("ce ", "sujet", "acteur", "fr", "cet "),
        ("la ", "passerelle", "pont", "fr", "le "),
        ("les ", "ponts", "ouvrages", "fr", "les "),
        ("le ", "pont", "marge", "fr", None),
        ("La marge. Une marge. le ", "pont", "marge", "fr", "La marge. Une marge. la "),
        ("de ", "marge", "hausse", "fr", None),
        ("的", "园区", "飞地", "zh", "的"),
    ],
)
def test_an_article_changes_with_the_term_behind_it(
    before: str, old: str, new: str, language: str, expected: str | None
) -> None:
    changed = leading(before + old, len(before), old, new, language)
    assert (None if changed is None else before[: changed[0]] + changed[1]) == expected


@given(
    st.sampled_from("a an the la las del e l' l’ d' de du de\xa0la cette que".split(" ")),
    st.text("aeiouhbcd 'é水", max_size=12),
    st.text("aeiouhbcds 'é水", max_size=12),
    st.sampled_from(["en", "es", "fr", "zh"]),
)
def test_an_article_that_fits_stays(before: str, old: str, new: str, language: str) -> None:
    text = f"{before} {old}"
    at = len(before) + 1
    changed = leading(text, at, old, new, language)
    if changed is not None:
        made = text[: changed[0]] + changed[1]
        assert leading(made + new, len(made), old, new, language) in (None, (len(made), ""))


def test_what_begins_with_an_article_is_told() -> None:
    assert without_article("de l'acteur", Span(0, 11), "fr") == 5
    assert without_article("lande", Span(0, 5), "fr") == 0
    assert without_article("la", Span(0, 2), "es") == 0


def scores(text: str, language: str, name: str, use: str) -> list[float]:
    document = segmented(text, language)
    names = {name: Term(use, language, "preferred")}
    found: list[Finding] = list(replacements(document.document, match(document, GLOSSARY), names, GLOSSARY))
    return [finding.score for finding in found]


def test_what_is_wrong_is_surest_and_a_shorter_name_least() -> None:
    assert scores("The river mile.", "en", "mill", "water mill") == [0.9]
    assert scores("The mill man.", "en", "miller", "miller") == [0.7]
    assert scores("The wheel house.", "en", "mill", "water mill") == [0.6]
    assert scores("The mill.", "en", "mill", "water mill") == [0.4]
    assert scores("A hydraulic grinder or an ode.", "en", "mill", "open mill") == [0.6], "its article is put right"
    assert scores("Le pont.", "fr", "bridge", "marge") == [0.3], "its article is not known"


# ------------------------------------------------------------------------------------------------- clean --terms


@pytest.fixture(scope="module")
def ours() -> Glossary:
    return load()


def admitted(ours: Glossary) -> tuple[Concept, str, str]:
    """A concept with an admitted name of several words that is no part of the preferred one, and the two names."""
    for one in ours.values():
        first = one.preferred("en") or ""
        for term in one.terms:
            plain = (term.language, term.status) == ("en", "admitted") and term.form.islower()
            if plain and not set(term.form.split()) & set(first.split()) and " " in term.form and first.islower():
                found = match(segmented(f"We saw the {term.form} and the {first}."), ours)
                if [(m.concept, m.term.form, m.others) for m in found] == [
                    (one.id, term.form, ()), (one.id, first, ())
                ]:  # fmt: skip
                    return one, first, term.form
    raise AssertionError("no concept has such names")


def deprecated(ours: Glossary) -> tuple[Concept, str, str]:
    """A concept with a form to avoid for no damage that is that of no other, the form, and the preferred one."""
    for one in ours.values():
        first = one.preferred("en") or ""
        for term in one.terms:
            plain = (term.language, term.status, term.broken) == ("en", "deprecated", False) and term.form.islower()
            if plain and first.islower() and not is_plural(first, "en") and not is_plural(term.form, "en"):
                found = match(segmented(f"They drew the {term.form} there."), ours)
                if [(m.concept, m.term.form, m.others) for m in found] == [(one.id, term.form, ())]:
                    return one, term.form, first
    raise AssertionError("no concept has such a form")


def field(ours: Glossary, but: str, count: int = 26) -> str:
    """Sentences that name many concepts soundly, each once."""
    forms = [one.preferred("en") or "" for one in ours.values() if one.id != but]
    plain = [form for form in forms if form.islower() and 2 <= form.count(" ") + 1 <= 3][:count]
    return "\n\n".join(f"Here they speak of the {form}, and of nothing else." for form in plain)


def test_the_rarer_name_gives_way_and_comes_back(run: Run, ours: Glossary) -> None:
    one, first, other = admitted(ours)
    kept = f"They saw the {first}. They praised the {first}."
    text = f"{kept} They drew the {other}.\n\n{field(ours, one.id)}\n"
    write("a.txt", text)
    done = run("clean", "a.txt", "--terms", "-o", "b.txt", "--edits", "e.jsonl")
    assert done.status == 0
    cleaned = Path("b.txt").read_text("utf-8")
    assert cleaned.startswith(f"{kept} They drew the {first}.")
    records = [json.loads(line) for line in Path("e.jsonl").read_text("utf-8").splitlines()[1:]]
    edit = next(record for record in records if record["rule"] == UNIFORM)
    assert (edit["original"], edit["replacement"], edit["grade"]) == (other, first, "review")
    assert run("undo", "b.txt", "--edits", "e.jsonl").out == text
    assert run("clean", "b.txt", "--terms", "--check").status == 0, "cleaning twice changes nothing more"
    assert run("clean", "b.txt", "--terms", "--jobs", "2", "--check").status == 0


def test_without_the_option_names_stay(run: Run, ours: Glossary) -> None:
    one, first, other = admitted(ours)
    text = f"They saw the {first}. They saw the {first}. They drew the {other}.\n\n{field(ours, one.id)}\n"
    write("a.txt", text)
    assert other in run("clean", "a.txt").out
    assert other in run("clean", "a.txt", "--review").out
    assert other in run("clean", "a.txt", "--terms", "--skip", UNIFORM).out
    assert other in run("clean", "a.txt", "--terms", "--min-score", "0.7").out
    assert other not in run("clean", "a.txt", "--terms", "--only", UNIFORM).out


def test_a_text_of_another_field_keeps_its_names(run: Run, ours: Glossary) -> None:
    _, first, other = admitted(ours)
    write("a.txt", f"They saw the {first}. They saw the {first}. They drew the {other}.\n")
    assert other in run("clean", "a.txt", "--terms").out


def test_a_wrong_form_gets_the_name_that_the_text_uses() -> None:
    document = segmented("The river mile turns. A wheel house.").document
    names = {"en": {"mill": Term("wheel house", "en", "admitted")}}
    (found,) = (m for m in match(segmented(document.text), GLOSSARY) if m.term.status == "noise")
    wrong = Finding("broken-term", found.spans, 0.9, "review", "water mill", concept="mill")
    assert Uniform(names).renamed(document, wrong).replacement == "wheel house"
    assert Uniform({}).renamed(document, wrong).replacement == "water mill"


def test_a_wrong_form_keeps_the_article_that_fits_the_name_in_use() -> None:
    document = segmented("They drew a river mile.").document
    names = {"en": {"mill": Term("open mill", "en", "admitted")}}
    wrong = Finding("broken-term", (Span(10, 22),), 0.9, "review", "a water mill", concept="mill")
    (span,), replacement = (found := Uniform(names).renamed(document, wrong)).spans, found.replacement
    assert (document.text[: span.start] + str(replacement)) == "They drew an open mill"


def test_both_kinds_of_wrong_forms_are_replaced_only_where_it_is_asked_for() -> None:
    for name in ("broken-term", "deprecated-term"):
        wrong = Finding(name, (Span(0, 3),), 0.9, "review", "mill", concept="mill")
        assert Choice(terms=Uniform({})).wants(wrong)
        assert not Choice().wants(wrong)
        assert not Choice(terms=Uniform({}), skip=frozenset({name})).wants(wrong)


def test_clean_replaces_deprecated_forms(run: Run, ours: Glossary) -> None:
    one, term, first = deprecated(ours)
    text = f"They drew the {term} there.\n\n{field(ours, one.id)}\n"
    write("a.txt", text)
    assert f"They drew the {first} there." in run("clean", "a.txt", "--terms").out
    assert f"They drew the {term} there." in run("clean", "a.txt").out
    assert f"They drew the {term} there." in run("clean", "a.txt", "--terms", "--skip", "deprecated-term").out


def test_standard_input_cannot_be_read_twice(run: Run) -> None:
    done = run("clean", "--terms")
    assert done.status == 2
    assert "name a FILE" in done.err


def test_the_rule_alone_wants_the_option(run: Run) -> None:
    write("a.txt", "Gunnar Myrdal wrote.\n")
    done = run("clean", "a.txt", "--only", UNIFORM)
    assert done.status == 2
    assert "--terms" in done.err


@given(st.text("abc ,.\n水磨", max_size=80))
@settings(max_examples=40, deadline=None)
def test_any_text_may_be_counted(text: str) -> None:
    assert uniform([text], None) == Uniform({})


# ------------------------------------------------------------------------------------------- terms --consistency


def test_usage_is_told_as_a_table_and_as_json(run: Run, ours: Glossary) -> None:
    one, first, other = admitted(ours)
    write("a.txt", f"They saw the {first}. They saw the {first}. They drew the {other}.\n")
    done = run("terms", "a.txt", "--consistency")
    assert one.id in done.out
    assert "67%" in done.out
    assert "1 of 3" in done.out
    assert done.err == "en: 1 concept, 0 uniform, 1 to change\n"
    (record,) = json.loads(run("terms", "a.txt", "--consistency", "--format", "json").out)
    assert (record["concept"], record["document"], record["total"]) == (one.id, "en", 3)
    assert (record["dominant"], record["use"], record["uniform"]) == (first, first, 0.667)
    assert [(form["form"], form["count"], form["change"]) for form in record["forms"]] == [
        (first, 2, False),
        (other, 1, True),
    ]
    (place,) = record["places"]
    assert (place["text"], place["replacement"]) == (other, first)


def test_a_uniform_text_has_no_table(run: Run) -> None:
    write("a.txt", "Gunnar Myrdal wrote. Gunnar Myrdal read.\n")
    done = run("terms", "a.txt", "--consistency")
    assert (done.status, done.out) == (0, "")
    assert "1 uniform, 0 to change" in done.err
