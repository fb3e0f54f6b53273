"""The glossary: its files, its look-up, and where texts name its concepts."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapla import glossary as glossaries
from tetrapla.errors import InputError, UnknownNameError
from tetrapla.glossary import Glossary, RecordFile, as_json, load, match, save, table, validate
from tetrapla.glossary._validate import CHECKS
from tetrapla.model import Concept, Document, Flow, Mention, Relation, Segment, Segmented, Span, Term, ViewSpan
from tetrapla.resources import corpus_root

RECORDS = """\
# Terms of our own making beside some of the field.

id: buzz
zh: 本地蜂鸣
en: local buzz
es: zumbido local
es_wrong: abeja local
fr: bourdonnement local

id: core-periphery
zh: 核心—边缘结构
en: core-periphery structure
es: estructura centro-periferia
fr: structure centre-périphérie

id: innovation
zh: 创新
en: innovation
es: innovación
fr: innovation

id: innovation-element
zh: 创新要素
en: innovation element
en_alt: innovation factor
en_deprecated: innovative factor
es: elemento de innovación
fr: élément d'innovation
broader: innovation

id: factor-market
zh: 要素市场
en: factor market
es: mercado de factores
fr: marché des facteurs

# An enclave the other way round.
id: reverse-enclave
zh: 反向飞地
en: reverse enclave
en_wrong: anti-enclave
es: enclave inverso
fr: enclave inversée

id: enclave
zh: 飞地
en: enclave
es: enclave
fr: enclave

id: regionalism
zh: 区域主义
en: regionalism
es: regionalismo
fr: régionalisme

id: mechanism
zh: 机制
en: mechanism
es: mecanismo
fr: mécanisme

id: institutions
zh: 体制机制
en: institutions and mechanisms
es: instituciones y mecanismos
fr: institutions et mécanismes

id: g60
zh: G60科创走廊
en: G60 corridor
es: corredor G60
fr: corridor G60

id: crisis
zh: 2008年金融危机
en: financial crisis of 2008
es: crisis financiera de 2008
fr: crise financière de 2008

id: triple
zh: 产学研协同
en: production, education and research collaboration
es: colaboración entre producción, educación e investigación
fr: collaboration entre production, éducation et recherche

id: leakage
zh: 泄漏
en: leakage
en_wrong: spillover
es: fuga
fr: fuite

id: spillover
zh: 溢出
en: spillover
es: derrame
fr: débordement

id: sme
zh: 中小企业
en: SME
es: pyme
fr: PME

