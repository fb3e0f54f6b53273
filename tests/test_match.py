"""Where texts name the concepts of the glossary: inflected, elided, hyphenated, torn, and by which of two forms."""

from __future__ import annotations

import itertools
import json
import re
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.build import concept
from tests.test_glossary import GLOSSARY, segmented, with_flow
from tetrapla.glossary import Glossary, Matcher, match
from tetrapla.glossary._inflection import uninflected
from tetrapla.glossary._units import Units, squeeze
from tetrapla.model import Document, Flow, Segment, Segmented, Span, ViewSpan

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "terms.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=[f"{case['lang']}: {case['label']}" for case in CASES])
def test_terms_are_found_where_they_stand_and_nowhere_else(case: dict[str, Any]) -> None:
    mentions = match(segmented(case["lang"], case["text"]), GLOSSARY)
    assert [[mention.concept, mention.matched] for mention in mentions] == case["mentions"]
    for mention in mentions:
        assert [case["text"][span.start : span.end] for span in mention.spans] == [mention.matched]


def test_a_term_of_the_worse_status_says_so() -> None:
    doc = segmented("en", "An innovative factor and an anti-enclave, says Muldaur.")
    assert [mention.term.status for mention in match(doc, GLOSSARY)] == ["deprecated", "noise", "noise"]


def test_a_term_wraps_over_lines() -> None:
    doc = segmented("en", "Nobody hears local", "buzz there.")
    assert match(doc, GLOSSARY)[0].spans == (Span(13, 23),)
    assert match(segmented("zh", "谁也听不见本地", "蜂鸣。", joiner=""), GLOSSARY)[0].spans == (Span(5, 10),)


def test_a_term_torn_by_a_column_has_two_spans() -> None:
    text = "buzz there.\nNobody hears local"
    offsets = [*range(12, 30), 30, *range(11)]
    flow = Flow("Nobody hears local buzz there.", offsets, frozenset({19}))
    (mention,) = match(with_flow("en", text, flow), GLOSSARY)
    assert [text[span.start : span.end].strip() for span in mention.spans] == ["local", "buzz"]
    assert mention.matched == "local buzz"


def test_mentions_come_by_their_first_raw_character() -> None:
    one, two = "An enclave.", "A mechanism."
    text = one + "\n" + two
    flows = (Flow(two, range(len(one) + 1, len(text))), Flow(one, range(len(one))))
    paragraphs = tuple(
        Segment(f"p{k}", "body", flow.to_raw(ViewSpan(0, len(flow.text)))) for k, flow in enumerate(flows)
    )
    doc = Segmented(Document("d", "en", text), paragraphs, ((), ()), flows)
    assert [mention.concept for mention in match(doc, GLOSSARY)] == ["enclave", "mechanism"]


def test_a_text_of_a_language_without_forms_names_nothing() -> None:
    assert match(segmented("sv", "En enclave utan like."), GLOSSARY) == []
    assert match(segmented("und", "12 34"), GLOSSARY) == []
    assert match(segmented("en", "local buzz"), Glossary(())) == []


FORMS = [(term.language, term.form) for concept in GLOSSARY.values() for term in concept.terms]
FILLERS = {
    "zh": ["今天", "我们", "下雨。", "，", "看书"],
    "en": ["rain", "the", "we.", "read,", "at"],
    "es": ["lluvia", "el", "vimos.", "leer,", "en"],
    "fr": ["pluie", "le", "nous.", "lire,", "dans"],
}  # fmt: skip


@given(st.data())
def test_every_form_is_found_wherever_it_stands_and_reads_back(data: st.DataObject) -> None:
    language, form = data.draw(st.sampled_from(FORMS))
    words = st.lists(st.sampled_from(FILLERS[language]), max_size=4)
    before, after = data.draw(words), data.draw(words)
    tokens = [*before, *([form] if language == "zh" else form.split(" ")), *after]
    if language == "zh":
        tokens = list("".join(tokens))
    breaks = data.draw(st.sets(st.integers(1, max(1, len(tokens) - 1))))
    cuts = sorted({0, *(at for at in breaks if at < len(tokens)), len(tokens)})
    joiner = "" if language == "zh" else " "
    lines = [joiner.join(tokens[a:b]) for a, b in itertools.pairwise(cuts)]
    doc = segmented(language, *lines, joiner=joiner)
    mentions = match(doc, GLOSSARY)
    assert form in [mention.matched for mention in mentions]
    for mention in mentions:
        (span,) = mention.spans
        assert doc.document[span].replace("\n", joiner) == mention.matched


