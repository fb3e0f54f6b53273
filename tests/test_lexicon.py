"""The lexicon: tables that come with Tetrapla, that users bring, that are learnt; and the script that checks ours."""

from __future__ import annotations

import gzip
import importlib.util
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from xml.sax.saxutils import escape

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from tetrapla import languages
from tetrapla.align.teach import lexicon_from, units_in
from tetrapla.cli.lexicon import app
from tetrapla.errors import InputError, TetraplaError, UnknownNameError
from tetrapla.formats.json import dump_alignment
from tetrapla.formats.tmx import _forget, read_units
from tetrapla.lexicon import Lexicon, Table, brought, dump, joined, load, read, read_with_problems
from tetrapla.lexicon._cedict import _glosses
from tetrapla.model import Alignment, Bead, Document, Span
from tetrapla.resources import corpus_root

HEADER = "zh\ten\tes\tfr\n"
SCRIPT = Path(__file__).parent.parent / "scripts" / "check_lexicon.py"


def write(folder: Path, *rows: str, name: str = "a.tsv", header: str = HEADER) -> Path:
    (folder / name).write_text(header + "".join(row + "\n" for row in rows), "utf-8", newline="")
    return folder


def file(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_lexicon", SCRIPT)
    if spec is None or spec.loader is None:
        pytest.fail(f"no script at {SCRIPT}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_row_links_every_pair_of_its_languages(tmp_path: Path) -> None:
    lexicon = load(write(tmp_path, "期限|截止日期\tdeadline|time limit\tplazos\tdélais"))
    assert (lexicon.languages, len(lexicon)) == (("en", "es", "fr", "zh"), 1)
    assert set(lexicon.links("zh", "en")["截止日期"]) == {"deadlin", ("time", "limit")}
    assert set(lexicon.links("en", "zh")["time", "limit"]) == {"期限", "截止日期"}
    assert set(lexicon.links("es", "fr")) == {"plaz"}
    assert lexicon.links("es", "fr")["plaz"] == {"del": 1.0}


def test_a_link_is_worth_less_the_more_there_are(tmp_path: Path) -> None:
    links = load(
        write(tmp_path, "猫\tcat\tgato\tchat", "狗|犬\tdog|hound\tperro\tchien", "猎犬\thound\tsabueso\tlimier")
    )
    one, two, three = links.links("zh", "en")["猫"], links.links("zh", "en")["狗"], links.links("zh", "en")["猎犬"]
    assert one["cat"] == 1.0
    assert 1.0 > two["dog"] > two["hound"] > 0.0
    assert 1.0 > three["hound"] > two["hound"]


def test_tables_add_up_and_a_table_may_lack_a_language(tmp_path: Path) -> None:
    write(tmp_path, "猫\tcat\tgato\tchat")
    write(tmp_path, "dog\tperro", "", name="b.tsv", header="en\tes\r\n")
    lexicon = load(tmp_path)
    assert set(lexicon.links("en", "es")) == {"cat", "dog"}
    assert set(lexicon.links("en", "zh")) == {"cat"}


def test_elided_and_hyphenated_words_are_cut_as_in_a_text(tmp_path: Path) -> None:
    lexicon = load(write(tmp_path, "欢迎\twell-being\tbienestar\td'accord"))
    assert set(lexicon.links("zh", "fr")["欢迎"]) == {("d'", "accord")}
    assert set(lexicon.links("zh", "en")["欢迎"]) == {"well-b"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("猫\tcat\tgato", r"a\.tsv:3: 3 columns where the header has 4"),
        ("猫\tcat\tgato\tchat\t", r"a\.tsv:3: 5 columns"),
        ("猫\t\tgato\tchat", r"a\.tsv:3: an empty cell"),
        ("猫\tcat|\tgato\tchat", r"a\.tsv:3: an empty cell, or nothing between"),
    ],
)
def test_a_bad_line_is_told_by_number(tmp_path: Path, row: str, message: str) -> None:
    write(tmp_path, "狗\tdog\tperro\tchien", row)
    with pytest.raises(InputError, match=message):
        load(tmp_path)


@pytest.mark.parametrize("header", ["zh\ten\tes\tx1\n", "zh\ten\ten\tfr\n", "\n", "zh,en,es,fr\n", "zh\tweight\n"])
def test_a_bad_header_is_told(tmp_path: Path, header: str) -> None:
    write(tmp_path, "猫\tcat\tgato\tchat", header=header)
    with pytest.raises(InputError, match=r"a\.tsv:1: not a header"):
        load(tmp_path)


def test_a_folder_without_tables_and_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no tables"):
        load(tmp_path)
    (tmp_path / "a.tsv").write_bytes(HEADER.encode() + b"\xff\x00\n")
    with pytest.raises(InputError, match=r"a\.tsv is no plain text"):
        load(tmp_path)


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="Known: en, zh"):
        Lexicon([Table({"zh": (("猫",),), "en": (("cat",),)})]).links("zh", "de")


