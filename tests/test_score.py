"""How good an alignment is: figures worked out by hand, the command, and the scripts that measure and draw."""

from __future__ import annotations

import importlib.util
import itertools
import json
import random
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapla.cli import main
from tetrapla.errors import InputError, UnknownNameError, WrongTextError
from tetrapla.formats.json import dump_alignment, load_alignment
from tetrapla.model import Alignment, Bead, Document, Span
from tetrapla.resources import corpus_root, shared_root
from tetrapla.score import (
    Lines,
    calibration,
    load_beads,
    load_gold,
    pair_of,
    score_alignment,
    score_beads,
    unrelated,
)

SCRIPTS = Path(__file__).parent.parent / "scripts"
SHARED = shared_root()

# ---- beads of lines ------------------------------------------------------------------------------------------------

# Found, gold; then by hand, strict and lax: how many found are right, how many of gold are held.
# Counted by precision: every bead but []:[]; by recall: only beads with lines on both sides.
LINES: dict[str, tuple[list[Lines], list[Lines], tuple[int, int, int, int], tuple[int, int, int, int]]] = {
    "all right": ([([0], [0]), ([1], [1])], [([0], [0]), ([1], [1])], (2, 2, 2, 2), (2, 2, 2, 2)),
    "the order of beads says nothing": (
        [([1], [1]), ([0], [0])],
        [([0], [0]), ([1], [1])],
        (2, 2, 2, 2),
        (2, 2, 2, 2),
    ),
    "an empty side that gold has, too, counts for precision only": (
        [([0], [0]), ([1], []), ([], [1])],
        [([0], [0]), ([1], []), ([], [1])],
        (3, 3, 1, 1),
        (3, 3, 1, 1),
    ),
    "an empty side where gold has a link": (
        [([0], [0]), ([1], []), ([], [1])],
        [([0], [0]), ([1], [1])],
        (1, 3, 1, 2),
        (1, 3, 1, 2),
    ),
    "a link where gold has empty sides": (
        [([0], [0]), ([1], [1])],
        [([0], [0]), ([1], []), ([], [1])],
        (1, 2, 1, 1),
        (1, 2, 1, 1),
    ),
    "two lines without counterpart in one bead are not those of two": (
        [([0, 1], [])],
        [([0], []), ([1], [])],
        (0, 1, 0, 0),
        (0, 1, 0, 0),
    ),
    "joined": ([([0, 1], [0, 1])], [([0], [0]), ([1], [1])], (0, 1, 0, 2), (1, 1, 2, 2)),
    "cut": ([([0], [0]), ([1], [1])], [([0, 1], [0, 1])], (0, 2, 0, 1), (2, 2, 1, 1)),
    "a line too many": ([([0], [0]), ([1], [1, 2])], [([0], [0]), ([1], [1])], (1, 2, 1, 2), (2, 2, 2, 2)),
    "each side in gold, but not in one bead": ([([0], [1])], [([0], [0]), ([1], [1])], (0, 1, 0, 2), (0, 1, 0, 2)),
    "lines in another order are another bead": ([([1, 0], [0])], [([0, 1], [0])], (0, 1, 0, 1), (1, 1, 1, 1)),
    "twice is once": ([([0], [0]), ([0], [0])], [([0], [0]), ([0], [0])], (1, 1, 1, 1), (1, 1, 1, 1)),
    "no line, no bead": ([([], []), ([0], [0])], [([0], [0]), ([], [])], (1, 1, 1, 1), (1, 1, 1, 1)),
    "nothing found": ([], [([0], [0])], (0, 0, 0, 1), (0, 0, 0, 1)),
    "nothing to find": ([([0], [])], [([0], [])], (1, 1, 0, 0), (1, 1, 0, 0)),
}


@pytest.mark.parametrize(("found", "gold", "strict", "lax"), LINES.values(), ids=LINES)
def test_beads_of_lines(found: list[Lines], gold: list[Lines], strict: Sequence[int], lax: Sequence[int]) -> None:
    scores = score_beads(found, gold)
    for score, counts in ((scores.strict, strict), (scores.lax, lax)):
        assert (score.right, score.found, score.held, score.gold) == counts


