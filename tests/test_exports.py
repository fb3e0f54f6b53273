"""Alignments for other programs: what every format holds, read back by the standard's own rules."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tetrapla import exports
from tetrapla.cli import main
from tetrapla.errors import InputError, UnknownNameError
from tetrapla.exports import Options, dump, restricted
from tetrapla.exports._restrict import pair_score
from tetrapla.exports._rows import one_line, rows_of, spans_without, tokens
from tetrapla.exports._xml import storable
from tetrapla.formats import Known
from tetrapla.formats.json import dump_alignment
from tetrapla.formats.tmx import read_memory, read_units
from tetrapla.markup import parse
from tetrapla.model import Alignment, Bead, Document, Finding, Segmented, Span
from tetrapla.segment import segment

XML = "{http://www.w3.org/XML/1998/namespace}"
CORE = "{urn:oasis:names:tc:xliff:document:2.0}"
TEI = "{http://www.tei-c.org/ns/1.0}"

ZH = "河谷里的第一座纸厂建于十七世纪。工人们用破布造纸。\n\n后来的主人买来一台蒸汽机。\n"
EN = (
    "The first paper mill in the valley was built long ago. Workers made pa-\nper from rags.\n\n"
    "A later owner bought a steam <engine> & a boiler.\n\nPage 7\n"
)
FR = "Le premier moulin date du XVIIe siècle. On y faisait du papier.\n\nUn second moulin brûla.\n"


def span(text: str, words: str) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


def version(code: str, text: str) -> Segmented:
    return segment(Document(code, code, text, f"folder/{code}.txt"))


@pytest.fixture(scope="module")
def known() -> Known:
    """Three versions: a bead with sentences, one that the French lacks, one that only French has, and furniture."""
    versions = {code: version(code, text) for code, text in (("zh", ZH), ("en", EN), ("fr", FR))}
    first = (
        Bead("", "body", {"zh": (span(ZH, "河谷里的第一座纸厂建于十七世纪。"),), "en": (span(EN, EN[:54]),), "fr": (Span(0, 39),)},
             {"en": 0.9, "fr": 0.8}),
        Bead("", "body", {"zh": (span(ZH, "工人们用破布造纸。"),), "en": (span(EN, "Workers made pa-\nper from rags."),)},
             {"en": 0.3}),
    )  # fmt: skip
    beads = (
        Bead("b1", "body", {"zh": (Span(0, 25),), "en": (Span(0, EN.index("\n\nA")),), "fr": (Span(0, FR.index("\n")),)},
             {"en": 0.9, "fr": 0.5}, {"en": {"words": []}}, first),
        Bead("b2", "list", {"zh": (span(ZH, "后来的主人买来一台蒸汽机。"),), "en": (span(EN, "A later owner bought a steam <engine> & a boiler."),)},
             {"en": 0.25}),
        Bead("b3", "body", {"fr": (span(FR, "Un second moulin brûla."),)}),
        Bead("b4", "furniture", {"en": (span(EN, "Page 7"),)}),
    )  # fmt: skip
    documents = tuple(found.document for found in versions.values())
    findings = {"en": [Finding("hyphenation", (span(EN, "pa-\nper"),), 0.9, "safe", "paper")], "zh": [], "fr": []}
    return Known(Alignment("zh", documents, beads), versions, {}, findings)


# What Hypothesis draws: texts full of markup, in beads of whole paragraphs

WORDS = st.sampled_from(
    [
        "mill",
        "<b>",
        "&amp;",
        "]]>",
        '"',
        "纸",
        "®",
        "𝒳",
        "a\tb",
        "’tis",
        "<!--",
        "\x0c",
        "=1+1",
        "\u2028",
        "-",
        "ñu",
        "\x85",
        "\x08x",
        "\ufffe",
    ]
)


@st.composite
def knowns(draw: st.DrawFn) -> Known:
    codes = draw(st.sampled_from([["zh", "en", "es", "fr"], ["en", "zh"], ["fr", "en", "es"]]))
    versions: dict[str, Segmented] = {}
    spans: dict[int, dict[str, tuple[Span, ...]]] = {}
    pieces: dict[int, dict[int, dict[str, tuple[Span, ...]]]] = {}
    for code in codes:
        sentences = st.lists(WORDS, min_size=1, max_size=5).map(lambda words: f"A{' '.join(words)}.")
        paragraphs = draw(st.lists(st.lists(sentences, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=4))
        versions[code] = version(code, "\n\n".join(paragraphs) + "\n")
        for paragraph, inside, _ in versions[code]:
            bead = draw(st.integers(0, 3))
            own = spans.setdefault(bead, {})
            own[code] = (*own.get(code, ()), *paragraph.spans)
            for sentence in inside:
                part = pieces.setdefault(bead, {}).setdefault(draw(st.integers(0, 2)), {})
                part[code] = (*part.get(code, ()), *sentence.spans)
    beads = []
    for number, whole in sorted(spans.items()):
        parts = [] if draw(st.booleans()) else [_bead(draw, "", codes, part) for part in pieces[number].values()]
        made = _bead(draw, f"b{number}", codes, whole)
        lost = draw(st.integers(0, 1))  # a sentence that no sentence bead has
        beads.append(Bead(made.id, "body", whole, made.score, {}, tuple(parts[lost:])))
    alignment = Alignment(codes[0], tuple(found.document for found in versions.values()), tuple(beads))
    return Known(alignment, versions, {}, {})


def _bead(draw: st.DrawFn, name: str, codes: Sequence[str], spans: Mapping[str, tuple[Span, ...]]) -> Bead:
    scored = [code for code in codes[1:] if code in spans and len(spans) > 1]
    return Bead(name, "body", spans, {code: draw(st.floats(0, 1)) for code in scored})


def letters(texts: Iterable[str]) -> Counter[str]:
    """Count what is no blank."""
    return Counter(char for text in texts for char in storable(text) if not char.isspace())


def everything(known: Known, code: str) -> Counter[str]:
    return letters(flow.text for flow in known.versions[code].flows)


def read_tmx(tmp: Path, data: bytes) -> list[dict[str, str]]:
    (tmp / "a.tmx").write_bytes(data)
    return list(read_units(tmp / "a.tmx"))


# ---- a small reader of standards: what may stand in an element, and with which attributes -----------------------------


@dataclass(frozen=True)
class Rule:
    """The children of an element in their order, as an expression over their names, and its attributes."""

    children: str
    needed: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()


SEGTYPES = ("block", "paragraph", "sentence", "phrase")
RULES: dict[str, dict[str, Rule]] = {
    "tmx": {  # TMX 1.4b, chapter 4
        "tmx": Rule("header body ", ("version",)),
        "header": Rule(
            "((note|prop|ude) )*",
            ("creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"),
        ),
        "body": Rule("(tu )*"),
        "tu": Rule("((note|prop) )*(tuv )+", (), ("tuid", "segtype")),
        "tuv": Rule("((note|prop) )*seg ", (f"{XML}lang",)),
        "prop": Rule("", ("type",)),
        "seg": Rule(""),
    },
    "xces": {  # the CES DTD cesAlign, as in OPUS
        "cesAlign": Rule("(linkGrp )*", ("version",)),
        "linkGrp": Rule("(link )*", ("targType", "fromDoc", "toDoc")),
        "link": Rule("", ("id", "xtargets"), ("certainty",)),
        "text": Rule("(p )*", (), (f"{XML}lang",)),
        "p": Rule("(s )*", ("id",)),
        "s": Rule("", ("id",)),
    },
    "tei": {  # TEI P5: chapters 2, 4 and 16
        "TEI": Rule("teiHeader (standOff )?(text )+"),
        "teiHeader": Rule("fileDesc "),
        "fileDesc": Rule("titleStmt publicationStmt sourceDesc "),
        "titleStmt": Rule("(title )+"),
        "title": Rule(""),
        "publicationStmt": Rule("(p )+"),
        "sourceDesc": Rule("(p )+"),
        "p": Rule(""),
        "standOff": Rule("(linkGrp )+"),
        "linkGrp": Rule("(link )*", (), ("type",)),
        "link": Rule("", ("target",), ("n", "type", "cert")),
        "text": Rule("body ", (), (f"{XML}lang",)),
        "body": Rule("(ab )+"),
        "ab": Rule("(s )*", (), (f"{XML}id",)),
        "s": Rule("", (), (f"{XML}id",)),
    },
    "xliff": {  # XLIFF 2.1: 4.2, and the modules of 5.1 and 5.4
        "xliff": Rule("(file )+", ("version", "srcLang"), ("trgLang",)),
        "file": Rule("(unit )+", ("id",), ("original", f"{XML}space")),
        "unit": Rule("(matches )?(metadata )?(notes )?(segment )+", ("id",)),
        "matches": Rule("(match )+"),
        "match": Rule("source target ", ("ref",), ("id", "matchQuality", "origin", "type", "similarity", "subType")),
        "metadata": Rule("(metaGroup )+"),
        "metaGroup": Rule("(meta )+", (), ("category",)),
        "meta": Rule("", ("type",)),
        "notes": Rule("(note )+"),
        "note": Rule("", (), ("category", "appliesTo", "priority")),
        "segment": Rule("source (target )?", (), ("id", "state", "subState")),
        "source": Rule("(mrk )?"),
        "target": Rule(""),
        "mrk": Rule("", ("id",), ("type",)),
    },
}


def checked(data: bytes, form: str) -> Any:
    """Return the root of a file that keeps to the rules of its standard."""
    root = parse(data, "made")
    for element in root.iter():
        name = etree.QName(element).localname
        rule = RULES[form][name]
        children = "".join(f"{etree.QName(child).localname} " for child in element)
        assert re.fullmatch(rule.children, children), (name, children)
        given = set(element.attrib)
        assert set(rule.needed) <= given <= {*rule.needed, *rule.allowed}, (name, given)
    return root


# ---- all formats ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(exports.registry))
def test_every_format_writes_bytes_and_the_same_ones_again(name: str, known: Known) -> None:
    ids = ["zh", "en"] if exports.registry.get(name).bilingual else None
    made = dump(name, known, ids)
    assert made
    assert all(isinstance(content, bytes) and content for content in made.values())
    if name not in ("docx", "xlsx"):  # zip archives say when they were made
        assert made == dump(name, known, ids)


@pytest.mark.parametrize("name", sorted(exports.registry))
def test_no_version_stands_where_it_is_not_wanted(name: str, known: Known) -> None:
    made = dump(name, known, ["en", "zh"])
    if name not in ("docx", "xlsx"):
        assert b"moulin" not in b"".join(made.values())


@pytest.mark.parametrize(
    ("name", "ids", "options", "error"),
    [
        ("xliff", None, Options(), "xliff holds two versions, not 3"),
        ("tmx", ["zh"], Options(), "two versions or more"),
        ("tmx", ["zh", "zh"], Options(), "named twice"),
        ("moses", None, Options(level="both"), "moses has no level both"),
        ("html", None, Options(level="sentences"), "html has no level sentences"),
    ],
)
def test_what_a_format_cannot_do_is_said(
    name: str, ids: list[str] | None, options: Options, error: str, known: Known
) -> None:
    with pytest.raises(InputError, match=error):
        dump(name, known, ids, options)


@pytest.mark.parametrize(("name", "ids"), [("tmy", None), ("tmx", ["zh", "it"])])
def test_unknown_names(name: str, ids: list[str] | None, known: Known) -> None:
    with pytest.raises(UnknownNameError):
        dump(name, known, ids)


# ---- rows, and an alignment cut down ----------------------------------------------------------------------------------


def test_rows_of_both_levels(known: Known) -> None:
    rows = rows_of(known, ["zh", "en", "fr"], Options(level="both"))
    assert [(row.id, row.passage, row.status) for row in rows] == [
        ("b1", "b1", "likely"),
        ("b1.1", "b1", "likely"),
        ("b1.2", "b1", "doubtful"),
        ("b1.3", "b1", "alone"),  # the French sentence that no sentence bead has
        ("b3", "b3", "alone"),  # where the French has it
        ("b2", "b2", "doubtful"),
        ("b4", "b4", "alone"),
    ]
    assert rows[3].texts == {"fr": "On y faisait du papier."}
    assert rows[2].texts["en"] == "Workers made pa-per from rags."


def test_rows_cleaned_and_linked(known: Known) -> None:
    rows = rows_of(known, ["zh", "en"], Options(level="sentences", cleaned=True, linked=True))
    assert rows[1].texts["en"] == "Workers made paper from rags."
    assert [row.id for row in rows] == ["b1.1", "b1.2", "b2"]


SCORES = [
    ({"zh": 1, "en": 1, "fr": 1}, {"en": 0.5, "fr": 0.4}, ("zh", "en"), 0.5),
    ({"zh": 1, "en": 1, "fr": 1}, {"en": 0.5, "fr": 0.4}, ("en", "fr"), 0.2),
    ({"en": 1, "fr": 1}, {"en": 0.6, "fr": 0.6}, ("en", "fr"), 0.6),
    ({"en": 1, "fr": 1}, {"fr": 0.6}, ("en", "fr"), 0.6),
    ({"zh": 1, "en": 1}, {"en": 0.6}, ("en", "fr"), None),
    ({"zh": 1, "en": 1, "fr": 1}, {"en": 0.6}, ("en", "fr"), None),
    ({"zh": 1, "en": 1}, {}, ("zh", "en"), None),
]


@pytest.mark.parametrize(("has", "score", "pair", "expected"), SCORES)
def test_the_score_of_a_pair(
    has: dict[str, int], score: dict[str, float], pair: tuple[str, str], expected: float | None
) -> None:
    bead = Bead("b", "body", {name: (Span(0, 1),) for name in has}, score)
    assert pair_score(bead, "zh", *pair) == (None if expected is None else pytest.approx(expected))


def test_another_pivot(known: Known) -> None:
    made = restricted(known, ["en", "fr"]).alignment
    assert made.pivot == "en"
    assert [bead.id for bead in made.beads] == ["b1", "b2", "b3", "b4"]
    assert made.beads[0].score == {"fr": pytest.approx(0.45)}
    assert made.beads[0].sentences[1].spans.keys() == {"en"}
    assert restricted(known, ["zh", "en", "fr"]) is known


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), max_size=6), st.integers(0, 20), st.integers(0, 20))
def test_spans_without_others(others: list[tuple[int, int]], start: int, length: int) -> None:
    gone = [Span(a, a + n) for a, n in others]
    left = spans_without([Span(start, start + length)], gone)
    expected = set(range(start, start + length)) - {k for other in gone for k in range(other.start, other.end)}
    assert {k for one in left for k in range(one.start, one.end)} == expected
    assert sum(map(len, left)) == len(expected)


@given(st.lists(st.text(max_size=6), unique=True, max_size=8))
def test_tokens_are_names_of_xml_and_all_different(names: list[str]) -> None:
    made = tokens(names)
    assert len(set(made.values())) == len(names)
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", token) for token in made.values())


# ---- one by one -------------------------------------------------------------------------------------------------------


@given(knowns())
@settings(max_examples=40)
def test_tmx(tmp_path_factory: pytest.TempPathFactory, known: Known) -> None:
    ids = [doc.id for doc in known.alignment.documents]
    path = tmp_path_factory.mktemp("tmx") / "a.tmx"
    for level in exports.LEVELS:
        options = Options(level=level)
        path.write_bytes(dump("tmx", known, None, options)[""])
        checked(path.read_bytes(), "tmx")
        units = list(read_memory(path))
        assert all(unit.segtype in SEGTYPES and unit.source == ids[0] for unit in units)
        rows = rows_of(known, ids, options)
        assert [unit.id for unit in units] == [row.id for row in rows]
        for unit, row in zip(units, rows, strict=True):
            assert unit.properties["x-status"] == row.status
            texts = {variant.language: variant.text for variant in unit.variants}
            assert {own: letters([text]) for own, text in texts.items()} == {
                own: letters([text]) for own, text in row.texts.items()
            }
            scores = {v.language: float(s) for v in unit.variants if (s := v.properties.get("x-score"))}
            assert scores == {own: pytest.approx(s, abs=1e-4) for own, s in row.bead.score.items() if own in row.texts}
        if level != "both":
            for code in ids:
                found = (v.text for unit in units for v in unit.variants if v.language == code)
                assert letters(found) == everything(known, code)


def test_tmx_of_two_versions_in_one_language(tmp_path: Path) -> None:
    documents = [Document("en", "en", "One.\n", ""), Document("en-2", "en", "Two.\n", "")]
    bead = Bead("b1", "body", {"en": (Span(0, 4),), "en-2": (Span(0, 4),)})
    known = Known(Alignment("en", tuple(documents), (bead,)), {doc.id: segment(doc) for doc in documents})
    (tmp_path / "a.tmx").write_bytes(dump("tmx", known)[""])
    [unit] = read_memory(tmp_path / "a.tmx")
    assert [(v.language, v.text, v.properties.get("x-document")) for v in unit.variants] == [
        ("en", "One.", None),
        ("en", "Two.", "en-2"),
    ]


@given(knowns())
@settings(max_examples=40)
def test_xliff(known: Known) -> None:
    ids = [doc.id for doc in known.alignment.documents][:2]
    cut = restricted(known, ids)
    for level in exports.LEVELS:
        root = checked(dump("xliff", known, ids, Options(level=level))[""], "xliff")
        names = [element.get("id") for element in root.iter(f"{CORE}unit")]
        assert len(set(names)) == len(names)
        for unit in root.iter(f"{CORE}unit"):
            marks = {f"#{mark.get('id')}": "".join(mark.itertext()) for mark in unit.iter(f"{CORE}mrk")}
            for match in unit.iter("{urn:oasis:names:tc:xliff:matches:2.0}match"):
                assert 0 <= float(match.get("matchQuality")) <= 100
                assert marks.pop(match.get("ref")) == (match[0].text or "")
            assert not marks  # every mark is that of a match
        for code, side in zip(ids, ("source", "target"), strict=True):
            found = ("".join(e.itertext()) for s in root.iter(f"{CORE}segment") for e in s.iter(f"{CORE}{side}"))
            assert letters(found) == everything(cut, code)


def test_xliff_says_how_far_a_link_is_to_be_trusted(known: Known) -> None:
    root = checked(dump("xliff", known, ["zh", "en"])[""], "xliff")
    assert dict(root.attrib) == {"version": "2.1", "srcLang": "zh", "trgLang": "en"}
    assert root[0].get("original") == "zh.txt"
    both = checked(dump("xliff", known, ["zh", "en"], Options(level="both"))[""], "xliff")
    assert [(unit.get("id"), len(unit.findall(f"{CORE}segment"))) for unit in both[0]] == [
        ("b1", 2),
        ("b2", 1),
        ("b4", 1),
    ]
    states = [(s.get("state"), s.get("subState")) for s in root.iter(f"{CORE}segment")]
    assert states == [
        ("translated", "tetrapla:likely"),
        ("translated", "tetrapla:doubtful"),
        ("translated", "tetrapla:alone"),
    ]
    assert [m.get("matchQuality") for m in root.iter("{*}match")] == ["90", "25"]
    assert ["hyphenation" in (note.text or "") for note in root.iter(f"{CORE}note")] == [True]


def test_an_xliff_of_nothing_is_refused() -> None:
    documents = (Document("en", "en", "One.\n"), Document("fr", "fr", "Un.\n"))
    known = Known(Alignment("en", documents, ()), {doc.id: segment(doc) for doc in documents})
    with pytest.raises(InputError, match="no passage is left"):
        dump("xliff", known)


@given(knowns())
@settings(max_examples=40)
def test_tables_and_lines(known: Known) -> None:
    ids = [doc.id for doc in known.alignment.documents]
    for level in ("passages", "sentences"):
        options = Options(level=level)
        rows = rows_of(known, ids, options)
        head, *lines = dump("tsv", known, None, options)[""].decode().removesuffix("\n").split("\n")
        cells = [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]
        moses = dump("moses", known, None, options)
        for code in ids:
            expected = [one_line(row.texts.get(code, "")) for row in rows]
            assert [own[code] for own in cells] == expected
            assert moses[f".{code}"].decode() == "".join(f"{text}\n" for text in expected)
            assert letters(expected) == everything(known, code)
        records = [json.loads(line) for line in dump("jsonl", known, None, options)[""].decode().split("\n")[:-1]]
        assert [record["text"] for record in records] == [row.texts for row in rows]
        assert [record["spans"] for record in records] == [
            {own: [[s.start, s.end] for s in row.bead.spans[own]] for own in ids if row.bead.spans.get(own)}
            for row in rows
        ]


def test_moses_linked(known: Known) -> None:
    made = dump("moses", known, ["en", "zh"], Options(linked=True))
    assert {name: content.count(b"\n") for name, content in made.items()} == {".en": 2, ".zh": 2}
    assert all(line for content in made.values() for line in content.decode().splitlines())


@given(knowns())
@settings(max_examples=40)
def test_xces(known: Known) -> None:
    ids = [doc.id for doc in known.alignment.documents]
    for level in ("passages", "sentences"):
        made = dump("xces", known, None, Options(level=level, stem="out"))
        root = checked(made[""], "xces")
        assert made.keys() == {"", *(f".{code}.xml" for code in ids)}
        sentences = {}
        for code in ids:
            text = checked(made[f".{code}.xml"], "xces")
            sentences[f"out.{code}.xml"] = [s.get("id") for s in text.iter("s")]
            assert letters("".join(s.itertext()) for s in text.iter("s")) == everything(known, code)
        assert len(root) == len(ids) * (len(ids) - 1) // 2
        for group in root:
            sides = [link.get("xtargets").split(";") for link in group]
            for place, name in enumerate((group.get("fromDoc"), group.get("toDoc"))):
                pointed = [own for side in sides for own in side[place].split()]
                assert sorted(pointed) == sorted(sentences[name])  # each sentence in one link, and in no two
            assert all(0 <= float(link.get("certainty", "0")) <= 1 for link in group)


def test_a_sentence_in_two_pieces_is_one() -> None:
    text = "One sentence that was torn. Another one.\n"
    documents = (Document("en", "en", text), Document("en-2", "en", text))
    bead = Bead("b1", "body", {"en": (Span(0, 12), Span(12, 40)), "en-2": (Span(28, 40), Span(0, 12))})
    known = Known(Alignment("en", documents, (bead,)), {doc.id: segment(doc) for doc in documents})
    made = dump("xces", known)
    told = {name: [s.text for s in checked(made[name], "xces").iter("s")] for name in (".en.xml", ".en-2.xml")}
    assert told == {
        ".en.xml": ["One sentence that was torn.", "Another one."],
        ".en-2.xml": ["Another one.", "One sentence"],
    }


def test_xces_certainty_of_each_pair(known: Known) -> None:
    root = checked(dump("xces", known)[""], "xces")
    found = [(g.get("toDoc"), [(link.get("xtargets"), link.get("certainty")) for link in g]) for g in root]
    assert found == [
        ("alignment.en.xml", [("s1 s2;s1 s2", "0.9"), ("s3;s3", "0.25"), (";s4", None)]),
        ("alignment.fr.xml", [("s1 s2;s1 s2", "0.5"), (";s3", None), ("s3;", None)]),
        ("alignment.fr.xml", [("s1 s2;s1 s2", "0.45"), (";s3", None), ("s3;", None), ("s4;", None)]),
    ]


@given(knowns())
@settings(max_examples=40)
def test_tei(known: Known) -> None:
    ids = [doc.id for doc in known.alignment.documents]
    for level in ("passages", "sentences"):
        options = Options(level=level)
        root = checked(dump("tei", known, None, options)[""], "tei")
        names = [own for element in root.iter() if (own := element.get(f"{XML}id"))]
        assert len(set(names)) == len(names)
        targets = [link.get("target").split() for link in root.iter(f"{TEI}link")]
        assert all(len(found) > 1 for found in targets)
        assert {target for found in targets for target in found} <= {f"#{name}" for name in names}
        rows = [row for row in rows_of(known, ids, options) if row.status != "alone"]
        assert [link.get("n") for link in root.iter(f"{TEI}link")] == [row.id for row in rows]
        for text in root.iter(f"{TEI}text"):
            found = ("".join(s.itertext()) for s in text.iter(f"{TEI}s"))
            assert letters(found) == everything(known, text.get(f"{XML}lang"))


def test_html_is_the_report(known: Known) -> None:
    page = dump("html", known)[""].decode()
    assert page.startswith("<!DOCTYPE html>")
    assert "<engine>" not in page


# ---- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def written(tmp_path: Path, known: Known) -> Path:
    """An alignment in a folder with its texts."""
    documents = []
    for doc in known.alignment.documents:
        (tmp_path / f"{doc.id}.txt").write_text(doc.text, encoding="utf-8", newline="")
        documents.append(Document(doc.id, doc.language, doc.text, f"{doc.id}.txt"))
    alignment = Alignment("zh", tuple(documents), known.alignment.beads)
    (tmp_path / "out.json").write_text(dump_alignment(alignment), encoding="utf-8")
    return tmp_path


def test_the_command_names_files_by_the_stem(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(written / "out.json")
    assert main(["export", out, "--to", "xces", "-o", str(written / "a.xml"), "--versions", "zh,en"]) == 0
    assert 'fromDoc="a.zh.xml" toDoc="a.en.xml"' in (written / "a.xml").read_text(encoding="utf-8")
    assert main(["export", out, "--to", "moses", "-o", str(written / "corpus"), "--linked", "--versions", "zh,en"]) == 0
    assert {path.name for path in written.iterdir()} == {
        *("out.json", "zh.txt", "en.txt", "fr.txt"),
        *("a.xml", "a.zh.xml", "a.en.xml", "corpus.zh", "corpus.en"),
    }
    assert "3 files: " in capsys.readouterr().err


def test_the_command_cleans(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(written / "out.json"), "--to", "tsv", "--cleaned"]) == 0
    assert "Workers made paper from rags." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--to", "moses"], "several files"),
        (["--to", "docs"], "did you mean 'docx'"),
        (["--to", "xliff"], "two versions"),
        (["--to", "tsv", "-o", "out.json"], "never written over"),
        (["--to", "moses", "-o", "en.txt", "--versions", "zh,it"], "no version of this alignment"),
    ],
)
def test_wrong_use(
    arguments: list[str], error: str, written: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(written)
    assert main(["export", "out.json", *arguments]) == 2
    assert error in capsys.readouterr().err


def test_names_of_versions_lead_no_file_astray() -> None:
    documents = tuple(Document(name, "en", "One.\n") for name in ("../../a", "b/c", "d"))
    bead = Bead("b1", "body", {doc.id: (Span(0, 4),) for doc in documents})
    known = Known(Alignment("d", documents, (bead,)), {doc.id: segment(doc) for doc in documents})
    assert dump("moses", known).keys() == {".d", ".v2", ".v3"}
    assert dump("xces", known).keys() == {"", ".d.xml", ".v2.xml", ".v3.xml"}
    assert b"../" not in b"".join(dump("xces", known).values())