WORDS = st.lists(st.sampled_from(["one", "two", "three", "four five", "six"]), min_size=1, max_size=3, unique=True)
ROWS = st.lists(st.tuples(WORDS, WORDS, st.floats(0, 1)), max_size=6)


@given(ROWS, st.booleans())
def test_links_are_worth_the_same_both_ways_and_no_more_than_one(
    rows: list[tuple[list[str], list[str], float]], weighed: bool
) -> None:
    weights = [row[2] for row in rows] if weighed else None
    table = Table({"en": [row[0] for row in rows], "es": [row[1] for row in rows]}, weights)
    there, back = table.links("en", "es"), table.links("es", "en")
    assert {(a, b): w for a, found in there.items() for b, w in found.items()} == pytest.approx(
        {(a, b): w for b, found in back.items() for a, w in found.items()}
    )
    assert all(0 < weight <= 1 for found in there.values() for weight in found.values())


@given(ROWS, ROWS)
def test_a_link_is_worth_in_a_joined_lexicon_what_it_is_in_the_best(
    first: list[tuple[list[str], list[str], float]], second: list[tuple[list[str], list[str], float]]
) -> None:
    one, two = (
        Lexicon([Table({"en": [row[0] for row in rows], "es": [row[1] for row in rows]})]) for rows in (first, second)
    )
    both = joined([one, two]).links("en", "es")
    for unit, row in both.items():
        for other, weight in row.items():
            known = [lexicon.links("en", "es").get(unit, {}).get(other, 0.0) for lexicon in (one, two)]
            assert weight == max(known)
    assert set(both) == set(one.links("en", "es")) | set(two.links("en", "es"))


def test_the_lexicon_that_comes_with_tetrapla_loads_and_links_all_pairs() -> None:
    lexicon = load()
    assert lexicon.languages == ("en", "es", "fr", "zh")
    assert all(lexicon.links(a, b) for a in lexicon.languages for b in lexicon.languages if a != b)
    assert all(len(rows) == len(lexicon) for rows in lexicon.columns.values())