def test_shares_of_beads() -> None:
    score = score_beads([([0], [0]), ([1], []), ([2], [2])], [([0], [0]), ([1], [1]), ([2], [2]), ([3], [3])]).strict
    assert (score.precision, score.recall) == (2 / 3, 2 / 4)
    assert score.f1 == pytest.approx(4 / 7)
    nothing = score_beads([], []).lax
    assert (nothing.precision, nothing.recall, nothing.f1) == (0.0, 0.0, 0.0)


SIDE = st.lists(st.integers(0, 4), max_size=3)
BEADS = st.lists(st.tuples(SIDE, SIDE), max_size=6)


@given(found=BEADS, gold=BEADS)
def test_strict_and_lax_are_what_their_names_say(found: list[Lines], gold: list[Lines]) -> None:
    ours, theirs = ({(tuple(a), tuple(b)) for a, b in beads if a or b} for beads in (found, gold))

    def meet(one: Lines, other: Lines) -> bool:
        return all(set(a) & set(b) for a, b in zip(one, other, strict=True))

    scores = score_beads(found, gold)
    both = {bead for bead in theirs if bead[0] and bead[1]}
    assert scores.strict.right == len(ours & theirs)
    assert scores.strict.held == len(ours & both)
    assert scores.lax.right == sum(bead in theirs or any(meet(bead, g) for g in theirs) for bead in ours)
    assert scores.lax.held == sum(any(meet(bead, f) for f in ours) for bead in both)


def test_beads_are_read_as_they_are_written(tmp_path: Path) -> None:
    file = tmp_path / "a.beads"
    file.write_text("[0, 1]:[0]:0.93\n[2]:[]\n\n [] : [1,2] : 0.000000\r\n", "utf-8", newline="")
    assert load_beads(file) == [((0, 1), (0,)), ((2,), ()), ((), (1, 2))]


@pytest.mark.parametrize(
    "line",
    ["0:0", "[0]", "[0] [0]", "[a]:[0]", "[-1]:[0]", "[0,]:[0]", "[0 1]:[0]", "[0]:[0]:1:2", '{"a": 1}', "[٣]:[0]"],
)
def test_a_line_that_is_no_bead_is_refused(line: str, tmp_path: Path) -> None:
    file = tmp_path / "a.beads"
    file.write_text(f"[0]:[0]\n{line}\n", "utf-8")
    with pytest.raises(InputError, match=r"a\.beads, line 2"):
        load_beads(file)


# ---- links by characters --------------------------------------------------------------------------------------------

ZH, EN = "一二三四\n五六七八\n九十", "aaaa bbbb\ncccc\ndd ee\nzz"
GOLD: dict[str, Any] = {
    "pivot": {"language": "zh", "units": {"u1": [[0, 4]], "u2": [[5, 9]], "u3": [[10, 12]]}},
    "other": {
        "language": "en",
        "segments": [
            [0, 5, "u1"],
            [5, 10, "u2"],
            [10, 15, "u2"],
            [15, 18, "u3"],
            [18, 21, "EITHER:title"],
            [21, 23, "JUNK"],
        ],
    },
}


def small(scores: Sequence[float] = (0.95, 0.65), folder: Path | None = None) -> Alignment:
    """A half-right alignment: bbbb stands in the wrong bead, cccc in one too large, dd in none, zz where nothing is."""
    sources = [str(folder / f"{code}.txt") if folder else "" for code in ("zh", "en")]
    beads = (
        Bead("b1", "body", {"zh": (Span(0, 4),), "en": (Span(0, 9),)}, {"en": scores[0]}),
        Bead("b2", "body", {"zh": (Span(5, 9), Span(10, 12)), "en": (Span(10, 14), Span(21, 23))}, {"en": scores[1]}),
        Bead("b3", "body", {"en": (Span(15, 20),)}),
    )
    return Alignment("zh", (Document("zh", "zh", ZH, sources[0]), Document("en", "en", EN, sources[1])), beads)


def test_links_are_scored_by_characters() -> None:
    score = score_alignment(small(), "zh", "en", GOLD)
    # aaaa: 1 and 1; bbbb: 0; cccc: four of the bead's six, and all four; dd: in no bead with text of the pivot.
    assert score.precision == pytest.approx((4 + 4 * 4 / 6) / 14)
    assert score.recall == pytest.approx(8 / 14)
    assert (score.reject, score.scored, score.rejectable) == (0.0, 14, 2)