id: myrdal
zh: 缪达尔
zh_wrong: 缪尔达尔
en: Myrdal
en_wrong: Muldaur
es: Myrdal
fr: Myrdal
"""
GLOSSARY = Glossary((RecordFile("terms.rec", RECORDS),))


def segmented(language: str, *lines: str, joiner: str = " ") -> Segmented:
    """Return a document of one paragraph, which wraps over these lines."""
    text = "\n".join(lines)
    offsets = [at for at, char in enumerate(text) if joiner or char != "\n"]
    flow = Flow("".join(text[at] for at in offsets).replace("\n", joiner), offsets)
    return with_flow(language, text, flow)


def with_flow(language: str, text: str, flow: Flow) -> Segmented:
    paragraph = Segment("p1", "body", flow.to_raw(ViewSpan(0, len(flow.text))))
    return Segmented(Document("d", language, text), (paragraph,), ((paragraph,),), (flow,))


@pytest.mark.parametrize(
    ("name", "concept"),
    [
        ("buzz", "buzz"),
        ("本地蜂鸣", "buzz"),
        ("Local Buzz", "buzz"),
        ("zumbidos locales", "buzz"),
        ("abeja local", "buzz"),
        ("“反向飞地”", "reverse-enclave"),
        ("core periphery structures", "core-periphery"),
        ("éléments d’innovation", "innovation-element"),
        ("innovative factor", "innovation-element"),
        (" Muldaur ", "myrdal"),
        ("Ｇ６０科创走廊", "g60"),
    ],
)
def test_any_form_finds_its_concept(name: str, concept: str) -> None:
    assert GLOSSARY.find(name)[0].id == concept


def test_the_better_status_is_found_first() -> None:
    assert [concept.id for concept in GLOSSARY.find("spillover")] == ["spillover", "leakage"]


@pytest.mark.parametrize("name", ["regional", "mechanical", "", "   ", "buz zing", "今天"])
def test_what_no_concept_is_called_is_refused(name: str) -> None:
    with pytest.raises(UnknownNameError):
        GLOSSARY.find(name)


def test_an_unknown_name_is_answered_with_a_guess() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'Myrdal'"):
        GLOSSARY.find("Myrdall")
    with pytest.raises(UnknownNameError, match="did you mean 'mechanism'"):
        GLOSSARY.concept("mechanisms")


def test_a_concept_as_json() -> None:
    found = as_json(GLOSSARY.concept("innovation-element"))
    assert list(found) == [
        "id",
        "terms",
        "definition",
        "subject",
        "homonyms",
        "formerly",
        "relations",
        "systems",
        "source",
        "notes",
    ]
    assert found["terms"]["en"] == [
        {"form": "innovation element", "status": "preferred"},
        {"form": "innovation factor", "status": "admitted"},
        {"form": "innovative factor", "status": "deprecated"},
    ]
    assert found["relations"] == [{"type": "broader", "target": "innovation"}]


def test_a_table_counts_forms_and_tells_what_is_missing() -> None:
    texts = {
        "en": "Muldaur, Muldaur. Innovation elements, innovation factors.",
        "es": "Elementos de innovación.",
        "fr": "Rien.",
    }
    mentions = {code: match(segmented(code, text), GLOSSARY) for code, text in texts.items()}
    element, myrdal = table(mentions, GLOSSARY)
    assert (element.concept.id, element.missing, element.damaged) == ("innovation-element", ("fr",), ())
    assert [(form.term.form, form.count) for form in element.forms["en"]] == [
        ("innovation element", 1),
        ("innovation factor", 1),
    ]
    assert (myrdal.concept.id, myrdal.missing, myrdal.damaged) == ("myrdal", ("es", "fr"), ("en",))
    assert myrdal.forms["en"][0].count == 2


def test_a_table_refuses_mentions_of_another_glossary() -> None:
    mention = Mention("stranger", Term("x", "en", "preferred"), (Span(0, 1),))
    with pytest.raises(KeyError, match="stranger"):
        table({"en": [mention]}, GLOSSARY)


# Records ------------------------------------------------------------------------------------------------------------

NAMES = st.sampled_from(["id", "en", "en_alt", "zh", "note", "def_en"])
LINE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), max_size=8).filter(
    lambda line: not line.endswith("\\")
)
VALUE = st.lists(st.lists(LINE, max_size=3).map(" ".join).map(str.strip), min_size=1, max_size=3).map("\n".join)
FIELDS = st.lists(st.tuples(NAMES, VALUE), min_size=1, max_size=4)
JUNK = st.lists(st.sampled_from(["# note: a comment\n", "\n", "#\n", "  \n"]), max_size=3).map("".join)


@given(JUNK, st.lists(st.tuples(FIELDS, JUNK), max_size=4))
def test_records_read_back_as_they_were_written(head: str, blocks: list[tuple[list[tuple[str, str]], str]]) -> None:
    file = RecordFile("g.rec", head)
    for fields, junk in blocks:
        file = file.with_record(fields)
        file = RecordFile("g.rec", file.text + junk)
    assert file.text.startswith(head)
    assert [field for record in file.records for field in _pairs(record.fields)] == [
        field for fields, _ in blocks for field in fields
    ]


def _pairs(fields: Any) -> list[tuple[str, str]]:
    return [(field.name, field.value) for field in fields]


@given(JUNK, st.lists(FIELDS, min_size=1, max_size=3), st.data())
def test_a_change_touches_the_lines_of_its_field_only(
    head: str, blocks: list[list[tuple[str, str]]], data: st.DataObject
) -> None:
    file = RecordFile("g.rec", head)
    for fields in blocks:
        file = file.with_record(fields)
    record = data.draw(st.sampled_from(file.records))
    field = data.draw(st.sampled_from(record.fields))
    lines = file.text.split("\n")
    before, after = lines[: field.line - 1], lines[field.line - 1 + field.lines :]
    changed = file.with_value(field, data.draw(VALUE)).text.split("\n")
    assert changed[: len(before)] == before
    assert changed[len(changed) - len(after) :] == after
    assert file.without(field).text.split("\n") == before + after
    assert file.with_value(field, field.value).text == file.text
    more = file.with_field(record, "note", "x", after=field)
    grown = next(r for r in more.records if r.line == record.line)
    assert more.without(next(f for f in grown.fields if f.line == field.line + field.lines)).text == file.text


def test_a_file_keeps_its_newlines_its_mark_and_its_open_end() -> None:
    file = RecordFile("g.rec", "\ufeffid: a\r\nen: cat")
    assert file.with_field(file.records[0], "en_alt", "tom").text == "\ufeffid: a\r\nen: cat\r\nen_alt: tom"
    assert _pairs(file.records[0].fields) == [("id", "a"), ("en", "cat")]


def test_values_go_on_as_in_recutils() -> None:
    file = RecordFile("g.rec", "%rec: Concept\n\nid: a\ndef_en: one\n+ two\n+\nnote: long \\\nline\n# done\nen:\n")
    assert _pairs(file.records[0].fields) == [("id", "a"), ("def_en", "one\ntwo\n"), ("note", "long line"), ("en", "")]


@pytest.mark.parametrize("line", ["no field", "1d: x", ": x", "+ goes on with nothing"])
def test_a_line_that_is_no_record_is_told_by_file_and_line(line: str) -> None:
    with pytest.raises(InputError, match=r"g\.rec:3: "):
        _ = RecordFile("g.rec", f"id: a\n\n{line}\n").records


@pytest.mark.parametrize("value", [" x", "x ", "a\rb", "ends in \\", "a \nb"])
def test_a_value_that_would_not_read_back_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="do not keep"):
        RecordFile("g.rec", "").with_record([("id", value)])
    with pytest.raises(ValueError, match="no name"):
        RecordFile("g.rec", "").with_record([("1d", "a")])


# The glossary on disk ----------------------------------------------------------------------------------------------


def test_a_glossary_is_saved_where_it_changed(tmp_path: Path) -> None:
    (tmp_path / "a.rec").write_text("# kept\nid: cat\nen: cat\n\nid: dog\nen: dog\n", "utf-8")
    (tmp_path / "b.rec").write_text("id: cow\nen: cow\n", "utf-8")
    glossary = load(tmp_path)
    assert save(glossary) == []
    changed = glossary.with_term("cat", Term("tomcat", "en", "admitted"))
    assert save(changed) == [tmp_path / "a.rec"]
    assert (tmp_path / "a.rec").read_text("utf-8") == "# kept\nid: cat\nen: cat\nen_alt: tomcat\n\nid: dog\nen: dog\n"
    assert changed.without_term("cat", Term("tomcat", "en", "admitted")) == glossary
    assert glossary.concept("cat").terms == (Term("cat", "en", "preferred"),)


def test_a_concept_is_written_and_read_back() -> None:
    concept = Concept(
        "sun",
        (Term("sun", "en", "preferred"), Term("son", "en", "noise"), Term("太阳", "zh", "preferred")),
        {"en": "The star that we have."},
        (Relation("broader", "star"), Relation("part-of", "sky")),
        ("paper 1",),
        (2,),
        ("bright",),
    )
    assert Glossary.of([concept])["sun"] == concept
    grown = GLOSSARY.with_concept(concept)
    assert grown["sun"] == concept
    assert grown.files[0].text.startswith(RECORDS)
    with pytest.raises(ValueError, match="already"):
        grown.with_concept(concept)
    with pytest.raises(ValueError, match="no file"):
        GLOSSARY.with_concept(concept, file="other.rec")


def test_a_second_preferred_term_and_a_term_that_is_not_there_are_refused() -> None:
    with pytest.raises(ValueError, match="already"):
        GLOSSARY.with_term("buzz", Term("buzzing", "en", "preferred"))
    with pytest.raises(ValueError, match="no noise term"):
        GLOSSARY.without_term("buzz", Term("bee", "en", "noise"))
    with pytest.raises(UnknownNameError):
        GLOSSARY.with_term("bzz", Term("bzz", "en", "noise"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"en: cat\n", r"a.rec:1: a record without an id"),
        (b"id: a\nrel: part-of\n", r"a.rec:2: not 'rel: TYPE ID'"),
        (b"id: a\nsystem: two\n", r"a.rec:2: not the number"),
        (b"id: a\nen: \xff\n", r"a.rec:2: not UTF-8"),
        (b"id: a\nwhat\n", r"a.rec:2: neither"),
    ],
)
def test_a_malformed_file_is_refused_by_line(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.rec").write_bytes(content)
    with pytest.raises(InputError, match=message):
        load(tmp_path)


def test_a_folder_without_records_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no record files"):
        load(tmp_path)
    with pytest.raises(InputError, match="no such file"):
        load(tmp_path / "none.rec")


SOUND = """\
id: cat
zh: 猫
en: cat
es: gato
fr: chat
def_en: A small animal that purrs.
source: ours

