"""Glossaries in the formats of other programs: out and back without loss, and nothing hostile comes in."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tetrapla.cli import main
from tetrapla.errors import InputError, UnknownNameError
from tetrapla.glossary import Glossary, load
from tetrapla.glossary._fields import DAMAGES, SUBJECTS, fields_of
from tetrapla.glossary.exchange import dump, read, registry
from tetrapla.markup import local_name, parse
from tetrapla.model import Concept, Relation, Term

FORMATS = registry.names()

# What a record can hold and XML, too; with what quotes, separates or escapes in some format.
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs"))
    | st.sampled_from(" |\\\"',;=\n\t:@-+"),
    min_size=1,
    max_size=30,
).map(lambda text: "\n".join(line.strip(" \t\\") for line in text.strip(" \t\n\\").split("\n")).strip() or "x")
IDS = st.sampled_from(["a", "b-1", "2008-crisis", "cats-and-dogs", "z9"])
CODES = st.sampled_from(["zh", "en", "es", "fr", "de"])


@st.composite
def concepts(draw: st.DrawFn) -> Concept:
    forms = draw(st.lists(st.tuples(CODES, TEXT), unique=True, min_size=1, max_size=6))
    terms, preferred = [], set()
    for code, form in forms:
        status = draw(st.sampled_from(["preferred", "admitted", "deprecated", "noise"]))
        if status == "preferred" and code in preferred:
            status = "admitted"
        preferred |= {code} if status == "preferred" else set()
        damage = draw(st.sampled_from([None, *DAMAGES])) if status in ("deprecated", "noise") else None
        terms.append(Term(form, code, status, damage=damage))  # type: ignore[arg-type]
    kinds = st.sampled_from(["broader", "related", "has-part", "drives"])
    return Concept(
        id=draw(IDS),
        terms=tuple(terms),
        definition=draw(st.dictionaries(CODES, TEXT, max_size=2)),
        relations=tuple(draw(st.lists(st.builds(Relation, kinds, IDS), unique=True, max_size=3))),
        sources=tuple(draw(st.lists(TEXT, unique=True, max_size=2))),
        systems=tuple(draw(st.lists(st.integers(1, 10), unique=True, max_size=2))),
        notes=tuple(
            draw(st.lists(TEXT | st.sampled_from(["note: x", "damage: ocr", "system: 4"]), unique=True, max_size=2))
        ),
        subject=draw(st.sampled_from(["", *SUBJECTS])),
        homonyms=tuple(draw(st.lists(IDS, unique=True, max_size=1))),
        formerly=tuple(draw(st.lists(IDS, unique=True, max_size=1))),
    )


def normal(concept: Concept) -> list[tuple[str, str]]:
    """Return the concept without the order of its fields, which tables and sets do not keep."""
    return sorted(fields_of(concept))


@pytest.mark.parametrize("suffix", FORMATS)
@given(st.lists(concepts(), min_size=1, max_size=3, unique_by=lambda concept: concept.id))
@settings(max_examples=40)
def test_concepts_come_back_as_they_went(suffix: str, given_: list[Concept]) -> None:
    # What leads to a concept that is not there is no statement of SKOS or TBX: only closed relations go out.
    here = {concept.id for concept in given_}
    closed = [
        Concept(
            concept.id, concept.terms, concept.definition, tuple(r for r in concept.relations if r.target in here),
            concept.sources, concept.systems, concept.notes, concept.subject,
            tuple(name for name in concept.homonyms if name in here), concept.formerly,
        )
        for concept in given_
    ]  # fmt: skip
    back = registry.get(suffix).load(dump(closed, suffix), "x")
    assert sorted(map(normal, back)) == sorted(map(normal, closed))


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_glossary_that_comes_with_tetrapla_comes_back(suffix: str) -> None:
    ours = list(load().values())
    back = registry.get(suffix).load(dump(ours, suffix), "x")
    assert sorted(map(normal, back)) == sorted(map(normal, ours))


@pytest.mark.parametrize("suffix", FORMATS)
def test_files_of_the_command_line_go_and_come(suffix: str, tmp_path: Path) -> None:
    rec, there, again = tmp_path / "a.rec", tmp_path / f"a{suffix}", tmp_path / "b.rec"
    rec.write_text(
        "id: cat\nzh: 猫\nen: cat\nen_alt: tom|cat\nes: gato\nfr: chat\ndef_en: It purrs.\nsource: ours\n", "utf-8"
    )
    assert main(["glossary", "export", "--glossary", str(rec), "-o", str(there)]) == 0
    assert main(["glossary", "import", str(there), "-o", str(again)]) == 0
    assert normal(load(again)["cat"]) == normal(load(rec)["cat"])


def test_a_table_opens_with_what_is_looked_for_first() -> None:
    head = dump([Concept("cat", (Term("猫", "zh", "preferred"), Term("cat", "en", "preferred")))], ".csv")
    assert head.decode("utf-8-sig").splitlines() == ["id,zh,en", "cat,猫,cat"]


TBX_2008 = """<martif type="TBX"><text><body><termEntry id="C 1">
<descripGrp><descrip type="subjectField">fishing</descrip></descripGrp>
<langSet xml:lang="en-GB"><descripGrp><descrip type="definition">To catch fish.</descrip></descripGrp>
<tig><term>fishing</term></tig><ntig><termGrp><term>angling</term></termGrp></ntig></langSet></termEntry></body></text></martif>"""


def test_tbx_of_other_makers_is_read() -> None:
    (concept,) = registry.get(".tbx").load(TBX_2008.encode(), "x")
    assert (concept.id, concept.subject, concept.definition) == ("c-1", "fishing", {"en": "To catch fish."})
    assert [(term.form, term.status) for term in concept.terms] == [("fishing", "preferred"), ("angling", "admitted")]


TBX_OF_OTHERS = """<tbx xmlns="urn:iso:std:iso:30042:ed-2" type="TBX-Basic" style="dca" xml:lang="en"><text><body>
<conceptEntry><descrip type="subjectField">fishing</descrip><descrip type="subjectField">law</descrip>
<descrip type="definition">To catch fish.</descrip><descrip type="definition" xml:lang="de">Fische fangen.</descrip>
<transacGrp><transac type="transactionType">origination</transac><date>2010-04-17</date></transacGrp>
<ref type="crossReference" target="Z 9">see also</ref><ref type="crossReference" target="gone">related</ref>
<langSec xml:lang="en-GB"><termSec><term>angling</term><termNote type="partOfSpeech">noun</termNote></termSec>
<termSec><term>fishing</term><termNote type="administrativeStatus">preferredTerm-admn-sts</termNote>
<descripGrp><descrip type="context">Gone fishing.</descrip></descripGrp></termSec></langSec>
<langSec xml:lang="en-US"><termSec><term>sport fishing</term></termSec><termSec><term>fishing</term></termSec></langSec>
</conceptEntry>
<conceptEntry><langSec xml:lang="en"><termSec><term>cat</term><termNote type="usageStatus">deprecated</termNote></termSec>
<termSec><term>tom</term></termSec></langSec></conceptEntry>
<conceptEntry id="Z 9"><ref type="crossReference" target="_3d">related</ref>
<langSec xml:lang="fr"><termSec><term>poisson</term></termSec></langSec></conceptEntry>
<conceptEntry id="_3d"><ref type="crossReference" target="Z 9">related</ref>
<langSec xml:lang="fr"><termSec><term>filet</term></termSec></langSec></conceptEntry>
</body></text></tbx>"""


def test_tbx_without_ids_of_countries_and_statuses_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.tbx"
    path.write_text(TBX_OF_OTHERS, "utf-8")
    angling, cat, fish, net = read(path)
    assert (angling.id, cat.id, fish.id, net.id) == ("concept-1", "concept-2", "z-9", "3d")
    assert [(term.form, term.status) for term in angling.terms] == [
        ("angling", "admitted"), ("fishing", "preferred"), ("sport fishing", "admitted"),
    ]  # fmt: skip
    assert [(term.form, term.status) for term in cat.terms] == [("cat", "deprecated"), ("tom", "preferred")]
    assert angling.definition == {"en": "To catch fish.", "de": "Fische fangen."}
    assert angling.notes == ("subject: law", "crossReference: related", "fishing (en), context: Gone fishing.")
    assert (angling.subject, angling.relations) == ("fishing", (Relation("related", "z-9"),))
    assert (fish.relations, net.relations) == ((Relation("related", "3d"),), ())  # said by both


# The children of elements in the core schema of ISO 30042:2019, as far as we write them.
STRUCTURE = {
    "tbx": "tbxHeader text",
    "tbxHeader": "fileDesc",
    "fileDesc": "(titleStmt )?(sourceDesc ?)+",
    "text": "body",
    "body": "(conceptEntry ?)+",
    "conceptEntry": "((descrip|ref|admin|note) )*(langSec ?)+",
    "langSec": "((descrip|admin|note) )*(termSec ?)+",
    "termSec": "term( termNote)*( note)*",
}


@given(st.lists(concepts(), min_size=1, max_size=3, unique_by=lambda concept: concept.id))
@settings(max_examples=40)
def test_tbx_has_the_structure_that_its_schema_asks_for(given_: list[Concept]) -> None:
    root = parse(dump(given_, ".tbx"), "x")
    ids = [entry.get("id", "") for entry in root.iter("{*}conceptEntry")]
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", name) for name in ids)
    for element in root.iter():
        expected = STRUCTURE.get(local_name(element))
        if expected is not None:
            assert re.fullmatch(expected, " ".join(map(local_name, element))), local_name(element)


def test_skos_of_other_makers_is_read() -> None:
    turtle = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix x: <http://x.example/scheme#> .
    x:Cat a skos:Concept ; skos:prefLabel "cat"@en-US, "gato"@es ; skos:hiddenLabel "kat"@en ; skos:broader x:Pet .
    x:Pet a skos:Concept ; skos:prefLabel "pet"@en ."""
    cat, pet = registry.get(".ttl").load(turtle.encode(), "x")
    assert (cat.id, cat.preferred("en"), cat.preferred("es"), pet.id) == ("cat", "cat", "gato", "pet")
    assert cat.relations == (Relation("broader", "pet"),)
    assert [term.status for term in cat.terms if term.form == "kat"] == ["noise"]


