"""The lexicon, and the script that checks its tables."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapla.errors import InputError, UnknownNameError
from tetrapla.lexicon import Lexicon, load

HEADER = "zh\ten\tes\tfr\n"
SCRIPT = Path(__file__).parent.parent / "scripts" / "check_lexicon.py"


def write(folder: Path, *rows: str, name: str = "a.tsv", header: str = HEADER) -> Path:
    (folder / name).write_text(header + "".join(row + "\n" for row in rows), "utf-8", newline="")
    return folder


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


@pytest.mark.parametrize("header", ["zh\ten\tes\txx\n", "zh\ten\ten\tfr\n", "\n", "zh,en,es,fr\n"])
def test_a_bad_header_is_told(tmp_path: Path, header: str) -> None:
    write(tmp_path, header=header)
    with pytest.raises(InputError, match=r"a\.tsv:1: not a header"):
        load(tmp_path)


def test_a_folder_without_tables_and_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no tables"):
        load(tmp_path)
    (tmp_path / "a.tsv").write_bytes(HEADER.encode() + b"\xff\n")
    with pytest.raises(InputError, match="not UTF-8"):
        load(tmp_path)


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="Known: en, zh"):
        Lexicon({"zh": (("猫",),), "en": (("cat",),)}).links("zh", "de")


WORDS = st.lists(st.sampled_from(["one", "two", "three", "four five", "six"]), min_size=1, max_size=3, unique=True)


@given(st.lists(st.tuples(WORDS, WORDS), max_size=6))
def test_links_are_worth_the_same_both_ways_and_no_more_than_one(rows: list[tuple[list[str], list[str]]]) -> None:
    lexicon = Lexicon({"en": [row[0] for row in rows], "es": [row[1] for row in rows]})
    there, back = lexicon.links("en", "es"), lexicon.links("es", "en")
    assert {(a, b): w for a, found in there.items() for b, w in found.items()} == pytest.approx(
        {(a, b): w for b, found in back.items() for a, w in found.items()}
    )
    assert all(0 < weight <= 1 for found in there.values() for weight in found.values())


def test_the_lexicon_that_comes_with_tetrapla_loads_and_links_all_pairs() -> None:
    lexicon = load()
    assert lexicon.languages == ("en", "es", "fr", "zh")
    assert all(lexicon.links(a, b) for a in lexicon.languages for b in lexicon.languages if a != b)


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