@given(st.text(alphabet="创新要素市场反向飞地 “”—-local buzzINNOVATIONélément d'’,.\n", max_size=60))
def test_hits_lie_in_order_within_the_text_and_none_within_another(text: str) -> None:
    for language in ("zh", "en", "fr"):
        hits = Matcher(GLOSSARY).find(text, language)
        assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
        assert all(a.start < b.start and a.end < b.end for a, b in itertools.pairwise(hits))


SAME = [
    ("en", "cities city"), ("en", "boxes box"), ("en", "classes class"), ("en", "status status"),
    ("en", "region's region"),
    ("es", "regiones región"), ("es", "países país"), ("es", "luces luz"), ("es", "enlaces enlace"),
    ("es", "innovadoras innovador"), ("es", "regionales regional"),
    ("es", "intereses interés"), ("es", "comités comité"), ("es", "jóvenes joven"), ("es", "regímenes régimen"),
    ("es", "caracteres carácter"), ("es", "alemanas alemán"), ("es", "economías economía"),
    ("es", "innova\u00adción innovacio\u0301n"), ("fr", "œuvres oeuvre"),
    ("fr", "régionaux régionale"), ("fr", "réseaux réseau"), ("fr", "innovatrices innovateur"),
    ("fr", "complète complets"), ("fr", "industrielles industriel"), ("fr", "actives actif"), ("fr", "l’ l'"),
]  # fmt: skip
OTHER = [
    ("en", "region regional"), ("en", "innovation innovative"), ("en", "mechanism mechanical"),
    ("es", "región regional"), ("es", "innovación innovador"), ("es", "economía económico"),
    ("es", "desarrollo desarrolló"), ("es", "término termino"), ("es", "vía via"),
    ("fr", "région régional"), ("fr", "marché marche"), ("fr", "innovation innovant"),
]  # fmt: skip


INFLECTED = {
    "en": "cities city, bases base, policies policy, processes process, clusters cluster, boxes box, SMEs SME",
    "es": """ciudades ciudad, capacidades capacidad, lugares lugar, regulares regular, imágenes imagen, islas isla, líneas línea,
        redes red, bases base, clases clase, importantes importante, disponibles disponible, intereses interés, países país,
        enlaces enlace, interfaces interfaz, comités comité, regímenes régimen, caracteres carácter, torres torre, meses mes,
        nombres nombre, sedes sede, leyes ley, autobuses autobús, planes plan, análisis análisis, parques parque""",
    "fr": """lois loi, lieux lieu, emplois emploi, revenus revenu, contenus contenu, réseaux réseau, régionaux régional,
        numéros numéro, jeux jeu, locaux local, pays pays, pôles pôle, niveaux niveau, essais essai, matériaux matériau""",
}
APART = {
    "en": "news new, organ organization, universe university, politics police",
    "es": "desarrollo desarrolló, vía via, bloques bloqueo, gente gentil, caza casa, término termino",
    "fr": "prix pris, marché marche, procès proc, voie voix, côte côté, région regain, des dès",
}


@pytest.mark.parametrize(("language", "words"), SAME)
def test_number_and_gender_do_not_matter(language: str, words: str) -> None:
    one, two = words.split()
    assert uninflected(one, language) == uninflected(two, language)


@pytest.mark.parametrize(("language", "words"), OTHER)
def test_derivations_are_other_words(language: str, words: str) -> None:
    one, two = words.split()
    assert uninflected(one, language) != uninflected(two, language)


def keys(language: str, word: str) -> list[tuple[str, str]]:
    return [unit.key for unit in Units(language).of(word)]


@pytest.mark.parametrize(
    ("language", "pair"), [(code, pair) for code in INFLECTED for pair in INFLECTED[code].split(",")]
)
def test_a_plural_is_the_same_word(language: str, pair: str) -> None:
    plural, one = pair.split()
    assert keys(language, plural) == keys(language, one)