def test_skos_said_from_above_and_for_countries_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(
        """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        <http://x.example/a/cat> a skos:Concept ; skos:prefLabel "猫"@zh-Hans, "貓"@zh-Hant ; skos:altLabel "puss"@en-GB ;
            skos:prefLabel "cat"@en, "a cat"@en-US ; skos:scopeNote "At home." ; skos:related <http://x.example/b/Cat> .
        <http://x.example/b/Cat> a skos:Concept ; skos:prefLabel "cats"@en ; skos:related <http://x.example/a/cat> .
        <http://x.example/Pet/> a skos:Concept ; skos:prefLabel "pet"@en ; skos:narrower <http://x.example/a/cat> .""",
        "utf-8",
    )
    found = {concept.preferred("en"): concept for concept in read(path)}
    cat, cats, pet = found["cat"], found["cats"], found["pet"]
    assert (cat.id, cats.id, pet.id) == ("cat", "cat-2", "pet")
    assert [(t.form, t.status) for t in cat.terms if t.language == "zh"] == [("猫", "preferred"), ("貓", "admitted")]
    assert cat.notes == ("At home.",)
    assert cat.relations == (Relation("broader", "pet"), Relation("related", "cat-2"))
    assert cats.relations == pet.relations == ()


def test_skos_says_what_is_on_top_and_what_is_below() -> None:
    pet = Concept("pet", (Term("pet", "en", "preferred"),))
    cat = Concept("cat", (Term("cat", "en", "preferred"),), relations=(Relation("broader", "pet"),))
    text = dump([cat, pet], ".ttl").decode()
    below, above = (part for part in text.split("\n\n") if " a skos:Concept ;" in part)
    assert "skos:broader :pet" in below
    assert "topConceptOf" not in below
    assert "skos:narrower :cat" in above
    assert "skos:topConceptOf <urn:tetrapla:glossary>" in above


