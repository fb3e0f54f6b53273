"""Damage with gold: the book-keeping holds for any corpus and any plan, and the sample is what its plan gives."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tetrapla.disturb import (
    JUNK,
    LEVELS,
    TYPES,
    WORD_LEVEL,
    Change,
    Damaged,
    Layout,
    Mark,
    Plan,
    Rates,
    Rendering,
    Unit,
    alignment_gold,
    damage,
    disturb,
    gold_files,
    noise_gold,
    read_plan,
    read_units,
)
from tetrapla.disturb.text import Seam, blocks_of, even_space, moved, placed, torn
from tetrapla.errors import InputError, UnknownNameError
from tetrapla.model import Kind
from tetrapla.resources import corpus_root, shared_root

SAMPLE = corpus_root() / "sample"
SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "make_sample.py"
SHARED = shared_root()
TRANSLATIONS = ("en", "es", "fr")


@pytest.fixture(scope="module")
def sample() -> dict[str, Damaged]:
    clean = read_units(SAMPLE)
    return {
        language: damage(language, clean[language], plan)
        for language, plan in read_plan(SAMPLE / "plan.rec", clean).items()
    }


@pytest.fixture(scope="module")
def make_sample() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_sample", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# ---------------------------------------------------------------- what must hold of any damaged text


def check_books(made: Damaged, units: tuple[Unit, ...]) -> None:
    text = made.text
    for noise in made.noise:
        assert noise.type in TYPES
        assert text[noise.start : noise.end] == noise.quote
        assert noise.quote.strip() == noise.quote != ""
    covered = Counter(i for seg in made.segments for i in range(seg.start, seg.end))
    assert not covered or max(covered.values()) == 1
    assert {i for i, char in enumerate(text) if not char.isspace()} <= set(covered)
    assert all(text[seg.start : seg.end].strip() == text[seg.start : seg.end] != "" for seg in made.segments)
    assert {seg.unit for seg in made.segments} <= {unit.id for unit in units} | {JUNK}


def check_undone(made: Damaged, units: tuple[Unit, ...]) -> None:
    """All fixes together give the clean text of every unit that was not dropped."""
    undone = made.undone()
    left = {seg.unit for seg in made.segments}
    assert {u.id: undone[u.id] for u in units if u.id in left} == {
        u.id: even_space(u.text, made.language) for u in units if u.id in left
    }
    assert undone.get(JUNK, "") == ""


PHRASES = {
    "zh": ("实验楼开在海边", "研究者周五回山", "投资3.2亿元", "见图1", "样品[3-5]", "列车①", "Myrdal 的说法"),
    "en": (
        "the house, by the sea",
        "research[3-5]",
        "costs 3.2 million",
        "weekend engineers②",
        "however small",
        "is never full",
    ),
    "es": (
        "la casa, junto al mar",
        "investigación[12]",
        "cuesta 3,2 millones",
        "el ingeniero②",
        "sin embargo",
        "nunca está llena",
    ),
    "fr": (
        "la maison, près de l'eau",
        "recherche[12]",
        "coûte 3,2 millions",
        "d'été②",
        "cependant",
        "n'est jamais pleine",
    ),
}


@st.composite
def corpora(draw: st.DrawFn) -> dict[str, tuple[Unit, ...]]:
    languages = draw(st.lists(st.sampled_from(sorted(PHRASES)), min_size=1, max_size=3, unique=True))
    kinds: list[Kind] = draw(st.lists(st.sampled_from(("heading", "body", "caption", "notes")), min_size=1, max_size=6))
    corpus = {}
    for language in languages:
        stop, gap, join = ("。", "", "，") if language == "zh" else (". ", " ", " ")
        sentence = (
            st.lists(st.sampled_from(PHRASES[language]), min_size=1, max_size=7).map(join.join).map(str.capitalize)
        )
        corpus[language] = tuple(
            Unit(f"U{k}", kind, (stop.join(draw(st.lists(sentence, min_size=1, max_size=4))) + stop).strip() or gap)
            for k, kind in enumerate(kinds)
        )
    return corpus


@st.composite
def some_rates(draw: st.DrawFn, names: tuple[str, ...]) -> Rates:
    rate = st.sampled_from([0.0, 0.05, 0.2])
    return Rates(**{name: draw(rate) for name in names}, wrap=draw(st.booleans()))


EVERY_RATE = tuple(name for name in Rates.__slots__ if name != "wrap")
TERMS = {"en": [Rendering("weekend engineers", "Sunday mechanics", "周末工程师")]}


@given(corpora(), some_rates(EVERY_RATE), st.integers(0, 999))
@settings(max_examples=150, deadline=None)
def test_books_of_random_damage_are_exact(corpus: dict[str, tuple[Unit, ...]], rates: Rates, seed: int) -> None:
    for language, made in disturb(corpus, seed=seed, rates=rates, terms=TERMS).items():
        check_books(made, corpus[language])
        check_undone(made, corpus[language])


LAYOUT_AND_WORDS = tuple("move tear join furniture hyphenation spacing split merge confusion citation term".split())


@given(corpora(), some_rates(LAYOUT_AND_WORDS), st.integers(0, 999))
@settings(max_examples=80, deadline=None)
def test_undoing_word_level_noise_gives_the_clean_text(
    corpus: dict[str, tuple[Unit, ...]], rates: Rates, seed: int
) -> None:
    for language, made in disturb(corpus, seed=seed, rates=rates, terms=TERMS).items():
        undone = made.undone(WORD_LEVEL)
        assert all(undone[unit.id] == even_space(unit.text, language) for unit in corpus[language])


@given(corpora(), st.sampled_from(sorted(LEVELS)), st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_the_same_arguments_give_the_same_texts(corpus: dict[str, tuple[Unit, ...]], level: str, seed: int) -> None:
    assert disturb(corpus, seed=seed, rates=level) == disturb(corpus, seed=seed, rates=level)


@given(corpora(), st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_level_clean_changes_nothing(corpus: dict[str, tuple[Unit, ...]], seed: int) -> None:
    for language, made in disturb(corpus, seed=seed, rates="clean").items():
        assert made.text == "\n\n".join(unit.text for unit in corpus[language]) + "\n"
        assert not made.noise


def test_seeds_differ() -> None:
    clean = read_units(SAMPLE)
    texts = [disturb(clean, seed=seed)["en"].text for seed in range(3)]
    assert len(set(texts)) == 3


def test_levels_rise_and_show_every_type() -> None:
    clean = read_units(SAMPLE)
    terms = {
        "en": [Rendering("innovation elements", "novelty movement", "创新要素")],
        "es": [Rendering("elementos de innovación", "movimiento novedoso", "创新要素")],
        "fr": [Rendering("éléments d'innovation", "mouvement nouveau", "创新要素")],
    }
    counts = []
    for level in ("clean", "light", "paper", "heavy"):
        found: Counter[str] = Counter()
        for seed in range(3):
            for made in disturb(clean, seed=seed, rates=level, terms=terms).values():
                found.update(noise.type for noise in made.noise)
        counts.append(found)
    assert [c.total() for c in counts] == sorted(c.total() for c in counts)
    assert set(counts[-1]) == TYPES
    assert counts[0].total() == 0


def test_the_original_keeps_its_words() -> None:
    clean = read_units(SAMPLE)
    made = disturb(clean, rates="heavy", seed=2)["zh"]
    assert {noise.type for noise in made.noise} <= {"page-furniture"}
    assert made.undone(()) | {JUNK: ""} == {u.id: even_space(u.text, "zh") for u in clean["zh"]} | {JUNK: ""}


def test_unknown_level_names_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'paper'"):
        disturb({}, rates="papper")


def test_rates_are_shares() -> None:
    with pytest.raises(InputError, match="tear"):
        Rates(tear=1.5)


# ---------------------------------------------------------------- plans by hand, small enough to read

HOUSE = Unit("P1", "body", "The house stands by the sea. It is full of instruments.")
TRAIN = Unit("P2", "body", "A train leaves on Friday.")


def replaced(unit: Unit, old: str, new: str, kind: str) -> Change:
    at = unit.text.index(old)
    return Change(at, at + len(old), new, (Mark(kind, 0, len(new), old),))


def test_a_small_plan_letter_by_letter() -> None:
    blocks = torn(blocks_of([HOUSE, TRAIN]), "P1", HOUSE.text.index("It is"))
    blocks = moved(blocks, ["P1/2"], "P2")
    head = Change(0, 0, "Page 7", (Mark("page-furniture", 0, 6, ""),))
    blocks = placed(blocks, "P1", JUNK, head)
    changes = {"P1": [replaced(HOUSE, "instruments", "instru- ments", "hyphenation")]}
    made = damage("en", [HOUSE, TRAIN], Plan(tuple(blocks), changes, Layout(wrap=20)))
    assert made.text == (
        "The house stands by\nthe sea.\n\nPage 7\n\nA train leaves on\nFriday.\n\nIt is full of\ninstru- ments.\n"
    )
    assert [(made.text[s.start : s.end], s.unit, s.part) for s in made.segments] == [
        ("The house stands by\nthe sea.", "P1", 1),
        ("Page 7", JUNK, 0),
        ("A train leaves on\nFriday.", "P2", 1),
        ("It is full of\ninstru- ments.", "P1", 2),
    ]
    assert [(n.type, n.quote, n.fix) for n in made.noise] == [
        ("page-furniture", "Page 7", ""),
        ("hyphenation", "instru- ments", "instruments"),
    ]
    assert made.undone()["P1"] == HOUSE.text


@pytest.mark.parametrize(
    ("seam", "text"),
    [
        ("blank", f"{HOUSE.text}\n\n{TRAIN.text}\n"),
        ("line", f"{HOUSE.text}\n{TRAIN.text}\n"),
        ("space", f"{HOUSE.text} {TRAIN.text}\n"),
    ],
)
def test_seams(seam: Seam, text: str) -> None:
    first, second = blocks_of([HOUSE, TRAIN])
    assert (
        damage("en", [HOUSE, TRAIN], Plan((type(first)(first.name, first.unit, 0, first.end, seam=seam), second))).text
        == text
    )


def test_chinese_lines() -> None:
    """The first line lacks the indent; marks that close hang over; figures stay whole; a blank line after each."""
    unit = Unit("P1", "body", "山里的竹纤维，周一送到海边，企业等到2022年的报告。")
    made = damage("zh", [unit], Plan(tuple(blocks_of([unit])), layout=Layout(5, 2, blank_lines=True)))
    assert made.text.split("\n\n") == ["山里的", "竹纤维，周", "一送到海边，", "企业等到", "2022年的报", "告。\n"]


def test_furniture_inside_a_paragraph_is_nobodys() -> None:
    at = HOUSE.text.index("It is")
    head = Change(at, at, "Page 7 ", (Mark("page-furniture", 0, 6, ""),))
    made = damage("en", [HOUSE], Plan(tuple(blocks_of([HOUSE])), {"P1": [head]}))
    assert [(made.text[s.start : s.end], s.unit) for s in made.segments] == [
        ("The house stands by the sea.", "P1"),
        ("Page 7", JUNK),
        ("It is full of instruments.", "P1"),
    ]
    assert made.undone(())["P1"] == HOUSE.text


@pytest.mark.parametrize("leans", ["left", "right"])
def test_an_insertion_at_a_tear_is_put_in_once(leans: str) -> None:
    at = HOUSE.text.index("It is")
    change = Change(at, at, "Indeed. ", (Mark("dangling", 0, 7, ""),), "left" if leans == "left" else "right")
    made = damage("en", [HOUSE], Plan(tuple(torn(blocks_of([HOUSE]), "P1", at)), {"P1": [change]}))
    assert made.text.count("Indeed.") == 1
    assert (made.text.index("Indeed.") < made.text.index("\n\n")) == (leans == "left")
    check_books(made, (HOUSE,))


def test_overlapping_changes_are_refused() -> None:
    changes = [
        replaced(HOUSE, "house stands", "h", "char-confusion"),
        replaced(HOUSE, "stands by", "s", "char-confusion"),
    ]
    with pytest.raises(InputError, match="overlaps"):
        damage("en", [HOUSE], Plan(tuple(blocks_of([HOUSE])), {"P1": changes}))


def test_a_tear_inside_a_change_is_refused() -> None:
    blocks = torn(blocks_of([HOUSE]), "P1", HOUSE.text.index("stands"))
    with pytest.raises(InputError, match="torn inside"):
        damage("en", [HOUSE], Plan(tuple(blocks), {"P1": [replaced(HOUSE, "house stands", "h", "char-confusion")]}))


def test_gold_of_a_dropped_unit_is_extra() -> None:
    whole = damage("fr", [HOUSE, TRAIN], Plan(tuple(blocks_of([HOUSE, TRAIN]))))
    part = damage("en", [TRAIN], Plan(tuple(blocks_of([TRAIN]))))
    assert [row[2] for row in alignment_gold(part, whole)["other"]["segments"]] == ["EXTRA:P1", "P2"]
    assert list(alignment_gold(whole, part)["pivot"]["units"]) == ["P1", "P2"]


# ---------------------------------------------------------------- plans in files

CLEAN = {"en": (HOUSE, TRAIN), "zh": (Unit("P1", "body", "实验楼开在海边。"),)}

WRONG = [  # record, line that is named, what is said
    ("damage: hyphenation\nat: en P1\nreplace: ship\nwith: sh- ip", 1, "'ship' stands 0 times in P1"),
    ("damage: hyphenation\nat: en P1\nreplace: s\nwith: s- ", 1, "'s' stands 7 times in P1"),
    ("\n# a remark\ndamage: hyphen\nat: en P1\nreplace: sea\nwith: s- ea", 3, "'hyphen' is no type of noise"),
    ("damage: hyphenation\nat: en P9\nreplace: sea\nwith: s- ea", 1, "no unit 'P9'"),
    ("damage: hyphenation\nat: de P1\nreplace: sea\nwith: s- ea", 1, "no clean text in 'de'"),
    ("damage: hyphenation\nat: en P1\nreplace: sea\nwith: s- ea\nfix: see", 1, "does not give the clean text back"),
    ("damage: hyphenation\nat: en P1\nwith: s- ea", 1, "one of replace, before and after"),
    ("damage: hyphenation\nat: en P1\nreplace: sea", 1, "needs the field 'with'"),
    ("damage: hyphenation\nat: en P1\nreplace: sea\nput: s- ea\nwith: x", 1, "no field 'put'"),
    ("damage: split-word\nat: en P1\nreplace: sea\nwith: s ea\ndamage: split-word", 1, "no field 'damage'"),
    ("damage: broken-term\nat: en P1\nreplace: sea\nwith: lake", 1, "names its concept"),
    ("damage: duplicate\nat: en P1\nbefore: It is\nwith: X.\nconcept: 海", 1, "names its concept"),
    ("damage: duplicate\nat: en P1\nbefore: It is\nwith: X.\nwithin: split-word | Y | Z", 1, "'Y' stands 0 times"),
    ("damage: split-word\nat: en P1\nreplace: by the sea\nwith: by the s ea\nmark: s ea", 1, "the fix must be said"),
    ("tear: en P1\nbefore: The house", 1, "cannot be torn there"),
    ("move: en P1\nto: after P1", 1, "no block P1"),
    ("move: en P1\nto: P2", 1, "a place is `after UNIT`"),
    ("drop: en P1\n\nmove: en P2\nto: after P1", 3, "no block P1"),
    ("seam: en P1\nis: comma", 1, "blank, line, space"),
    ("place: duplicate\nat: en after P1\nwith: X\nowner: P8", 1, "no unit 'P8'"),
    ("layout: en\nwrap: wide", 1, "whole numbers"),
    ("burn: en P1", 1, "no record begins with 'burn'"),
    ("damage hyphenation", 1, "not a `field: value` line"),
]
RIGHT = [
    "",
    "# nothing but a remark",
    "damage: hyphenation\nat: en P1\nreplace: instruments\nwith: instru- ments",
    "damage: truncation\nat: en P1\nreplace: by the sea.\nwith: by and so on.",
    "damage: split-word\nat: en P1\nreplace: by the sea\nwith: by the s ea\nmark: s ea\nfix: sea",
    "damage: broken-term\nat: en P1\nreplace: sea\nwith: lake\nconcept: 海",
    "damage: duplicate\nat: en P1\nbefore: It is\nwith: All is so full.\nwithin: split-word | so full | so full",
    "tear: en P1\nbefore: It is\n\nmove: en P1/2\nto: after P2\n\nseam: en P1\nis: line",
    "tear: en P1\nbefore: stands\n\ntear: en P1\nbefore: It is\n\nmove: en P1/3\nto: after P1",
    "place: dangling\nat: en after P1\nwith: The sea.\nowner: P2\nnote: torn off",
    "drop: en P1",
    "layout: zh\nwrap: 4\nindent: 1\nblank_lines: yes",
]


@pytest.mark.parametrize(("records", "line", "message"), WRONG)
def test_a_wrong_plan_is_refused_with_its_line(tmp_path: Path, records: str, line: int, message: str) -> None:
    path = tmp_path / "plan.rec"
    path.write_text(records, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_plan(path, CLEAN)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert message in str(caught.value)


@pytest.mark.parametrize("records", RIGHT)
def test_a_right_plan_is_carried_out(tmp_path: Path, records: str) -> None:
    (tmp_path / "plan.rec").write_text(records + "\n", encoding="utf-8")
    for language, plan in read_plan(tmp_path / "plan.rec", CLEAN).items():
        made = damage(language, CLEAN[language], plan)
        check_books(made, CLEAN[language])
        check_undone(made, CLEAN[language])


def test_a_corpus_whose_texts_do_not_go_together_is_refused(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "s")
    with (tmp_path / "s/clean/fr.txt").open("a", encoding="utf-8") as file:
        file.write("\nUn paragraphe de trop.\n")
    with pytest.raises(InputError, match=r"clean/fr.txt has 49 paragraphs, units.tsv 48"):
        read_units(tmp_path / "s")


# ---------------------------------------------------------------- the sample corpus


def test_the_sample_is_what_its_plan_gives(make_sample: ModuleType) -> None:
    assert make_sample.main(["--check"]) == 0


def test_check_sees_a_changed_and_a_stale_file(
    make_sample: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "sample"
    shutil.copytree(SAMPLE, folder)
    (folder / "en.txt").write_text("other", encoding="utf-8")
    (folder / "gold" / "en-zh.alignment.json").write_text("{}", encoding="utf-8")
    assert make_sample.main(["--check", "--folder", str(folder)]) == 1
    said = capsys.readouterr().err
    assert "en.txt" in said
    assert "en-zh.alignment.json" in said
    assert make_sample.main(["--folder", str(folder)]) == 0
    assert make_sample.main(["--check", "--folder", str(folder)]) == 0


def test_a_stale_plan_exits_2(make_sample: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "sample"
    shutil.copytree(SAMPLE, folder)
    (folder / "plan.rec").write_text("drop: en P99\n", encoding="utf-8")
    assert make_sample.main(["--folder", str(folder)]) == 2
    assert "plan.rec:1: there is no unit 'P99'" in capsys.readouterr().err


@pytest.mark.parametrize("language", ["zh", *TRANSLATIONS])
def test_books_of_the_sample_are_exact(sample: dict[str, Damaged], language: str) -> None:
    units = read_units(SAMPLE)[language]
    check_books(sample[language], units)
    check_undone(sample[language], units)


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_every_type_of_noise_stands_in_the_sample_three_times(sample: dict[str, Damaged], language: str) -> None:
    counts = Counter(noise.type for noise in sample[language].noise)
    assert {kind: counts[kind] for kind in TYPES if counts[kind] < 3} == {}


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_no_second_rendering_is_a_copy(sample: dict[str, Damaged], language: str) -> None:
    """Nor does it share a run of eight words with what it repeats."""
    clean = " ".join(unit.text for unit in read_units(SAMPLE)[language]).split()
    runs = {tuple(clean[k : k + 8]) for k in range(len(clean) - 7)}
    for noise in sample[language].noise:
        if noise.type == "duplicate":
            words = noise.quote.split()
            assert not runs & {tuple(words[k : k + 8]) for k in range(len(words) - 7)}, noise.quote


def test_units_of_the_sample() -> None:
    units = read_units(SAMPLE)
    assert set(units) == {"zh", *TRANSLATIONS}
    assert len({tuple((unit.id, unit.kind) for unit in version) for version in units.values()}) == 1
    kinds = {unit.kind for unit in units["zh"]}
    assert kinds == {
        "title",
        "author",
        "abstract",
        "keywords",
        "heading",
        "body",
        "list",
        "caption",
        "notes",
        "references",
    }
    assert all(unit.text == unit.text.strip() != "" for version in units.values() for unit in version)


# ---------------------------------------------------------------- against the scorers, where they are at hand


@pytest.mark.skipif(SHARED is None, reason="the scorers are not ours to ship")
@pytest.mark.parametrize(("pivot", "other"), [("zh", "en"), ("es", "fr")])
def test_a_perfect_alignment_scores_one(sample: dict[str, Damaged], tmp_path: Path, pivot: str, other: str) -> None:
    assert SHARED is not None
    spans: dict[str, dict[str, list[list[int]]]] = {}
    for language in (pivot, other):
        (tmp_path / f"{language}.txt").write_text(sample[language].text, encoding="utf-8", newline="")
        for seg in sample[language].segments:
            name = f"{JUNK}-{language}" if seg.unit == JUNK else seg.unit
            spans.setdefault(name, {}).setdefault(language, []).append([seg.start, seg.end])
    alignment = {
        "documents": [{"id": language, "language": language} for language in (pivot, other)],
        "beads": [{"id": unit, "spans": found} for unit, found in spans.items()],
    }
    (tmp_path / "out.json").write_text(json.dumps(alignment), encoding="utf-8")
    (tmp_path / "gold.json").write_text(gold_files(sample)[f"{pivot}-{other}.alignment.json"], encoding="utf-8")
    said = run(
        SHARED / "eval" / "score_alignment.py", tmp_path / "out.json", tmp_path / "gold.json",
        "--pivot-file", tmp_path / f"{pivot}.txt", "--other-file", tmp_path / f"{other}.txt",
    )  # fmt: skip
    assert "precision 1.0000 recall 1.0000 F1 1.0000 reject 1.000" in said


@pytest.mark.skipif(SHARED is None, reason="the scorers are not ours to ship")
@pytest.mark.parametrize("language", TRANSLATIONS)
def test_gold_noise_against_itself_scores_one(sample: dict[str, Damaged], tmp_path: Path, language: str) -> None:
    assert SHARED is not None
    made = sample[language]
    rows = [row | {"replacement": row["fix"], "zh": row.get("concept")} for row in noise_gold(made)]
    (tmp_path / "found.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (tmp_path / "gold.json").write_text(gold_files(sample)[f"{language}.noise.json"], encoding="utf-8")
    (tmp_path / "text.txt").write_text(made.text, encoding="utf-8", newline="")
    said = run(
        SHARED / "eval" / "score_noise.py",
        tmp_path / "found.jsonl",
        tmp_path / "gold.json",
        "--text",
        tmp_path / "text.txt",
    )
    assert "\nall: precision 1.000 recall 1.000 F1 1.000" in said
    assert all(float(line.split()[7]) == 1 for line in said.splitlines() if line.split()[0] in TYPES)


def run(*command: str | Path) -> str:
    done = subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, check=True)
    return done.stdout