def test_calibration() -> None:
    scale = calibration(small(), "zh", "en", GOLD)
    # aaaa bbbb at .95, half of it right; cccc and zz at .65, four of six at two thirds. ee is left open.
    assert scale.characters == 16
    assert scale.linked == 14 / 16
    assert scale.error == pytest.approx((abs(8 * 0.95 - 4) + abs(6 * 0.65 - 8 / 3)) / 14)
    assert [part.characters for part in scale.bins] == [0, 0, 0, 0, 0, 0, 6, 0, 0, 8]
    assert scale.bins[9].score == pytest.approx(0.95)
    assert scale.bins[9].right == pytest.approx(0.5)
    assert scale.bins[6].right == pytest.approx(4 / 9)
    assert (scale.bins[0].score, scale.bins[0].right) == (None, None)


@pytest.mark.parametrize(
    ("score", "place", "linked"), [(0.0, 0, 0), (0.1, 1, 0), (0.5, 5, 0), (0.51, 5, 6), (0.99, 9, 6), (1.0, 9, 6)]
)
def test_which_bin_a_score_is_in_and_what_is_linked(score: float, place: int, linked: int) -> None:
    scale = calibration(small((0.25, score)), "zh", "en", GOLD)
    assert scale.bins[place].characters == 6
    assert scale.linked == linked / 16


def test_of_strangers_nothing_is_right() -> None:
    gold = unrelated(len(EN))
    score, scale = score_alignment(small(), "zh", "en", gold), calibration(small(), "zh", "en", gold)
    assert (score.scored, score.rejectable, score.reject) == (0, 18, 4 / 18)
    assert (scale.characters, scale.linked) == (18, 14 / 18)
    assert scale.error == pytest.approx((8 * 0.95 + 6 * 0.65) / 14)


def test_nothing_linked_is_no_error() -> None:
    scale = calibration(Alignment("zh", small().documents, ()), "zh", "en", GOLD)
    assert (scale.error, scale.linked) == (0.0, 0.0)


def test_the_versions_are_told_by_language() -> None:
    assert pair_of(small(), GOLD) == ("zh", "en")
    documents = (Document("zh", "zh-Hans", ZH), Document("en", "en", EN), Document("en-2", "en", EN))
    assert pair_of(Alignment("zh", documents[:2], ()), GOLD) == ("zh", "en")
    with pytest.raises(InputError, match=r"several texts in 'en' \(en, en-2\)"):
        pair_of(Alignment("zh", documents, ()), GOLD)
    with pytest.raises(InputError, match="none in it"):
        pair_of(Alignment("zh", documents[:1], ()), GOLD)


def test_what_cannot_be_scored_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="'fr'"):
        score_alignment(small(), "zh", "fr", GOLD)
    with pytest.raises(InputError, match="b1 has no score of zh"):
        calibration(small(), "en", "zh", unrelated(len(ZH)))
    for score in (1.5, -0.1, float("nan")):
        with pytest.raises(InputError, match="no probability"):
            calibration(small((score, 0.5)), "zh", "en", GOLD)
    with pytest.raises(WrongTextError, match="another text than en"):
        score_alignment(small(), "zh", "en", unrelated(len(EN) + 1))
    for key in ("texts", "sha256"):
        with pytest.raises(WrongTextError, match="another text than zh"):
            score_alignment(small(), "zh", "en", GOLD | {key: {"zh": "0" * 64}})


BROKEN_GOLD = {
    "no object": ([], "no gold of an alignment"),
    "no pivot": ({"other": GOLD["other"]}, "no gold of an alignment"),
    "no language": (GOLD | {"pivot": {"units": {}}}, "no gold of an alignment"),
    "no list of spans": (GOLD | {"pivot": {"language": "zh", "units": {"u1": [0, 4]}}}, "unit 'u1'"),
    "backwards": (GOLD | {"pivot": {"language": "zh", "units": {"u1": [[4, 0]]}}}, "unit 'u1'"),
    "no unit": (GOLD | {"other": {"language": "en", "segments": [[0, 4, "u1"], [4, 5]]}}, "segment 1"),
    "no name": (GOLD | {"other": {"language": "en", "segments": [[0, 4, 1]]}}, "segment 0"),
    "hashes": (GOLD | {"sha256": "0" * 64}, "by language"),
}


@pytest.mark.parametrize(("value", "message"), BROKEN_GOLD.values(), ids=BROKEN_GOLD)
def test_gold_that_is_none_is_refused(value: object, message: str, tmp_path: Path) -> None:
    file = tmp_path / "gold.json"
    file.write_text(json.dumps(value), "utf-8")
    with pytest.raises(InputError, match=message):
        load_gold(file)