CEDICT = (
    "# CC-CEDICT\n#! version=1\n國家 国家 [guo2 jia1] /country/nation/CL:個|个[ge4]/\r\n猫 猫 [[mao1]] /cat; puss/\n"
)
GOOD = [
    ("weight", "a.tsv", "zh\ten\tweight\n猫\tcat\t0.5\n狗\tdog\t1\n", ("zh", "en", "猫", "cat", 0.5)),
    ("zero", "a.tsv", "zh\ten\tweight\n猫\tcat\t0\n狗\tdog\t1\n", ("zh", "en", "狗", "dog", 1.0)),
    ("gap", "a.tsv", "zh\ten\tfr\tweight\n猫\t\tchat\t.5\n", ("zh", "fr", "猫", "chat", 0.5)),
    ("crlf, BOM", "a.tsv", "\ufeffen\tde\r\ncat\tKatze\r\n", ("en", "de", "cat", "katz", 1.0)),
    ("no file of its own", "a.tsv", "sw\tyo\nmaji\tomi\n", ("sw", "yo", "maji", "omi", 1.0)),
    ("any name", "list", "en\tsv\ncat\tkatt\n", ("en", "sv", "cat", "katt", 1.0)),
    ("variety", "a.tsv", "zh-Hant\ten\n國家\tcountry\n", ("zh", "en", "國家", "countri", 1.0)),
    ("cedict", "cedict_ts.u8", CEDICT, ("zh", "en", "国家", "nation", 0.5**0.5)),
    ("traditional", "x.txt", CEDICT, ("zh", "en", "國家", "nation", 0.5**0.5)),
    ("cedict, back", "x.txt", CEDICT, ("en", "zh", "cat", "猫", 0.5**0.5)),
    ("German", "handedict.u8", "猫 猫 [mao1] /Katze (S)/\n", ("zh", "de", "猫", "katz", 1.0)),
    ("muse", "en-fr.txt", "the le\ncat chat\n", ("en", "fr", "cat", "chat", 1.0)),
    ("muse, tab", "en-fr.0-5000.txt", "the\tle\nNew York\tNueva York\n", ("en", "fr", "the", "le", 1.0)),
    ("muse, a folder", "muse-en-it.txt", "cat gatto\n\ncat gatto\n", ("en", "it", "cat", "gatt", 1.0)),
]


@pytest.mark.parametrize(("name", "text", "link"), [case[1:] for case in GOOD], ids=[case[0] for case in GOOD])
@pytest.mark.parametrize("packed", [False, True])
def test_lexicons_that_users_bring_are_read(
    tmp_path: Path, name: str, text: str, link: tuple[str, str, str, str, float], packed: bool
) -> None:
    path = tmp_path / (name + ".gz" if packed else name)
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    source, target, word, other, weight = link
    assert read(path).links(source, target)[word][other] == pytest.approx(weight)
    assert read_with_problems(path)[1] == []


BAD = [
    ("columns", "a.tsv", "zh\ten\n猫\tcat\tpuss\n", ":2: 3 columns where the header has 2; put a tab"),
    ("blanks for tabs", "a.tsv", "zh\ten\n猫 cat\n", ":2: 1 columns"),
    ("weight", "a.tsv", "zh\ten\tweight\n猫\tcat\thigh\n", ":2: 'high' is no weight; write a number from 0 to 1"),
    ("over one", "a.tsv", "zh\ten\tweight\n猫\tcat\t1.5\n", ":2: '1.5' is no weight"),
    ("not a number", "a.tsv", "zh\ten\tweight\n猫\tcat\tnan\n", ":2: 'nan' is no weight"),
    ("one word", "a.tsv", "zh\ten\tfr\tweight\n猫\t\t\t1\n", ":2: fewer than two words"),
    ("bar", "a.tsv", "zh\ten\tweight\n猫\tcat|\t1\n", ":2: an empty cell, or nothing between"),
    ("header", "a.tsv", "Chinese\tEnglish\n猫\tcat\n", ":1: not a header"),
    ("header only", "a.tsv", "zh\ten\n", " holds no entries"),
    ("senses", "cedict.u8", CEDICT + "狗 狗 [gou3] dog\n", ":5: not TRADITIONAL SIMPLIFIED"),
    ("no pinyin", "cedict.u8", CEDICT + "\n狗 狗 /dog/\n", ":6: not TRADITIONAL SIMPLIFIED"),
    ("three words", "en-fr.txt", "the le\nNew York New York\n", ":2: not a word, a tab or a blank"),
    ("half a pair", "en-fr.txt", "the\n", ":1: not a word, a tab or a blank"),
    ("no languages", "words.txt", "the le\n", ":1: no header of language codes"),
    ("one language twice", "en-en.txt", "the le\n", ":1: no header of language codes"),
    ("empty", "a.tsv", "", " is empty"),
    ("blank", "a.tsv", "\n \n", " holds nothing but blanks"),
    ("binary", "a.tsv", "zh\ten\n\0\0\n", " is no plain text"),
    ("PDF", "en-fr.txt", "%PDF-1.7 x\n", " is a PDF"),
]