def test_tables_with_semicolons_are_read() -> None:
    data = 'id;en;fr\r\na;"cat; tom";chat\r\n'.encode("cp1252")
    (cat,) = registry.get(".csv").load(data, "x")
    assert [term.form for term in cat.terms] == ["cat; tom", "chat"]


def test_ids_of_other_makers_become_ours(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("id,en,broader,homonym\nPet Shop,shop,,\ncat,cat,Pet Shop,Pet Shop\n猫,cat 2,gone,\n", "utf-8")
    shop, cat, other = read(path)
    assert (shop.id, cat.id, other.id) == ("pet-shop", "cat", "concept-3")
    assert (cat.relations, cat.homonyms) == ((Relation("broader", "pet-shop"),), ("pet-shop",))
    assert other.relations == (Relation("broader", "gone"),)


@pytest.mark.parametrize("suffix", [".tbx", ".ttl"])
def test_ids_that_no_other_program_could_read_are_not_written(suffix: str) -> None:
    for concept in (Concept("pet shop", ()), Concept("cat", (), relations=(Relation("broader", "pet shop"),))):
        with pytest.raises(InputError, match="'pet shop' is no id"):
            dump([concept], suffix)


def test_cells_of_a_sheet_stay_text() -> None:
    from openpyxl import load_workbook

    data = dump([Concept("cat", (Term("3-4", "en", "preferred"), Term("=1", "fr", "preferred")))], ".xlsx")
    cells = [cell for row in load_workbook(io.BytesIO(data)).active for cell in row]
    assert [cell.value for cell in cells] == ["id", "en", "fr", "cat", "3-4", "=1"]
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}