@pytest.mark.parametrize(("language", "pair"), [(code, pair) for code in APART for pair in APART[code].split(",")])
def test_words_that_look_alike_are_kept_apart(language: str, pair: str) -> None:
    one, other = pair.split()
    assert keys(language, one) != keys(language, other)


# The same found slowly ----------------------------------------------------------------------------------------------

Places = set[tuple[int, int]]


def outermost(places: Iterable[tuple[int, int]]) -> Places:
    found = set(places)
    return {a for a in found if not any(b != a and b[0] <= a[0] and a[1] <= b[1] for b in found)}


def slowly_in_han(text: str, forms: Iterable[str]) -> Places:
    """Return where forms stand, by the rules word for word: every stretch of the text is compared with every form."""
    wanted = {squeeze(form).text for form in forms}
    places = [i for i in range(len(text)) if not goes(text, i)]
    folded = [WIDE.get(text[i].lower(), text[i].lower()) for i in places]
    found = set()
    for i, j in itertools.combinations(range(len(places) + 1), 2):
        start, end = places[i], places[j - 1] + 1
        cut = any(0 < at < len(text) and LATIN.match(text[at - 1]) and LATIN.match(text[at]) for at in (start, end))
        if "".join(folded[i:j]) in wanted and not cut:
            found.add((start, end))
    return outermost(found)


WIDE = {"—": "-", "–": "-", "Ｇ": "g", "ｇ": "g", "６": "6"}
LATIN = re.compile(r"[A-Za-z0-9Ｇｇ６]")
HAN = re.compile("[一-鿿]")
QUOTES = set("“”「」")


def goes(text: str, i: int) -> bool:
    """Return whether a character does not count: a blank beside Han, a single quote, a second dash, a soft hyphen."""
    before, after = text[:i], text[i + 1 :]
    if text[i].isspace():
        return bool(HAN.match(before.rstrip()[-1:]) and not before[len(before.rstrip()) :].strip()) or bool(
            HAN.match(after.lstrip()[:1])
        )
    if text[i] in QUOTES:
        return before[-1:] not in QUOTES and after[:1] not in QUOTES
    if text[i] in "—–-":
        return before[-1:] in set("—–-") and before != ""
    return text[i] in "\u00ad\u200b"


HAN_FORMS = sorted({term.form for concept in GLOSSARY.values() for term in concept.terms if term.language == "zh"})
HAN_MARKS = [*"“” \n—-\u00ad16", "”“", "  ", "——"]
HAN_PIECES = [*"创新要素市场反向飞地核心边缘结构机制体走廊科年融危金", *"，。“”—-–\u00ad \n1６gG", "2008", "G60", "  "]


@st.composite
def damaged(draw: st.DrawFn, forms: Sequence[str], marks: Sequence[str], fillers: Sequence[str]) -> str:
    """Return forms between other words, with marks here and there in the middle of them."""
    text = ""
    for _ in range(draw(st.integers(1, 4))):
        form = draw(st.sampled_from(forms))
        for at in sorted(draw(st.sets(st.integers(0, len(form)), max_size=2)), reverse=True):
            form = form[:at] + draw(st.sampled_from(marks)) + form[at:]
        text += form + draw(st.sampled_from(fillers))
    return text


@settings(max_examples=400)
@given(damaged(HAN_FORMS, HAN_MARKS, HAN_PIECES))
def test_chinese_terms_are_found_as_by_comparing_every_stretch(text: str) -> None:
    (matcher,) = Matcher(GLOSSARY)._han
    assert [(hit.start, hit.end) for hit in matcher.find(text)] == sorted(slowly_in_han(text, HAN_FORMS))