@pytest.mark.parametrize(("name", "text", "message"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_what_cannot_be_read_is_told_in_one_line_with_its_number(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    path = file(tmp_path, name, text)
    with pytest.raises(InputError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}{message}")
    assert "\n" not in str(caught.value)


def test_all_bad_lines_are_counted_and_none_stops_the_check(tmp_path: Path) -> None:
    path = file(tmp_path, "en-fr.txt", "cat chat\nx\ndog chien\ny\nz\n")
    assert [problem.split(": ")[0] for problem in read_with_problems(path)[1]] == [
        f"{path}:{line}" for line in (2, 4, 5)
    ]
    with pytest.raises(InputError, match=r"and 2 more lines"):
        read(path)


def test_other_encodings_are_read_and_damage_is_told(tmp_path: Path) -> None:
    assert read(file(tmp_path, "a.tsv", "zh\ten\n猫\tcat\n", "utf-16")).links("zh", "en")["猫"] == {"cat": 1.0}
    path = tmp_path / "b.tsv.gz"
    path.write_bytes(gzip.compress(b"zh\ten\n" * 99)[:-9])
    with pytest.raises(InputError, match="damaged gzip"):
        read(path)
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "none.tsv")
    with pytest.raises(InputError, match="is a folder"):
        read(tmp_path)


def test_languages_may_be_told(tmp_path: Path) -> None:
    path = file(tmp_path, "words.txt", "cat Katze\n")
    assert read(path, "en", "de").languages == ("de", "en")
    assert brought([f"{path}=en-de"]).links("en", "de")["cat"] == {"katz": 1.0}
    assert read(file(tmp_path, "dict.u8", "猫 猫 [mao1] /chat/\n"), "zh", "fr").languages == ("fr", "zh")


@pytest.mark.parametrize(
    ("senses", "kept"),
    [
        ("to carry out/(computing) to run", ["carry out", "run"]),
        ("deadline; time limit/CL:個|个[ge4]", ["deadline", "time limit"]),
        ("to tell sb (about sth)/to be afraid", ["tell", "afraid"]),
        ("Wyoming, US state", ["Wyoming"]),
        ("a cat/the cat/cat", ["cat"]),
        ("fig. torrent/lit. hanging river (idiom)", ["torrent", "hanging river"]),
        ("self-reliance!/one's own", ["self-reliance", "own"]),
        ("everything that should be here is here", []),
        ("variant of 好[hao3]/old variant of 好/see 好|好[hao3]/surname Wang/abbr. for x", []),
        ("classifier for books/particle/modal particle/used in names/Taiwan pr. [zhe2]", []),
        ("(onom.)/(bound form)/.../2020", []),
        ("Japanese variant of 好/erhua variant of 好/equivalent to x/also written y", []),
    ],
)
def test_of_a_gloss_is_kept_what_can_stand_in_a_translation(senses: str, kept: list[str]) -> None:
    assert _glosses(senses, "en") == kept


def test_one_word_in_two_scripts_is_no_ambiguity_and_two_words_are(tmp_path: Path) -> None:
    links = read(file(tmp_path, "a.u8", "貓 猫 [mao1] /cat/\n狗 狗 [gou3] /dog/\n犬 犬 [quan3] /dog/\n")).links(
        "en", "zh"
    )
    assert links["cat"] == {"猫": 1.0, "貓": 1.0}
    assert links["dog"] == pytest.approx({"狗": 0.5**0.5, "犬": 0.5**0.5})


def test_a_word_that_means_everything_links_to_nothing(tmp_path: Path) -> None:
    lines = "".join(f"{chr(c)} {chr(c)} [x1] /set/\n" for c in range(0x4E00, 0x4E00 + 120))
    assert not read(file(tmp_path, "a.u8", lines)).links("zh", "en")


def test_a_word_is_looked_up_in_any_form_with_who_says_so(tmp_path: Path) -> None:
    path = file(tmp_path, "mine.tsv", "zh\ten\tweight\n期限\tdeadlines\t0.9\n")
    found = joined([load(), brought([str(path)])]).look("Deadlines", "en")
    best = found[[one.target for one in found].index("zh")]
    assert (best.source, best.form, best.weight, best.tables) == ("en", "期限", 0.9, ("tetrapla", str(path)))
    assert {one.target for one in found} == {"zh", "es", "fr"}
    assert load().look("qwertz") == []
    assert {one.source for one in load().look("期限")} == {"zh"}
    with pytest.raises(UnknownNameError):
        load().look("Katze", "de")


# Translation memories


def tmx(*units: dict[str, str], doctype: str = "", version: str = "1.4") -> str:
    body = "".join(
        "<tu>" + "".join(f'<tuv xml:lang="{code}"><seg>{seg}</seg></tuv>' for code, seg in unit.items()) + "</tu>\n"
        for unit in units
    )
    return f'<?xml version="1.0"?>\n{doctype}<tmx version="{version}"><header/><body>{body}</body></tmx>\n'


SEGS = [
    ("plain", {"en": "A cat.", "fr": "Un chat."}, {"en": "A cat.", "fr": "Un chat."}),
    ("regions", {"en-US": "A cat.", "ZH_cn": "猫"}, {"en": "A cat.", "zh": "猫"}),
    ("first of two", {"en-US": "color", "en-GB": "colour"}, {"en": "color"}),
    ("codes", {"en": '<bpt i="1">&lt;b></bpt>A <ph>%s</ph>cat<ept i="1">&lt;/b></ept>.'}, {"en": "A cat."}),
    ("highlight", {"en": "A <hi>big <ph/>cat</hi>."}, {"en": "A big cat."}),
    ("lines, references", {"en": "A\n  cat &amp; a d&#111;g.<!-- x -->"}, {"en": "A cat & a dog."}),
    ("nothing", {"en": "", "fr": "Un chat."}, {"fr": "Un chat."}),
]


@pytest.mark.parametrize(("unit", "texts"), [case[1:] for case in SEGS], ids=[case[0] for case in SEGS])
def test_units_of_a_translation_memory_are_text_by_language(
    tmp_path: Path, unit: dict[str, str], texts: dict[str, str]
) -> None:
    assert list(read_units(file(tmp_path, "a.tmx", tmx(unit)))) == [texts]


def test_translation_memories_come_packed_in_utf16_with_a_dtd_elsewhere_and_with_namespaces(tmp_path: Path) -> None:
    text = tmx({"en": "A cat."}, doctype='<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n')
    for name, data in (
        ("a.tmx.gz", gzip.compress(text.encode())),
        ("b.tmx", text.replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")),
        ("c.tmx", text.replace("<tmx ", '<tmx xmlns="http://www.lisa.org/tmx14" ').encode()),
        ("d.tmx", b"\xef\xbb\xbf" + text.replace("xml:lang", "lang").encode()),
    ):
        (tmp_path / name).write_bytes(data)
        assert list(read_units(tmp_path / name)) == [{"en": "A cat."}], name


BOMB = "<!DOCTYPE tmx [" + '<!ENTITY a "cat">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
)  # fmt: skip
HOSTILE = [
    ("bomb", tmx({"en": "&j;"}, doctype=BOMB + "]>"), "declares entities"),
    ("bomb in the root", tmx(doctype=BOMB + "]>", version="&j;"), "declares entities|cannot be read"),
    ("a file", tmx({"en": "&x;"}, doctype='<!DOCTYPE tmx [<!ENTITY x SYSTEM "SECRET">]>'), "declares entities"),
    ("a file, unused", tmx({"en": "cat"}, doctype='<!DOCTYPE tmx [<!ENTITY x SYSTEM "SECRET">]>'), "declares entities"),
    ("unknown entity", tmx({"en": "&nbsp;"}), r":2: this XML cannot be read"),
    ("deep", tmx({"en": "<hi>" * 300 + "</hi>" * 300}), r":2: this XML cannot be read"),
    ("cut", tmx({"en": "A cat."})[:-20], r":\d: this XML cannot be read"),
    ("no XML", "A cat.\n", r":1: this XML cannot be read"),
    ("HTML", "<html><body/></html>", r":1: no TMX, for it begins with <html>"),
    ("no language", "<tmx>\n<body>\n<tu><tuv><seg>x</seg></tuv></tu></body></tmx>", r":3: a <tuv> without xml:lang"),
    ("empty", "", "is empty"),
]


@pytest.mark.parametrize(("text", "message"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_hostile_and_broken_memories_are_refused_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    secret = file(tmp_path, "secret.txt", "not yours")
    path = file(tmp_path, "a.tmx", text.replace("SECRET", secret.as_uri()))
    with pytest.raises(InputError, match=message) as caught:
        list(read_units(path))
    assert "not yours" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_dtd_elsewhere_that_declares_entities_is_never_fetched(tmp_path: Path) -> None:
    file(tmp_path, "x.dtd", '<!ENTITY x "not yours">')
    doctype = f'<!DOCTYPE tmx [<!ENTITY % x SYSTEM "{(tmp_path / "x.dtd").as_uri()}"> %x;]>'
    path = file(tmp_path, "a.tmx", tmx({"en": "a &x; cat"}, doctype=doctype))
    try:
        units = list(read_units(path))
    except InputError as e:
        units = [{"en": str(e)}]
    assert "not yours" not in str(units)


def test_a_unit_that_was_read_is_forgotten_with_what_stands_before_it() -> None:
    from lxml import etree

    body = etree.fromstring("<body><tu>a</tu><note>b</note><tu>c</tu><tu>d</tu></body>")
    _forget(body[2])
    assert etree.tostring(body) == b"<body><tu/><tu>d</tu></body>"


# Learning

ANIMALS = {
    "cat": "猫", "dog": "狗", "horse": "马", "sheep": "绵羊", "fox": "狐狸", "wolf": "狼", "crocodile": "鳄鱼",
    "penguin": "企鹅", "squirrel": "松鼠", "butterfly": "蝴蝶", "spider": "蜘蛛", "eagle": "老鹰",
}  # fmt: skip


def animals() -> Iterator[dict[str, str]]:
    names = list(ANIMALS)
    for step in (1, 2, 4, 5):
        for k, one in enumerate(names):
            other = names[(k + step) % len(names)]
            yield {
                "en": f"In street {k} the {one} saw another {other}.",
                "zh": f"{k}号街的{ANIMALS[one]}看见了{ANIMALS[other]}。",
            }


def test_what_recurs_together_is_learnt_as_it_stands_in_texts() -> None:
    table = lexicon_from(animals(), [("zh", "en")])
    assert list(table.columns) == ["zh", "en"]
    pairs = {(zh[0], en[0]) for zh, en in zip(table.columns["zh"], table.columns["en"], strict=True)}
    assert {(zh, en) for en, zh in ANIMALS.items()} <= pairs
    links = table.links("zh", "en")
    assert {zh: max(links[zh], key=lambda unit: links[zh][unit]) for zh in links} == {
        zh: languages.get("en").stem(en) for en, zh in ANIMALS.items()
    }
    weights = list(table.weights or ())
    assert weights == sorted(weights, reverse=True)
    assert all(0.2 <= weight <= 1 for weight in weights)
    # Function words stand everywhere and teach nothing.
    assert not {"the", "In", "saw", "another"} & {en for _, en in pairs}


def test_what_is_learnt_is_read_again_as_it_was(tmp_path: Path) -> None:
    table = lexicon_from(animals())
    again = read(file(tmp_path, "a.tsv", dump(table))).tables[0]
    assert again.columns == {code: [list(row) for row in rows] for code, rows in table.columns.items()}
    assert again.weights == table.weights
    assert again.links("en", "zh") == table.links("en", "zh")


PASSAGES = st.lists(
    st.fixed_dictionaries(
        {
            "en": st.text("abc d.", max_size=20),
            "fr": st.text("efg h'|\t", max_size=20),
            "zh": st.text("猫狗马。", max_size=9),
        }
    ),
    max_size=12,
)


@given(PASSAGES)
def test_weights_are_shares_and_every_table_is_read_again(passages: list[dict[str, str]]) -> None:
    try:
        table = lexicon_from(passages, min_weight=0.0, min_count=1)
    except InputError:
        return
    assert all(0 <= weight <= 1 for weight in table.weights or ())
    lines = dump(table).split("\n")
    assert all(len(line.split("\t")) == len(table.columns) + 1 for line in lines[:-1])


def test_a_passage_that_comes_again_is_no_new_proof() -> None:
    once, often = lexicon_from(animals()), lexicon_from([*animals(), *animals()])
    assert dump(once) == dump(often)


@pytest.mark.parametrize("units", [[], [{"en": "A cat."}], [{"en": "A cat.", "fr": "Un chat."}]])
def test_nothing_to_learn_is_told(units: list[dict[str, str]]) -> None:
    with pytest.raises(InputError, match="nothing to learn"):
        lexicon_from(units)


def test_many_languages_go_into_one_table() -> None:
    units = [unit | {"fr": unit["en"].replace("cat", "chat").replace("dog", "chien")} for unit in animals()]
    table = lexicon_from(units)
    assert list(table.columns) == ["en", "fr", "zh"]
    assert ["chat"] in [list(row) for row in table.columns["fr"]]
    assert table.links("fr", "zh")["chat"]["猫"] > 0.2


def sample_units() -> Iterator[dict[str, str]]:
    clean = corpus_root() / "sample" / "clean"
    texts = {
        code: [line for line in (clean / f"{code}.txt").read_text("utf-8").split("\n") if line.strip()]
        for code in ("zh", "en", "es", "fr")
    }
    for paragraphs in zip(*texts.values(), strict=True):
        yield dict(zip(texts, paragraphs, strict=True))


@pytest.mark.parametrize(
    ("pair", "word", "other"),
    [(("zh", "en"), "企业", "companies"), (("zh", "en"), "窑炉", "kilns"), (("en", "es"), "loss", "pérdidas"), (("fr", "en"), "postes", "posts")],
)  # fmt: skip
def test_the_sample_teaches_sensible_pairs(pair: tuple[str, str], word: str, other: str) -> None:
    learnt = Lexicon([lexicon_from(sample_units(), [pair])])
    assert other in [found.form for found in learnt.look(word, pair[0])]


def test_memories_tables_and_alignments_teach_the_same(tmp_path: Path) -> None:
    units = list(animals())
    memory = file(tmp_path, "a.tmx", tmx(*({c: escape(text) for c, text in unit.items()} for unit in units)))
    rows = "".join(f"{unit['en']}\t{unit['zh']}\n" for unit in units)
    headed, bare = file(tmp_path, "a.tsv", "en\tzh\n" + rows), file(tmp_path, "b.tsv", rows)
    aligned = alignment(tmp_path, units)
    learnt = [dump(lexicon_from(units_in(str(path), ("en", "zh")))) for path in (memory, headed, bare, aligned)]
    assert learnt == [learnt[0]] * 4


def alignment(folder: Path, units: list[dict[str, str]]) -> Path:
    documents, spans = [], {}
    for code in ("zh", "en"):
        path = file(folder, f"{code}.txt", "\n\n".join(unit[code] for unit in units))
        text = path.read_text("utf-8")
        documents.append(Document(code, code, text, str(path)))
        spans[code] = [Span(at := text.index(unit[code]), at + len(unit[code])) for unit in units]
    beads = [
        Bead(f"b{k}", "body", {"zh": (zh,), "en": (en,)}, score={"en": 0.9})
        for k, (zh, en) in enumerate(zip(spans["zh"], spans["en"], strict=True))
    ]
    return file(folder, "out.json", dump_alignment(Alignment("zh", tuple(documents), tuple(beads))))


@pytest.mark.parametrize(
    ("text", "message"),
    [("A cat.\t猫\n", r":1: no header of language codes"), ("en\tzh\nA cat.\n", r":2: 1 columns, not 2")],
)
def test_a_table_of_sentences_that_is_none_is_told(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        list(units_in(str(file(tmp_path, "a.tsv", text))))


# The command


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes]) -> Callable[..., tuple[str, str]]:
    def call(*argv: str | Path) -> tuple[str, str]:
        capsysbinary.readouterr()
        typer.main.get_command(app).main([str(arg) for arg in argv], standalone_mode=False)
        out, err = capsysbinary.readouterr()
        return out.decode(), err.decode()

    return call


def test_learn_look_and_check_go_together(tmp_path: Path, run: Callable[..., tuple[str, str]]) -> None:
    memory = file(tmp_path, "a.tmx", tmx(*animals()))
    learnt = tmp_path / "mine.tsv"
    assert "entries of zh, en" in run("learn", memory, "-o", learnt, "--pair", "zh-en")[1]
    assert run("learn", memory, "--pair", "zh-en")[0] == learnt.read_text("utf-8")
    assert "nothing wrong" in run("check", learnt)[1]
    out, err = run("look", "狐狸", "--from", "zh", "--lexicon", learnt)
    assert "fox" in out
    assert "link" in err


@pytest.mark.parametrize(
    "argv",
    [
        ("learn", "a.tmx", "--pair", "zh"),
        ("learn", "a.tmx", "--pair", "zh-zh"),
        ("learn", "none.tmx"),
        ("learn", "a.tmx", "-o", "a.tmx"),
        ("learn", "a.tmx", "-o", "none/a.tsv"),
        ("look", "猫", "--from", "xx"),
        ("look", "猫", "--lexicon", "none.tsv"),
        ("check", "bad.tsv"),
    ],
)
def test_wrong_use_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., tuple[str, str]], argv: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    memory = file(tmp_path, "a.tmx", tmx(*animals())).read_bytes()
    file(tmp_path, "bad.tsv", "zh\ten\n猫\n")
    with pytest.raises(TetraplaError):
        run(*argv)
    assert (tmp_path / "a.tmx").read_bytes() == memory


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, run: Callable[..., tuple[str, str]]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(tmx(*animals()).encode())))
    assert "猫" in run("learn", "-")[0]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"en\tde\ncat\tKatze\n")))
    assert "1 entry of de, en" in run("check", "-")[1]