# ---- beside the scorer of the measuring texts -----------------------------------------------------------------------


def at_random(texts: dict[str, Path], seed: int) -> Alignment:
    """An alignment that is wrong in every way: stretches linked by chance, some alone, some left out, any score."""
    chance = random.Random(seed)
    documents = [Document(code, code, path.read_text("utf-8"), str(path)) for code, path in texts.items()]
    pieces = []
    for doc in documents:
        cuts = sorted({0, len(doc.text), *(chance.randrange(len(doc.text)) for _ in range(60))})
        spans = [Span(a, b) for a, b in itertools.pairwise(cuts)]
        chance.shuffle(spans)
        pieces.append([tuple(spans[k : k + 2]) for k in range(0, len(spans), 2)])
    beads = []
    for k, (here, there) in enumerate(zip(*pieces, strict=False)):
        spans_of = {"zh": here, "en": there} if k % 5 else {"en": there}
        score = chance.choice([chance.random(), chance.randint(0, 10) / 10])
        beads.append(Bead(f"b{k}", "body", spans_of, {"en": score} if k % 5 else {}))
    return Alignment("zh", tuple(documents), tuple(beads))


@pytest.mark.skipif(SHARED is None, reason="the measuring texts, with their scorer, are missing")
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("related", [True, False], ids=["versions", "strangers"])
def test_figures_are_those_of_the_scorer(seed: int, related: bool, tmp_path: Path) -> None:
    texts = {code: corpus_root() / "sample" / f"{code}.txt" for code in ("zh", "en")}
    gold = corpus_root() / "sample" / "gold" / "zh-en.alignment.json"
    if not related:
        gold = Path("-")
    elif seed == 2:  # the sample has nothing that gold leaves open
        known = json.loads(gold.read_text("utf-8"))
        for segment in known["other"]["segments"][3:9]:
            segment[2] = "EITHER"
        gold = tmp_path / "gold.json"
        gold.write_text(json.dumps(known), "utf-8")
    written = tmp_path / "a.json"
    written.write_text(dump_alignment(at_random(texts, seed)), "utf-8")
    files = ("--pivot-file", texts["zh"], "--other-file", texts["en"], "--docs", "zh,en")
    command = [sys.executable, str(SHARED) + "/eval/score_alignment.py", written, gold, *files, "--calibration"]
    told = subprocess.run(list(map(str, command)), capture_output=True, encoding="utf-8", check=True).stdout

    alignment = load_alignment(written)
    truth = load_gold(gold) if related else unrelated(len(alignment.documents[1].text))
    score, scale = score_alignment(alignment, "zh", "en", truth), calibration(alignment, "zh", "en", truth)
    assert told.splitlines() == [
        *(
            f"  score {p.low:.1f}–{p.high:.1f}: {p.characters:6} characters, mean score {p.score:.2f}, right {p.right:.2f}"
            for p in scale.bins
            if p.characters
        ),
        f"expected calibration error {scale.error:.3f}; linked above 0.5: {scale.linked:.3f}",
        f"precision {score.precision:.4f} recall {score.recall:.4f} F1 {score.f1:.4f} reject {score.reject:.3f} "
        f"({score.scored} characters, {score.rejectable} without a paragraph)",
    ]


# ---- the command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an alignment, its texts, and gold for characters and lines; the working directory is another."""
    there = tmp_path / "there"
    there.mkdir()
    for name, content in (
        ("zh.txt", ZH),
        ("en.txt", EN),
        ("out.json", dump_alignment(small(folder=there))),
        ("gold.json", json.dumps(GOLD)),
        ("out.beads", "[0]:[0]:0.93\n[1]:[]:0.50\n"),
        ("gold.en-es", "[0]:[0]\n[1]:[1]\n"),
    ):
        (there / name).write_text(content, "utf-8", newline="")
    monkeypatch.chdir(there)
    return there


Told = Callable[..., tuple[int, str, str]]


@pytest.fixture
def told(capsysbinary: pytest.CaptureFixture[bytes]) -> Told:
    def run(*argv: str) -> tuple[int, str, str]:
        capsysbinary.readouterr()
        status = main(["score", *argv])
        out, err = capsysbinary.readouterr()
        return status, out.decode(), err.decode()

    return run