def slowly_in_words(text: str, language: str, forms: Iterable[str]) -> Places:
    """Return where forms stand: every sequence of units is compared with every form, hyphens kept and left out."""
    units = Units(language)
    wanted = {units.of_form(form): form for form in forms}
    vocabulary = {key for keys in wanted for key in keys}

    def stand(text: str) -> Places:
        cut = units.of(text)
        return {
            (cut[i].start, cut[j - 1].end)
            for i, j in itertools.combinations(range(len(cut) + 1), 2)
            if (form := wanted.get(tuple(unit.key for unit in cut[i:j])))
            and not (form.isupper() and not text[cut[i].start : cut[j - 1].end][:2].isupper())
        }

    gone: set[int] = set()
    for hyphen in re.finditer(r"[-‐](?=\s*[^\W\d_])\s*|\u00ad\s+", text):
        left, right = re.search(r"[^\W\d_]*$", text[: hyphen.start()]), re.match(r"[^\W\d_]*", text[hyphen.end() :])
        assert left is not None
        assert right is not None
        word = units.of(left.group() + right.group()) if left.group() and right.group() else []
        if len(word) == 1 and word[0].key in vocabulary:
            gone |= set(range(*hyphen.span()))
    kept = [i for i in range(len(text)) if i not in gone]
    joined = {(kept[start], kept[end - 1] + 1) for start, end in stand("".join(text[i] for i in kept))}
    return outermost(stand(text) | {(a, b) for a, b in joined if gone & set(range(a, b))})


FORMS_OF = {
    code: sorted({term.form for concept in GLOSSARY.values() for term in concept.terms if term.language == code})
    for code in ("en", "es", "fr")
}
WORD_MARKS = [" ", "-", "- ", "\u00ad", "\u00ad ", "-\n", "\n", "  ", ", ", " “", "” ", "–", "s", "s ", "’"]
WORD_FILLERS = [" ", " the ", " of ", "s ", "es ", ". ", ", ", "-", "- ", " d’", " l'", "\n", "\u00a0", " 创新"]


@settings(max_examples=400)
@given(st.data())
def test_words_are_found_as_by_comparing_every_sequence(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(sorted(FORMS_OF)))
    text = data.draw(damaged(FORMS_OF[language], WORD_MARKS, WORD_FILLERS[:-1]))
    found = [(hit.start, hit.end) for hit in MATCHER.find(text, language)]
    assert found == sorted(slowly_in_words(text, language, FORMS_OF[language]))


MATCHER = Matcher(GLOSSARY)


@given(st.data())
def test_many_texts_at_once_are_searched_as_one_by_one(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(["zh", *FORMS_OF]))
    forms = HAN_FORMS + FORMS_OF.get(language, FORMS_OF["en"])
    texts = data.draw(st.lists(damaged(forms, WORD_MARKS, [*WORD_FILLERS, "，", "\0"]), max_size=6))
    assert list(MATCHER.find_each(texts, language)) == [MATCHER.find(text, language) for text in texts]


@pytest.mark.parametrize("text", ["-" * 200_000, "innova- " * 30_000, " " * 200_000, "“" * 200_000, "创 " * 60_000])
@pytest.mark.parametrize("language", ["zh", "en", "es"])
def test_time_grows_with_the_length_of_the_text_only(text: str, language: str) -> None:
    begin = time.process_time()
    MATCHER.find(text, language)
    assert time.process_time() - begin < 5


def test_words_are_not_cut_where_a_hyphen_is_looked_about() -> None:
    for blanks in range(40, 130):
        hits = MATCHER.find("A disenclave" + ", x" * blanks + " inno- vation", "en")
        assert [hit.candidate.concept for hit in hits] == ["innovation"]


def test_a_name_in_latin_letters_is_a_chinese_term_in_chinese_text_only() -> None:
    matcher = Matcher(Glossary.of([concept("g60", zh="G60|G60走廊", es="corredor")]))
    for text, language, found in [
        ("G60", "zh", ["G60"]),
        ("沿G60走", "zh", ["G60"]),
        ("走廊: G60", "en", []),
        ("G60走廊: G60", "en", ["G60走廊"]),
    ]:
        assert [text[hit.start : hit.end] for hit in matcher.find(text, language)] == found


@given(st.text(alphabet="甲乙 \n“”「」—–-\u00ad\u200bＡａ１，,·•a", max_size=24))
def test_what_is_squeezed_remembers_where_it_stood(text: str) -> None:
    squeezed = squeeze(text)
    assert [i for i in range(len(text)) if not goes(text, i)] == [squeezed.origin(i) for i in range(len(squeezed.text))]
    for i, char in enumerate(squeezed.text):
        assert squeeze("甲" + text[squeezed.origin(i)] + "甲").text in ("甲" + char + "甲", "甲甲")