id: tomcat
zh: 公猫
en: tomcat
en_alt: male cat
es: gato macho
fr: matou
def_en: A male cat.
broader: cat
source: ours
"""
UNSOUND = [
    ("duplicate-id", "id: tomcat\n", "id: cat\n"),
    ("malformed-id", "id: tomcat\n", "id: Tom Cat\n"),
    ("unknown-field", "source: ours\n\n", "sauce: ours\nsource: ours\n\n"),
    ("unknown-language", "fr: chat\n", "fr: chat\nxx: miau\n"),
    ("repeated-field", "en: cat\n", "en: cat\nen: kitty\n"),
    ("repeated-field", "en: cat\n", "en: cat\nsystem: 1\nsystem: 1\n"),
    ("empty-field", "es: gato\n", "es: gato\nnote:\n"),
    ("no-preferred-term", "fr: matou\n", ""),
    ("no-definition", "def_en: A male cat.\n", ""),
    ("no-source", "source: ours\n\n", "\n"),
    ("unresolved-relation", "broader: cat", "broader: dog"),
    ("relation-to-itself", "broader: cat", "related: tomcat"),
    ("circle-of-broader", "source: ours\n\n", "source: ours\nbroader: tomcat\n\n"),
    ("unknown-relation", "broader: cat", "rel: purrs-at cat"),
    ("repeated-relation", "broader: cat", "broader: cat\nrel: part-of cat\nrel: part-of cat"),
    ("repeated-relation", "source: ours\n\n", "source: ours\nrel: narrower tomcat\n\n"),
    ("repeated-form", "en_alt: male cat", "en_alt: Tomcat"),
    ("form-of-two-concepts", "en_alt: male cat", "en_alt: Cat"),
    ("wrong-form-elsewhere-right", "en_alt: male cat", "en_wrong: Cat"),
    ("no-damage", "en_alt: male cat\n", "en_alt: male cat\nen_wrong_ocr: torncat\nes_wrong: gata macho\n"),
    ("subject", "source: ours\n\n", "subject: place\nsource: ours\n\n"),
    ("homonym", "broader: cat", "homonym: cat\nbroader: cat"),
    ("former-id", "id: tomcat\n", "id: tomcat\nformerly: cat\n"),
    ("not-composed", "def_en: A male cat.", "def_en: A male cat, e\u0301lu."),
]  # fmt: skip


def test_a_sound_glossary_has_no_problems() -> None:
    assert validate(Glossary((RecordFile("g.rec", SOUND),))) == []
    quoted = SOUND.replace("zh: 公猫\n", "zh: 公猫\nzh_alt: “公猫”\n")
    assert validate(Glossary((RecordFile("g.rec", quoted),))) == []


def test_homonyms_that_name_each_other_may_share_a_form() -> None:
    shared = SOUND.replace("en_alt: male cat\n", "en_alt: Cat\nhomonym: cat\n").replace(
        "fr: chat\n", "fr: chat\nhomonym: tomcat\n"
    )
    assert validate(Glossary((RecordFile("g.rec", shared),))) == []
    wrong = shared.replace("en_alt: Cat", "en_wrong_sense: Cat")
    assert validate(Glossary((RecordFile("g.rec", wrong),))) == []


def test_a_concept_is_found_by_an_id_that_it_had() -> None:
    renamed = Glossary((RecordFile("g.rec", SOUND.replace("id: cat\n", "id: cat\nformerly: puss\n")),))
    assert validate(renamed) == []
    assert renamed.concept("puss").id == "cat"
    assert [concept.id for concept in renamed.find("puss")] == ["cat"]


@pytest.mark.parametrize(
    ("field", "status", "damage"),
    [
        ("en", "preferred", None),
        ("en_alt", "admitted", None),
        ("en_deprecated", "deprecated", None),
        ("en_deprecated_sense", "deprecated", "sense"),
        ("en_wrong", "noise", None),
        ("en_wrong_ocr", "noise", "ocr"),
    ],
)
def test_fields_tell_status_and_damage(field: str, status: str, damage: str | None) -> None:
    glossary = Glossary((RecordFile("g.rec", f"id: a\n{field}: cat\n"),))
    assert glossary["a"].terms == (Term("cat", "en", status, damage=damage),)  # type: ignore[arg-type]
    assert Glossary.of(glossary.values()).files[0].text == f"id: a\n{field}: cat\n"


@pytest.mark.parametrize("field", ["en_alt_ocr", "en_wrong_typo", "en_ocr", "id_alt"])
def test_other_fields_give_no_term(field: str) -> None:
    glossary = Glossary((RecordFile("g.rec", f"id: a\n{field}: cat\n"),))
    assert [term.form for term in glossary["a"].terms] == (["cat"] if field == "id_alt" else [])


@pytest.mark.parametrize(("check", "old", "new"), UNSOUND, ids=[row[0] for row in UNSOUND])
def test_each_check_of_a_glossary_finds_its_case(check: str, old: str, new: str) -> None:
    assert SOUND.count(old) == 1
    problems = validate(Glossary((RecordFile("g.rec", SOUND.replace(old, new)),)))
    assert check in {problem.check for problem in problems}
    assert all(str(problem).startswith(f"g.rec:{problem.line}: ") for problem in problems)


def test_each_check_of_a_glossary_has_a_case() -> None:
    assert {row[0] for row in UNSOUND} == set(CHECKS)


def test_the_glossary_that_comes_with_tetrapla_is_sound() -> None:
    assert [str(problem) for problem in validate(load())] == []


def test_every_form_of_the_glossary_that_comes_with_tetrapla_finds_its_concept() -> None:
    glossary = load()
    for concept in glossary.values():
        assert glossary.find(concept.id) == [concept]
        for term in concept.terms:
            assert concept in glossary.find(term.form)


def test_what_the_package_promises_is_there() -> None:
    assert all(hasattr(glossaries, name) for name in glossaries.__all__)


@pytest.mark.skipif(shutil.which("recfix") is None, reason="recfix is not installed (Debian's package recutils)")
@pytest.mark.parametrize("path", sorted((corpus_root() / "glossary").rglob("*.rec")), ids=lambda path: path.name)
def test_recutils_reads_the_files(path: Path) -> None:
    ran = subprocess.run(["recfix", "--check", str(path)], capture_output=True, encoding="utf-8", check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.skipif(shutil.which("recfix") is None, reason="recfix is not installed (Debian's package recutils)")
def test_recutils_finds_what_the_descriptors_forbid(tmp_path: Path) -> None:
    text = (corpus_root() / "glossary" / "places.rec").read_text("utf-8")
    twice = tmp_path / "twice.rec"
    twice.write_text(text.replace("\nen: ", "\nen: x\nen: ", 1), "utf-8")
    ran = subprocess.run(["recfix", "--check", str(twice)], capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode != 0


def test_ids_are_stable() -> None:
    """What has been published once is found for ever; an id that goes is kept in `formerly`."""
    glossary = load()
    published = (Path(__file__).parent / "cases" / "concept-ids.txt").read_text("utf-8").split()
    assert len(published) > 300
    assert [name for name in published if not glossary.concept(name)] == []