@pytest.mark.usefixtures("folder")
def test_score_of_an_alignment(told: Told) -> None:
    status, out, err = told("out.json", "gold.json", "--calibration")
    assert (status, err) == (0, "")
    assert re.search(r"precision +0\.4762 +14\n", out)
    assert re.search(r"reject +0\.000 +2\n", out)
    assert re.search(r"0\.9–1\.0 +8 +0\.95 +0\.50\n", out)
    assert "expected calibration error 0.345; linked above 0.5: 0.875\n" in out


@pytest.mark.usefixtures("folder")
def test_score_as_json(told: Told) -> None:
    record = json.loads(told("out.json", "gold.json", "--calibration", "--format", "json")[1])
    assert record["precision"] == pytest.approx(10 / 21)
    assert record["calibration"]["bins"][9] == {
        "low": 0.9,
        "high": 1.0,
        "characters": 8,
        "score": pytest.approx(0.95),
        "right": 0.5,
    }
    assert "calibration" not in json.loads(told("out.json", "gold.json", "--format", "json")[1])


@pytest.mark.usefixtures("folder")
def test_score_of_strangers(told: Told) -> None:
    status, out, _ = told("out.json", "-", "--docs", "zh,en", "--format", "json")
    assert status == 0
    record = json.loads(out)
    assert record["reject"] == pytest.approx(4 / 18)
    # What was not measured is not known, and is not bad.
    assert (record["precision"], record["f1"]) == (None, None)
    assert "precision" not in told("out.json", "-", "--docs", "zh,en")[1]


@pytest.mark.usefixtures("folder")
def test_score_of_beads(told: Told) -> None:
    status, out, _ = told("out.beads", "gold.en-es")
    assert status == 0
    assert re.search(r"strict +0\.5000 +0\.5000 +0\.5000 +1 +2 +1 +2\n", out)
    record = json.loads(told("out.beads", "gold.en-es", "--format", "json")[1])
    assert record["lax"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "found": 2, "right": 1, "gold": 2, "held": 1}


def test_score_writes_where_it_is_told_but_over_no_input(folder: Path, told: Told) -> None:
    assert told("out.beads", "gold.en-es", "-o", "scores.txt")[1] == ""
    assert "strict" in (folder / "scores.txt").read_text("utf-8")
    assert told("out.beads", "gold.en-es", "-o", "gold.en-es")[0] == 2
    assert (folder / "gold.en-es").read_text("utf-8") == "[0]:[0]\n[1]:[1]\n"


REFUSED = {
    "no file": (["none.json", "gold.json"], "no such file: none.json"),
    "no gold": (["out.json", "none.json"], "no such file: none.json"),
    "beads with gold of characters": (["out.beads", "gold.json"], "out.beads, line 1: this is no JSON"),
    "JSON with gold of lines": (["out.json", "gold.en-es"], "out.json, line 1: this is no bead"),
    "gold for an alignment": (["gold.json", "gold.json"], "gold.json is no alignment"),
    "an alignment for gold": (["out.json", "out.json"], "out.json is no gold"),
    "no versions named": (["out.json", "-"], "--docs zh,en"),
    "one version": (["out.json", "-", "--docs", "zh"], "two versions"),
    "one version twice": (["out.json", "-", "--docs", "zh,zh"], "two versions"),
    "an unknown version": (["out.json", "-", "--docs", "zh,fr"], "'fr'"),
    "the versions the wrong way round": (["out.json", "-", "--docs", "en,zh", "--calibration"], "name the pivot"),
    "versions of lines": (["out.beads", "gold.en-es", "--docs", "en,es"], "alignments in JSON"),
    "calibration of lines": (["out.beads", "gold.en-es", "--calibration"], "alignments in JSON"),
}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("argv", "message"), REFUSED.values(), ids=REFUSED)
def test_wrong_use_is_one_clear_line(argv: list[str], message: str, told: Told) -> None:
    status, out, err = told(*argv)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_a_text_that_changed_is_refused(folder: Path, told: Told) -> None:
    (folder / "en.txt").write_text(EN.replace("zz", "yy"), "utf-8")
    status, _, err = told("out.json", "gold.json")
    assert status == 2
    assert "made from another text" in err


# ---- the scripts ----------------------------------------------------------------------------------------------------


def script(path: str) -> ModuleType:
    name = Path(path).stem
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # its dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def quality() -> ModuleType:
    return script("bench/quality.py")