def workbook(part: bytes) -> bytes:
    """Return a workbook with a part of its own where its list of sheets should be."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(dump([Concept("cat", (Term("cat", "en", "preferred"),))], ".xlsx"))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, part if name == "xl/workbook.xml" else old.read(name))
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.xml", b"\0" * 100_000_000)
    return out.getvalue()


ENTITIES = '<!DOCTYPE tbx [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
SECRET = '<!DOCTYPE tbx [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
PARAMETER = '<!DOCTYPE tbx [<!ENTITY % x SYSTEM "http://x.invalid/x.dtd"> %x;]>'
LABELS = "@prefix s: <http://www.w3.org/2004/02/skos/core#> . <urn:a> a s:Concept ; s:prefLabel "
BAD: list[tuple[str, str, bytes | Callable[[], bytes], str]] = [
    ("entities", ".tbx", f"{ENTITIES}<tbx><text>&b;</text></tbx>".encode(), "declares entities"),
    ("a file by an entity", ".tbx", f"{SECRET}<tbx><text>&x;</text></tbx>".encode(), "declares entities"),
    ("a file elsewhere", ".tbx", f"{PARAMETER}<tbx/>".encode(), "declares entities|cannot be read"),
    ("nesting", ".tbx", b"<tbx>" + b"<a>" * 100_000, "cannot be read"),
    ("a text without end", ".tbx", b"<tbx><text>" + b"a" * 11_000_000, "cannot be read"),
    ("no TBX", ".tbx", b"<html/>", "no TBX"),
    ("no XML", ".tbx", b"cat", ":1: this XML cannot be read"),
    ("no language", ".tbx", b"<tbx><conceptEntry id='a'><langSec/></conceptEntry></tbx>", "without xml:lang"),
    ("a language of three letters", ".ttl", f'{LABELS}"popoki"@haw .'.encode(), "language of two letters"),
    ("Indonesian", ".ttl", f'{LABELS}"kucing"@id .'.encode(), "preferred term in Indonesian"),
    ("two prefLabels", ".ttl", f'{LABELS}"cat"@en, "kitty"@en .'.encode(), "two prefLabels in 'en'"),
    ("a label twice", ".ttl", f'{LABELS}"cat"@en ; s:altLabel "cat"@en .'.encode(), "two kinds of labels"),
    ("a label in no language", ".ttl", f'{LABELS}"cat" .'.encode(), "without a language"),
    ("no Turtle", ".ttl", b"cat cat cat", "no Turtle"),
    ("nested Turtle", ".ttl", b"<urn:a> <urn:b> " + b"[ <urn:b> " * 20_000, "Turtle"),
    ("no ids", ".csv", b"zh,en\nx,cat\n", ":1: no column is called id"),
    ("a column of no concept", ".csv", b"id,en,colour\na,cat,grey\n", ":1: no concept has a field 'colour'"),
    ("a column twice", ".csv", b"id,en,en\na,cat,cat\n", "two columns are called en"),
    ("cells without a column", ".csv", b"id,en\na,cat,dog\n", ":2: more cells than columns"),
    ("a system that is no number", ".csv", b"id,system\na,two\n", ":2: not the number"),
    ("no id", ".csv", b"id,en\n,cat\n", ":2: a record without an id"),
    ("an id twice", ".csv", b"id,en\na,cat\na,dog\n", "two concepts are called 'a'"),
    ("no table", ".csv", b'id,en\na,"cat', "is no table"),
    ("a table of nothing", ".csv", b",,\n,\n", "empty table"),
    ("only names", ".tsv", b"id\ten\n", "holds no concepts"),
    ("no JSON", ".json", b"{", "no JSON"),
    ("deep JSON", ".json", b"[" * 100_000, "no JSON"),
    ("another JSON", ".json", b"[1]", "no glossary"),
    ("a malformed concept", ".json", b'{"concepts": [{"id": 3}]}', "concept 1 is malformed"),
    ("a status of none", ".json", b'{"concepts": [{"id": "a", "terms": {"en": [{"form": "x", "status": "y"}]}}]}', "malformed"),
    ("no workbook", ".xlsx", b"cat", "no workbook"),
    ("half a workbook", ".xlsx", lambda: workbook(b"<x/>")[:900], "no workbook"),
    ("another zip", ".xlsx", lambda: workbook(b"<x/>"), "cannot be read"),
    ("a workbook with entities", ".xlsx", lambda: workbook(ENTITIES.encode() + b"<x>&b;</x>"), "has a DTD"),
    ("a bomb", ".xlsx", bomb, "unpacks to 300,000,000 bytes"),
]  # fmt: skip


@pytest.mark.parametrize(("suffix", "data", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_what_is_hostile_or_broken_is_refused_in_one_line(
    tmp_path: Path, suffix: str, data: bytes | Callable[[], bytes], message: str
) -> None:
    path = tmp_path / f"g{suffix}"
    path.write_bytes(data if isinstance(data, bytes) else data())
    with pytest.raises(InputError, match=message) as raised:
        read(path)
    assert "\n" not in str(raised.value)
    out = tmp_path / "out.rec"
    assert main(["glossary", "import", str(path), "-o", str(out)]) == 2
    assert not out.exists()


@pytest.mark.parametrize("suffix", [".tbx", ".xlsx"])
def test_what_a_format_cannot_hold_is_refused(suffix: str) -> None:
    with pytest.raises(InputError, match="control character"):
        dump([Concept("cat", (Term("ca\x01t", "en", "preferred"),))], suffix)


def test_a_format_that_nobody_knows_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UnknownNameError):
        dump([], ".doc")
    assert main(["glossary", "export", "-o", str(tmp_path / "g.doc")]) == 2
    assert ".doc is no format of glossaries; name one of csv, json, tbx" in capsys.readouterr().err
    assert main(["glossary", "export"]) == 2
    assert "nothing tells the format" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_what_was_imported_can_be_written_as_records() -> None:
    made = Glossary.of(registry.get(".csv").load(b'id,en,note\na,cat," two\r\nlines "\n', "x"))
    assert made.files[0].text == "id: a\nen: cat\nnote: two\n+ lines\n"