def test_the_script_passes_a_sound_table(
    tmp_path: Path, script: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "猫\tcat\tgato\tchat", "狗|犬\tdog|hound\tperro\tchien")
    assert script.main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("猫\tcat\tgato", "a.tsv:3: 3 columns, not 4"),
        ("猫\tcat\t\tchat", "a.tsv:3: no word in es"),
        ("猫\tcat||tom\tgato\tchat", "a.tsv:3: nothing between two '|' in en"),
        ("猫\tcat \tgato\tchat", "a.tsv:3: stray blanks in en: 'cat '"),
        ("猫\tcat\tgato\tmie\u0301", "a.tsv:3: not in composed form (NFC)"),
        ("猫\tcat|cat\tgato\tchat", "a.tsv:3: twice in en: 'cat'"),
        ("cat\tcat\tgato\tchat", "a.tsv:3: another script than that of zh: 'cat'"),
        ("猫\t猫\tgato\tchat", "a.tsv:3: another script than that of en: '猫'"),
        ("猫|狗\tcat\tgato\tchat", "a.tsv:3: '狗' is at a.tsv:2 already"),
        ("\t\t\t", "a.tsv:3: no word in zh"),
    ],
)
def test_the_script_tells_what_is_wrong(
    tmp_path: Path, script: ModuleType, capsys: pytest.CaptureFixture[str], row: str, message: str
) -> None:
    write(tmp_path, "狗\tdog\tperro\tchien", row)
    assert script.main([str(tmp_path)]) == 1
    assert message in capsys.readouterr().out.splitlines()


def test_the_script_looks_across_tables(tmp_path: Path, script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "狗\tdog\tperro\tchien")
    write(tmp_path, "犬|狗\thound\tperro\tchien", name="b.tsv", header="zh\ten\n")
    assert script.main([str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "b.tsv:2: '狗' is at a.tsv:2 already" in out
    assert "b.tsv:1: the header is not zh en es fr" in out


def test_the_script_refuses_a_folder_without_tables(
    tmp_path: Path, script: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main([str(tmp_path)]) == 1
    assert "no tables" in capsys.readouterr().out