@pytest.fixture(scope="module")
def plot() -> ModuleType:
    return script("plot.py")


def test_quality_says_what_is_missing_and_does_not_fail(
    quality: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert quality.main(["--data", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    for missing in ("eval/gold/*.alignment.json", "eval/disturb.py", "paper/companion.zh.txt", "eval/*/gold.*-*"):
        assert f"there is no {tmp_path / missing}" in err


def test_quality_of_lines(quality: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = tmp_path / "eval" / "bridge"
    there.mkdir(parents=True)
    (there / "en.txt").write_text("On 3 May 1987 the bridge was opened.\nIt cost 450 crowns.\n", "utf-8")
    (there / "fr.txt").write_text("Le pont fut ouvert le 3 mai 1987.\nIl coûta 450 couronnes.\n", "utf-8")
    (there / "gold.en-fr").write_text("[0]:[0]\n[1]:[1]\n", "utf-8")
    assert quality.main(["--data", str(tmp_path), "--only", "lines"]) == 0
    assert "| bridge | 1.0000 | 1.0000 |" in capsys.readouterr().out


def test_stretches_are_those_of_the_seed(quality: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "gold.json").write_text(json.dumps([{}] * 500), "utf-8")
    drawn = [
        quality.Setting(tmp_path, draws, seed, 1).stretches(tmp_path, 120) for draws, seed in ((4, 1), (2, 1), (4, 2))
    ]
    assert drawn[0][:2] == drawn[1]
    assert [stretch.start for stretch in drawn[0]] != [stretch.start for stretch in drawn[2]]
    assert all(0 <= stretch.start <= 380 for stretches in drawn for stretch in stretches)


def test_mean_and_worst(quality: ModuleType) -> None:
    assert quality.spread([0.5, 0.75, 1.0], min) == "0.750 (0.500)"
    assert quality.spread([0.25], max) == "0.250"
    assert quality.spread([], max) == "–"


def drawn(plot: ModuleType, folder: Path, *options: str) -> ElementTree.Element:
    assert plot.main(["out.json", *options, "-o", "out.svg"]) == 0
    return ElementTree.fromstring((folder / "out.svg").read_text("utf-8"))


def paths(picture: ElementTree.Element, kind: str) -> list[str]:
    return [found.attrib["d"] for found in picture.iter() if found.attrib.get("class") == kind and "d" in found.attrib]


def test_a_dot_plot_has_a_stroke_for_each_piece_of_a_link(plot: ModuleType, folder: Path) -> None:
    picture = drawn(plot, folder)
    assert [path.count("M") for path in paths(picture, "s9")] == [1]
    # The second link is torn on both sides, at the same share of its length.
    assert [path.count("M") for path in paths(picture, "s6")] == [2]
    assert paths(picture, "gold") == []
    assert [path.count("M") for path in paths(drawn(plot, folder, "--gold", "gold.json"), "gold")] == [4]


def test_runs_keep_their_shares(plot: ModuleType) -> None:
    assert list(plot.runs([Span(0, 4)], [Span(10, 12), Span(0, 6)])) == [((0, 1), (10, 12)), ((1, 4), (0, 6))]
    assert list(plot.runs([Span(0, 4)], [])) == []


def test_a_reliability_curve_has_a_point_for_each_bin_in_use(plot: ModuleType, folder: Path) -> None:
    picture = drawn(plot, folder, "--gold", "gold.json", "--reliability")
    assert sum(found.attrib.get("class") == "point" for found in picture.iter()) == 2
    assert "expected calibration error 0.345" in "".join(picture.itertext())


@pytest.mark.parametrize("ticked", [0, 1, 9, 10, 11, 17_198, 500_000])
def test_ticks_are_few_and_round(plot: ModuleType, ticked: int) -> None:
    found = plot.ticks(ticked)
    assert 1 <= len(found) <= 11
    assert all(0 <= place <= 1 for place, _ in found)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--reliability", "-o", "out.svg"], "needs --gold"),
        (["--pair", "zh", "-o", "out.svg"], "two versions"),
        (["--pair", "zh,fr", "-o", "out.svg"], "'fr'"),
        (["-o", "out.json"], "ends in .svg"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_plot_that_cannot_be_drawn_is_refused(
    plot: ModuleType, options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert plot.main(["out.json", *options]) == 2
    assert message in capsys.readouterr().err
