"""What scripts/bench measures with: texts joined with their gold, lines drawn, programs run, steps left out, edits judged."""

from __future__ import annotations

import json
import random
import re
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.build import loaded
from tests.review_browser import NO_BROWSER
from tetrapla.align.backends import coverage as backend
from tetrapla.align.backends.coverage import Settings
from tetrapla.align.tokens import sentences_of
from tetrapla.errors import InputError
from tetrapla.formats.json import load_alignment
from tetrapla.glossary import load as load_glossary
from tetrapla.lexicon import load as load_lexicon
from tetrapla.model import Alignment, Bead, Document, Edit, Finding, Span
from tetrapla.progress import silent
from tetrapla.score import score_alignment
from tetrapla.segment import segment

SCRIPTS = Path(__file__).parent.parent / "scripts" / "bench"
OTHERS = ("en", "es", "fr")

# Stands in for a peer: the first lines of both one by one, the rest in one bead.
PEER = """#!{python}
import sys
left, right = (len(open(path, encoding="utf-8").readlines()) for path in sys.argv[3:5])
for k in range(min(left, right)):
    print(k, k, 0.5, sep="\\t")
print(left, right, 0, sep="\\t")
"""


bench, ablation = loaded("align"), loaded("ablation")


def manual(folder: Path, paragraphs: int) -> Path:
    """Write a manual of so many paragraphs in two languages, every third of two sentences."""
    zh, en, gold = [], [], []
    for k in range(paragraphs):
        more = k % 3 == 0
        zh.append(f"第{k}座桥于{1900 + k}年通车。" + (f"造价为{k * 7 + 450}元。" if more else ""))
        en.append(f"Bridge {k} was opened in {1900 + k}." + (f" It cost {k * 7 + 450} crowns." if more else ""))
        gold.append({"id": f"p{k}", "kind": "para", "zh": [k], "en": [k]})
    folder.mkdir(parents=True)
    for code, texts in (("zh", zh), ("en", en)):
        (folder / f"{code}.txt").write_text("\n\n".join(texts) + "\n", "utf-8")
    (folder / "gold.json").write_text(json.dumps(gold), "utf-8")
    return folder


# ---- what is missing ------------------------------------------------------------------------------------------------


def test_it_says_what_is_missing_and_does_not_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--data", str(tmp_path), "--peer", f"hunalign={tmp_path / 'nothing'}"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert f"there is no {tmp_path / 'corpora' / '*' / 'gold.json'}; left out" in err
    assert f"there is no {tmp_path / 'paper' / 'zh.txt'}; left out" in err
    assert f"there is no program {tmp_path / 'nothing'}; hunalign is left out" in err


@pytest.mark.parametrize("option", ["--sizes=0", "--sizes=1,x", "--peer=hunalign", "--peer=other=x", "--repeat=-1"])
def test_options_that_make_no_sense_are_refused(option: str) -> None:
    with pytest.raises(SystemExit):
        bench.main([option])


# ---- manuals --------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(1, 500), min_size=1, max_size=4), st.integers(1, 3_000))
def test_copies_add_up_and_take_no_more_than_there_is(counts: list[int], size: int) -> None:
    copies = bench.shares(counts, size)
    assert sum(map(sum, copies)) == size
    assert all(0 <= taken <= there for copy in copies for taken, there in zip(copy, counts, strict=True))
    # As few copies as will do, and about equal ones.
    assert (len(copies) - 1) * sum(counts) < size
    assert max(map(sum, copies)) - min(map(sum, copies)) <= 1


def damaged(folder: Path, zh: str, other: str, gold: dict[str, Any]) -> Path:
    folder.mkdir()
    (folder / "zh.txt").write_bytes(zh.encode("utf-8"))
    for code in OTHERS:
        (folder / f"{code}.txt").write_bytes(other.encode("utf-8"))
        own = {"pivot": gold["pivot"], "other": {**gold["other"], "language": code}}
        (folder / f"zh-{code}.alignment.json").write_text(json.dumps(own), "utf-8")
    return folder


def test_joined_texts_keep_their_gold(tmp_path: Path) -> None:
    gold = {
        "pivot": {"language": "zh", "units": {"a": [[0, 2]], "b": [[2, 4]]}},
        "other": {"language": "en", "segments": [[0, 1, "b"], [1, 3, "JUNK"], [3, 4, "EXTRA:c"], [4, 6, "a"]]},
    }
    whole = bench.Joined()
    for name, text in (("0/m", "甲乙丙丁"), ("1/m", "一二三四")):
        whole.add(damaged(tmp_path / name.replace("/", "-"), text, "abcde\r", gold), name)
    assert whole.texts["zh"] == "甲乙丙丁一二三四"
    assert whole.texts["en"] == "abcde\rabcde\r"
    assert whole.units == {"0/m/a": [[0, 2]], "0/m/b": [[2, 4]], "1/m/a": [[4, 6]], "1/m/b": [[6, 8]]}
    assert whole.gold("fr")["other"]["segments"][4:] == [
        [6, 7, "1/m/b"], [7, 9, "JUNK"], [9, 10, "EXTRA:c"], [10, 12, "1/m/a"],
    ]  # fmt: skip
    documents = tuple(Document(code, code, whole.texts[code]) for code in ("zh", "en"))
    right = {"b": ((2, 4), (0, 1)), "a": ((0, 2), (4, 6)), "B": ((6, 8), (6, 7)), "A": ((4, 6), (10, 12))}
    beads = tuple(Bead(k, "body", {"zh": (Span(*zh),), "en": (Span(*en),)}) for k, (zh, en) in right.items())
    score = score_alignment(Alignment("zh", documents, beads), "zh", "en", whole.gold("en"))
    assert (score.f1, score.reject) == (1.0, 1.0)


@given(st.floats(0.5, 3), st.floats(0.01, 10))
def test_the_exponent_of_a_power_is_its_own(e: float, factor: float) -> None:
    points = [(n, factor * n**e) for n in (2_500, 5_000, 10_000, 20_000)]
    assert bench.exponent(points) == pytest.approx(e)


# ---- lines ----------------------------------------------------------------------------------------------------------


def test_lines_are_as_many_as_wanted_and_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "ROWS", 40)
    monkeypatch.setattr(bench, "COLUMNS", 50)
    manuals = [manual(tmp_path / name, count) for name, count in (("a", 30), ("b", 60))]
    drawn = bench.couples(manuals, random.Random(1))
    source = [line for couple in drawn for line in couple.source]
    target = [line for couple in drawn for line in couple.target]
    assert (len(source), len(target)) == (40, 50)
    bridges = [int(line.split()[1]) for line in target if line.startswith("Bridge")]
    rises = [before < after for before, after in pairwise(bridges)]
    assert rises.count(False) == 1  # where the second manual begins
    assert bench.couples(manuals, random.Random(1)) == drawn
    assert bench.couples(manuals, random.Random(2)) != drawn


PARAGRAPHS = [
    bench.Couple(["a"], ["A"]),
    bench.Couple(["b", "c"], ["B", "C"]),
    bench.Couple([], ["D", "E"]),
    bench.Couple(["f", "g"], ["F"]),
]
KNOWN = [((0,), (0,)), ((), (3,)), ((), (4,)), ((3, 4), (5,))]


def test_beads_are_known_where_one_side_is_one_sentence() -> None:
    assert bench.known_beads(PARAGRAPHS) == KNOWN


@pytest.mark.parametrize(
    ("found", "f1", "inside"),
    [
        (KNOWN, 1.0, 1.0),
        ([*KNOWN, ((1,), (2,)), ((2,), (1,))], 1.0, 1.0),  # how the second paragraph is cut nobody knows
        ([*KNOWN[1:], ((0, 1), (0, 1)), ((2,), (2,))], 0.6, 5 / 9),  # precision 3 of 4, recall 1 of 2
        ([], 0.0, 0.0),
    ],
)
def test_lines_are_scored_where_gold_is_known(found: list[Any], f1: float, inside: float) -> None:
    assert bench.scored_lines(found, PARAGRAPHS) == pytest.approx((f1, inside))


def test_lines_from_the_shell_with_a_peer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "ROWS", 24)
    monkeypatch.setattr(bench, "COLUMNS", 24)
    manual(tmp_path / "corpora" / "bridges", 18)
    peer = tmp_path / "peer"
    peer.write_text(PEER.format(python=sys.executable), "utf-8")
    peer.chmod(0o755)
    assert bench.main(["--data", str(tmp_path), "--only", "lines", "--peer", f"hunalign={peer}"]) == 0
    _, _, ours, theirs = (line for line in capsys.readouterr().out.splitlines() if line.startswith("|"))
    assert [cell.strip() for cell in theirs.split("|")[1:3]] == ["hunalign", "24 × 24"]
    assert [cell.strip() for cell in theirs.split("|")[6:8]] == ["1.000", "1.000"]
    assert float(ours.split("|")[6]) > 0.8


# ---- peers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ladder", ["0\t0\n1", "0 0\n1 1", "0\t0\t0.3\nx\t1\t0", "0\t0\n2\t1\n1\t2\n", "0\t0\n-1\t2\n", "align failed\n"]
)
def test_what_is_no_ladder_is_refused(ladder: str) -> None:
    with pytest.raises(InputError, match="of what the peer wrote"):
        bench.ladder_beads(ladder)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=20))
def test_a_ladder_has_every_line_once(steps: list[tuple[int, int]]) -> None:
    rungs = [(0, 0)]
    for a, b in steps:
        rungs.append((rungs[-1][0] + a, rungs[-1][1] + b))
    beads = bench.ladder_beads("".join(f"{i}\t{j}\t0.1\n" for i, j in rungs))
    for side in (0, 1):
        assert [line for bead in beads for line in bead[side]] == list(range(rungs[-1][side]))
    assert all(source or target for source, target in beads)


def test_beads_of_sentences_go_to_paragraphs() -> None:
    pivot = segment(Document("zh", "zh", "河上有桥。桥很长。\n\n桥边有集市。\n\n集市很大。\n"))
    other = segment(Document("en", "en", "There is a bridge. It is long.\n\nA market is beside it.\n"))
    assert [len(own) for own in (*pivot.sentences, *other.sentences)] == [2, 1, 1, 2, 1]
    found = bench.lifted([((0,), (0,)), ((1, 2), ()), ((3,), (1, 2)), ((), ())], pivot, other)
    linked = [[other.document[span] for span in bead.spans["en"]] for bead in found.beads]
    assert linked == [["There is a bridge."], [], ["It is long.", "A market is beside it."]]
    assert [bead.spans["zh"] for bead in found.beads] == [paragraph.spans for paragraph in pivot.paragraphs]


def test_a_dictionary_has_the_target_first_and_no_line_that_stops_the_reader() -> None:
    entries = bench.dictionary("zh", "en").splitlines()
    assert len(entries) > 1_000
    for entry in entries:
        target, at, source = entry.partition(" @ ")
        assert at
        assert target.strip() == target != ""
        assert source.strip() == source != ""
        assert "@" not in target + source


def test_a_program_that_fails_is_named(tmp_path: Path) -> None:
    code = "import sys; print('no such thing', file=sys.stderr); sys.exit(3)"
    with pytest.raises(InputError, match=r"failed \(3\): no such thing"):
        bench.measured([sys.executable, "-c", code], tmp_path / "out", 1)


def test_memory_is_that_of_the_program_and_not_of_who_runs_it(tmp_path: Path) -> None:
    kept = bytearray(120_000_000)  # which a child that is forked from this process would count as its own
    cost = bench.measured([sys.executable, "-S", "-c", "print('done')"], tmp_path / "out", 2)
    assert (tmp_path / "out").read_text("utf-8") == "done\n"
    assert 1_000_000 < cost.memory < len(kept)
    assert cost.work > 0
    assert cost.seconds > 0


# ---- steps left out -------------------------------------------------------------------------------------------------

ZH = """1 旧桥

这座桥建于1850年，长120米[3]，见图2。河水很急①，两岸都有道路。

2 新桥

新桥造价三万元；旧桥只供行人使用。
"""
EN = """1 The old bridge

This bridge was built in 1850 and is 120 metres long [3], see Figure 2. The river is fast ①, with roads on both banks.

2 The new bridge

The new bridge cost 30000 crowns; the old one is for walkers only.
"""
STEPS = list(ablation.STEPS)


def in_zh_and_en() -> list[Document]:
    return [Document(code, code, text) for code, text in (("zh", ZH), ("en", EN))]


def test_every_step_names_what_there_is_and_is_put_back() -> None:
    names = [(backend, "find"), *(patch[:2] for step in ablation.STEPS.values() for patch in step.patches)]
    before = [getattr(*name) for name in names]
    found = ablation.ablated(STEPS, in_zh_and_en(), lambda alignment: {"beads": len(alignment.beads)})
    assert list(found) == ["whole", *STEPS]
    assert all(figures["beads"] and figures["time"] >= 0 for figures in found.values())
    assert all(getattr(*name) is value for name, value in zip(names, before, strict=True))


@pytest.mark.parametrize(
    ("name", "kind"),
    [("numbers", "#"), ("citations", "[]"), ("notes", "①"), ("figures", "fig"), ("sections", "§")],
)
def test_without_a_step_there_are_no_such_tokens_and_with_it_there_are(name: str, kind: str) -> None:
    version = segment(Document("zh", "zh", ZH))

    def kinds() -> set[str]:
        return {token[0] for sentence in sentences_of(version).items for token in sentence.tokens}

    whole = kinds()
    assert kind in whole
    with ablation.STEPS[name].left_out():
        assert kinds() == whole - {kind}
    assert kinds() == whole


@pytest.mark.parametrize(("field", "value"), [("lexicon", False), ("vote", 0.0), ("rounds", 0), ("drift", 0.0)])
def test_a_setting_is_changed_and_the_others_stay(field: str, value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Settings] = []
    monkeypatch.setattr(backend, "find", lambda groups, settings, *others: given.append(settings))
    with ablation.settings(**{field: value}).left_out():
        backend.coverage([], silent)
    backend.coverage([], silent)
    assert given == [replace(Settings(), **{field: value}), Settings()]


def test_steps_are_left_out_together(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Settings] = []
    monkeypatch.setattr(backend, "find", lambda groups, settings, *others: given.append(settings))
    several = ablation.step_of("votes + pinyin + lexicon + glossary")
    assert (len(several.patches), several.anew) == (2, True)
    with several.left_out():
        backend.coverage([], silent)
    with ablation.step_of("whole").left_out():
        backend.coverage([], silent)
    assert given == [replace(Settings(), vote=0.0, lexicon=False), Settings()]


def test_no_beads_but_small_ones_without_merges(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Settings] = []
    monkeypatch.setattr(backend, "find", lambda groups, settings, *others: given.append(settings))
    for most in (2, 3, 4):
        with ablation.smaller(most).left_out():
            backend.coverage_in_order([], silent)
    assert [max(map(sum, settings.prices.sizes)) for settings in given] == [2, 3, 4]
    assert [len(settings.prices.sizes) for settings in given] == [1, 3, 6]


def test_a_part_of_the_lexicon_has_that_part_of_its_rows() -> None:
    whole = sum(map(len, load_lexicon().tables))
    for step in (2, 4):
        assert len(ablation.every(step)) == pytest.approx(whole / step, abs=len(load_lexicon().tables))
    assert ablation.every(2).languages == load_lexicon().languages


@given(st.lists(st.floats(0, 1), min_size=2, max_size=9), st.floats(-1, 1))
def test_what_changes_all_texts_alike_is_no_chance(values: list[float], change: float) -> None:
    results = [{"whole": {"heavy": value}, "step": {"heavy": value + change}} for value in values]
    found = ablation.change_of([*results, {"whole": {"paper": 0.5}}], "step", "heavy")
    assert found.mean == pytest.approx(100 * change, abs=1e-9)
    assert found.error == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("mean", "error", "texts", "text"),
    [
        (0.0, None, 1, "·"),
        (0.0, 0.0, 9, "·"),
        (-0.3, None, 1, "-0.30"),
        (-0.6, None, 1, "**-0.60**"),
        (0.0, 0.2, 9, "+0.00 ± 0.20"),
        (0.3, 0.2, 9, "+0.30 ± 0.20"),
        (0.5, 0.2, 9, "**+0.50 ± 0.20**"),
        (0.5, 0.2, 3, "+0.50 ± 0.20"),
        (0.5, 0.2, 99, "**+0.50 ± 0.20**"),
    ],
)
def test_what_is_more_than_chance_is_in_bold(mean: float, error: float | None, texts: int, text: str) -> None:
    assert str(ablation.Change(mean, error, texts)) == text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "same"),
        ({"paper": -0.1, "heavy": 0.2}, "same"),
        ({"paper": -1.0, "heavy": 0.2}, "worse"),
        ({"paper": 1.0}, "better"),
        ({"strangers": 1.0, "calibration": 2.0}, "worse"),
        ({"strangers": -1.0}, "better"),
        ({"strangers": -1.0, "paper": -1.0}, "both"),
    ],
)
def test_less_is_better_in_some_columns(changes: dict[str, float], said: str) -> None:
    assert ablation.verdict({column: ablation.Change(mean, None, 1) for column, mean in changes.items()}) == said


def test_the_ablation_says_what_is_missing_and_does_not_fail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ablation.main(["--data", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    for missing in ("paper/zh.txt", "eval/gold/*.alignment.json", "eval/disturb.py", "eval/*/gold.*-*"):
        assert f"there is no {tmp_path / missing}; left out" in err


@pytest.mark.parametrize("option", ["--only=no such step", "--draws=0", "--jobs=0"])
def test_the_ablation_refuses_what_makes_no_sense(option: str) -> None:
    with pytest.raises(SystemExit):
        ablation.main([option])


def test_a_table_from_the_shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "eval" / "bridges"
    folder.mkdir(parents=True)
    theirs = [k for k in range(30) if k % 5 < 3]  # order alone does not tell which lines are lacking
    dates = {k: f"{1900 + k * 7 % 30}: {k * 37 + 120}, {k * 53 + 240}" for k in range(30)}
    (folder / "en.txt").write_text("".join(f"Bridge {dates[k]}.\n" for k in range(30)), "utf-8")
    (folder / "es.txt").write_text("".join(f"El puente {dates[k]}.\n" for k in theirs), "utf-8")
    (folder / "gold.en-es").write_text("".join(f"[{k}]:[{n}]\n" for n, k in enumerate(theirs)), "utf-8")
    assert ablation.main(["--data", str(tmp_path), "--only", "numbers", "--only", "votes", "--together"]) == 0
    head, _, whole, numbers, votes, both = capsys.readouterr().out.splitlines()
    assert [cell.strip() for cell in head.split("|")[1:3]] == ["without", "lines"]
    assert whole.split("|")[1].strip() == "whole"
    assert float(whole.split("|")[2]) > 60
    assert numbers.split("|")[2].strip().startswith("**-")  # nothing else tells these lines apart
    assert [cell.strip() for cell in votes.split("|")[2:]][::2] == ["·", "same"]
    assert both.split("|")[1:3] == [" numbers + votes ", numbers.split("|")[2]]


# ---- noise ----------------------------------------------------------------------------------------------------------

noise, safety, cleaning = loaded("noise"), loaded("safety"), loaded("clean")

RIVER = "The river is in spate and the brid ge is shut."


def found(kind: str, part: str, new: str | None, kept: str | None = None, text: str = RIVER) -> Finding:
    start, copy = text.index(part), None
    if kept is not None:
        copy = Span(text.index(kept), text.index(kept) + len(kept))
    return Finding(kind, (Span(start, start + len(part)),), 0.9, "safe", new, kept=copy)


def planted(kind: str, part: str, fix: str, text: str = RIVER) -> dict[str, Any]:
    start = text.index(part)
    return {"type": kind, "start": start, "end": start + len(part), "fix": fix}


SPLIT = planted("split-word", "brid ge", "bridge")


@pytest.mark.parametrize(
    ("findings", "gold", "counts"),
    [
        ([found("split-word", "brid ge", "bridge")], [SPLIT], (1, 1, 1, 1)),
        ([found("split-word", "the brid ge is", "the bridge, is")], [SPLIT], (1, 1, 1, 1)),  # windows, not spans
        ([found("split-word", "brid ge", "brigade")], [SPLIT], (1, 1, 1, 0)),
        ([found("split-word", "brid ge", None)], [SPLIT], (1, 1, 1, 0)),
        ([found("split-word", "river", "bridge")], [SPLIT], (1, 1, 0, 0)),
        ([], [SPLIT], (1, 0, 0, 0)),
        ([found("split-word", "brid ge", "bridge")], [], (0, 1, 0, 0)),
        # Gold that is not scored makes nothing wrong, and takes nothing away.
        ([found("split-word", "brid ge", "bridge")], [planted("mistranslation", "brid ge", "ford")], None),
        ([found("split-word", "brid ge", "bridge")], [SPLIT, planted("mistranslation", "brid ge", "")], (1, 1, 1, 1)),
    ],
)
def test_findings_are_counted_by_type(
    findings: list[Finding], gold: list[dict[str, Any]], counts: tuple[int, ...] | None
) -> None:
    tallies = noise.tallied(findings, gold, RIVER)
    assert tallies == ({} if counts is None else {"split-word": noise.Tally(*counts)})


def test_of_a_duplicate_the_copy_counts_that_gold_names() -> None:
    gold = [planted("duplicate", "The river is in spate", "")]
    for gone, kept, right in (
        ("The river is in spate", "the brid ge is shut", 1),
        ("the brid ge is shut", "The river is in spate", 0),
    ):
        tally = noise.tallied([found("duplicate", gone, "", kept)], gold, RIVER)["duplicate"]
        assert tally == noise.Tally(1, 1, 1, right)


@pytest.mark.parametrize(
    ("before", "after", "right", "counts", "skipped"),
    [
        (["a b cd"], ["ab cd"], ["ab c d"], (2, 1, 1), 0),
        (["ab cd"], ["ab cd"], ["ab cd"], (0, 0, 0), 0),
        (["ab cd"], ["a b cd"], ["ab cd"], (0, 1, 0), 0),
        (["  ab\u3000cd "], ["ab cd"], ["ab cd"], (0, 0, 0), 0),
        (["a bcd", "x y"], ["ab cd", "xz"], ["ab cd", "xy"], (2, 2, 2), 1),
        ([""], [""], [""], (0, 0, 0), 0),
    ],
)
def test_places_of_white_space(
    before: list[str], after: list[str], right: list[str], counts: tuple[int, int, int], skipped: int
) -> None:
    score, lost = noise.spaced(before, after, right)
    assert ((score.gold, score.found, score.hit), lost) == (counts, skipped)


@given(st.lists(st.text("ab ", max_size=8), min_size=1, max_size=4))
def test_what_is_wanted_is_what_is_scored_full(lines: list[str]) -> None:
    bare = ["".join(line.split()) for line in lines]
    score, skipped = noise.spaced(bare, lines, lines)
    assert (score.hit, score.hit, skipped) == (score.gold, score.found, 0)


def test_lines_that_do_not_correspond_are_refused() -> None:
    with pytest.raises(InputError, match="do not correspond: 1, 2 and 1"):
        noise.spaced(["a"], ["a", "b"], ["a"])


# Stands in for the script that damages manuals: hyphenates a word of each paragraph, unless told to leave it clean.
DISTURB = """
import json, pathlib, sys
manual, out = map(pathlib.Path, sys.argv[1:3])
clean = sys.argv[sys.argv.index("--level") + 1] == "clean"
ids = [bead["id"] for bead in json.loads((manual / "gold.json").read_text("utf-8"))]
placed = {}
for code in ("zh", "en", "es", "fr"):
    text, noise, placed[code] = "", [], []
    for k, unit in enumerate(ids):
        paragraph = (manual / f"{code}.txt").read_text("utf-8").rstrip().split("\\n\\n")[k]
        start, long = len(text), sorted(paragraph.split(), key=len)[-3:][k % 3 - 3 :][0]
        if not clean and code != "zh":
            at = start + paragraph.index(long)
            torn = f"{long[:4]}- {long[4:]}"
            paragraph = paragraph.replace(long, torn, 1)
            noise.append({"type": "hyphenation", "start": at, "end": at + len(torn), "fix": long})
        text += paragraph + "\\n\\n"
        placed[code].append([start, len(text), unit])
    (out / f"{code}.txt").write_text(text, "utf-8")
    (out / f"{code}.noise.json").write_text(json.dumps(noise), "utf-8")
units = {unit: [[start, end]] for start, end, unit in placed["zh"]}
for code in ("en", "es", "fr"):
    gold = {"pivot": {"language": "zh", "units": units}, "other": {"language": code, "segments": placed[code]}}
    (out / f"zh-{code}.alignment.json").write_text(json.dumps(gold), "utf-8")
"""
CROSSING = {
    "zh": "第{k}座桥于{year}年开放通行，工程师测量了河流。",
    "en": "Bridge {k} was opened for travellers in {year}, and an engineer measured the current of the river.",
    "es": "El puente {k} fue inaugurado en {year}, y una ingeniera midió la corriente del río.",
    "fr": "Le pont {k} fut inauguré en {year}, et une ingénieure mesura le courant de la rivière.",
}


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder of texts for measuring, with a manual of four paragraphs, of which two are of a list."""
    folder = tmp_path / "corpora" / "bridges"
    folder.mkdir(parents=True)
    for code, sentence in CROSSING.items():
        paragraphs = [sentence.format(k=k, year=1900 + k * 7) for k in range(4)]
        (folder / f"{code}.txt").write_text("\n\n".join(paragraphs) + "\n", "utf-8")
    gold = [{"id": f"p{k}", "kind": "list" if k > 1 else "para", **{code: [k] for code in CROSSING}} for k in range(4)]
    (folder / "gold.json").write_text(json.dumps(gold), "utf-8")
    (tmp_path / "eval").mkdir()
    (tmp_path / "eval" / "disturb.py").write_text(DISTURB, "utf-8")
    return tmp_path


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|\n").split("|")]


def test_noise_that_was_planted_from_the_shell(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--data", str(shelf), "--draws", "1", "--only", "planted", "--only", "clean", "--alone"]
    assert noise.main(given) == 0
    rows = [cells(line) for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    heads = [row[0] for row in rows]
    assert heads.count("heavy, with the others") == heads.count("heavy, alone") == 1
    for row in (row for row in rows if row[0] == "hyphenation" and row[1] == "12"):
        assert float(row[5].split()[0]) > 0.9
        assert float(row[8]) > 0.9
    characters = {row[0]: int(row[1].replace(",", "")) for row in rows if row[0] in ("en, prose", "en, lists")}
    assert sum(characters.values()) == 4 * len(CROSSING["en"].format(k=1, year=1900)) + 4 * 2
    assert characters["en, prose"] == characters["en, lists"]


def test_white_space_from_the_shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "eval" / "whitespace-own"
    folder.mkdir(parents=True)
    (folder / "corrupt.txt").write_text(
        "The engi neer of the river measured the current.\nNothing is wrong here.\n", "utf-8"
    )
    (folder / "correct.txt").write_text(
        "The engineer of the river measured the current.\nNothing is wrong here.\n", "utf-8"
    )
    assert noise.main(["--data", str(tmp_path), "--only", "whitespace"]) == 0
    rows = [cells(line) for line in capsys.readouterr().out.splitlines() if line.startswith("| whitespace-own")]
    assert [row[1:] for row in rows] == [["1", "1.000", "1.000", "1.000", "0"]] * 2


def test_noise_says_what_is_missing_and_does_not_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for script, lacks in (
        (noise, ("eval/disturb.py", "eval/whitespace-*/corrupt.txt")),
        (safety, ("paper/en.txt",)),
    ):
        assert script.main(["--data", str(tmp_path)]) == 0
        out, err = capsys.readouterr()
        assert out == ""
        for missing in lacks:
            assert f"there is no {tmp_path / missing}; left out" in err


# ---- safe edits -----------------------------------------------------------------------------------------------------


def edit(text: str, old: str, new: str) -> Edit:
    start = text.index(old)
    return Edit(Span(start, start + len(old)), old, new, "split-word")


@pytest.mark.parametrize(
    ("text", "old", "new", "harms"),
    [
        ("the innova- tion grew", "innova- tion", "innovation", ()),
        ("It grew. Inno vation helps", "Inno vation", "Innovation", ()),
        ("It grew.\n\n“Inno vation helps”", "Inno vation", "Innovation", ()),
        ("It grew. [12] Inno vation helps", "Inno vation", "Innovation", ()),
        ("we saw Tor onto again", "Tor onto", "Toronto", ("name",)),
        ("we saw [12] Tor onto again", "Tor onto", "Toronto", ("name",)),
        ("we saw (Tor onto) again", "Tor onto", "Toronto", ("name",)),
        ("we saw\nTor onto again", "Tor onto", "Toronto", ("name",)),
        ("we sawToronto again", "sawToronto", "saw Toronto", ("code",)),
        ("we saw Toronto,again", "Toronto,again", "Toronto, again", ()),
        ("l' Allemagne", "l' Allemagne", "l'Allemagne", ()),
        ("pages 5, 693 and on", "5, 693", "5,693", ("number",)),
        ("in 1995 it grew", "1995", "1996", ("number",)),
        ("in 1995it grew", "1995it", "1995 it", ()),
        ("see www.example. org now", "www.example. org", "www.example.org", ("URL", "code")),
        ("write to a@b.example,or not", "example,or", "example, or", ("code",)),
        ("run dh_ make now", "dh_ make", "dh_make", ("code",)),
        ("run --no- op now", "--no- op", "--noop", ("code",)),
        ("it ended.Then it began", "ended.Then", "ended. Then", ()),
        ("one and/or the oth er", "oth er", "other", ()),
        ("河上有 桥", "有 桥", "有桥", ()),
        ("河上有桥", "桥", "侨", ("Han",)),
        ("河上有桥", "上有", "上", ("Han",)),
    ],
)
def test_what_an_edit_does_harm_to(text: str, old: str, new: str, harms: tuple[str, ...]) -> None:
    judge = safety.Judge(segment(Document("d", "en", text)))
    assert judge.harms(edit(text, old, new)) == harms


@pytest.mark.parametrize(
    ("text", "old", "new", "gold", "harms"),
    [
        ("pages 5, 693 and on", "5, 693", "5,693", ("split-word", "5, 693", "5,693"), ()),
        ("pages 5, 693 and on", "5, 693", "5.693", ("split-word", "5, 693", "5,693"), ("number",)),
        ("we saw Tor onto again", "Tor onto", "Toronto", ("split-word", "Tor onto", "Toronto"), ("name", "right")),
        ("we saw Inns 12 again", "Inns 12 ", "", ("page-furniture", "Inns 12", ""), ()),
        ("we saw Inns 12 again", "Inns 12 again", "", ("page-furniture", "Inns 12", ""), ("name", "number")),
        ("it ran dh_ma ke", "ma ke", "make", ("split-word", "ma ke", "make"), ()),
    ],
)
def test_noise_that_was_planted_may_go(
    text: str, old: str, new: str, gold: tuple[str, str, str], harms: tuple[str, ...]
) -> None:
    known = planted(*gold, text=text)
    judge = safety.Judge(segment(Document("d", "en", text)), [known])
    assert judge.harms(edit(text, old, new)) == harms


def test_a_paragraph_begins_where_gold_says() -> None:
    text = "A heading\nInno vation helps"
    change = edit(text, "Inno vation", "Innovation")
    assert safety.Judge(segment(Document("d", "en", text))).harms(change) == ("name",)
    assert safety.Judge(segment(Document("d", "en", text)), starts=[0, 10]).harms(change) == ()


def test_a_form_of_the_glossary_is_a_name() -> None:
    forms = (concept.preferred("en") for concept in load_glossary().values())
    form = next(form for form in forms if form and form.isalpha() and form.islower() and len(form) > 6)
    text = f"we speak of {form} today"
    judge = safety.Judge(segment(Document("d", "en", text)))
    assert judge.harms(edit(text, form, f"{form[:3]} {form[3:]}")) == ("name",)
    assert judge.harms(edit(text, f"of {form}", f"on {form}")) == ()


def test_safe_edits_from_the_shell(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = shelf / "corpora" / "bridges" / "en.txt"
    text.write_text(text.read_text("utf-8") + "\nThe engineers measured the cur- rent of the river.\n", "utf-8")
    assert safety.main(["--data", str(shelf), "--draws", "1", "--only", "clean", "--only", "damaged", "--show"]) == 0
    out, err = capsys.readouterr()
    rows = {cells(line)[0]: cells(line) for line in out.splitlines() if line.startswith("|")}
    assert [rows[f"bridges, {code}"][2] for code in CROSSING] == ["0", "1", "0", "0"]
    assert rows["all"][2] == "1"
    assert int(rows["heavy, all"][2]) >= 10
    assert rows["heavy, all"][3] == "0"
    assert "edit: bridges en 9: hyphenation" in err


# ---- cleaning from the shell ----------------------------------------------------------------------------------------


@given(
    st.lists(st.sampled_from(["a\n", "one two\n", "河\n\n", "x" * 30 + "\n"]), min_size=1, max_size=5),
    st.integers(1, 500),
)
def test_a_large_text_has_the_size_that_was_asked_for(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], size: int
) -> None:
    folder = tmp_path_factory.mktemp("texts")
    paths = [folder / str(k) for k in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, "utf-8")
    made = b"".join(cleaning.filled(paths, size))
    assert size <= len(made) <= size + 32
    assert made.endswith(b"\n")
    assert made.decode("utf-8").split()[0] == texts[0].split()[0]


def test_the_sample_stands_in_for_the_paper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cleaning.sources(tmp_path) == cleaning.sources(None)
    assert "the sample stands in for it" in capsys.readouterr().err
    assert all(path.is_file() for paths in cleaning.sources(None).values() for path in paths)


def test_memory_of_all_processes_is_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not Path("/proc/self/smaps_rollup").exists():
        pytest.skip("this system does not tell what each process has for itself")
    holds = "b = b'x' * 40_000_000; import time; time.sleep(1)"
    code = f"import subprocess, sys; [p.wait() for p in [subprocess.Popen([sys.executable, '-S', '-c', {holds!r}]) for _ in range(3)]]"
    monkeypatch.setattr(cleaning, "command", lambda *_: [sys.executable, "-S", "-c", code])
    cost = cleaning.measured("three", tmp_path, tmp_path)
    assert 80_000_000 < cost.memory < 200_000_000  # two of them at least, however busy the machine
    assert cost.seconds > 1


def test_cleaning_from_the_shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--data", str(tmp_path), "--mb", "0.002,0.003", "--repeat", "1", "--text", "en", "--only", "large"]
    assert cleaning.main(given) == 0
    rows = [cells(line) for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    assert [row[0] for row in rows[2:]] == ["en, tetrapla", "en, ftfy"] * 2
    assert all(float(row[3]) >= 0 and int(row[5].replace(",", "")) > 5 for row in rows[2:])


def test_a_program_that_cannot_clean_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"tetrapla failed \(2\): .*nothing"):
        cleaning.measured("tetrapla", tmp_path / "nothing.txt", tmp_path)


@pytest.mark.parametrize("option", ["--mb=0", "--mb=x", "--text=de", "--repeat=0"])
def test_cleaning_refuses_what_makes_no_sense(option: str) -> None:
    with pytest.raises(SystemExit):
        cleaning.main([option])


terms = loaded("terms")


def test_terms_are_filled_up_to_a_number_and_stand_as_closely_as_wanted() -> None:
    counts = terms.n_grams(["the red boat and the red boat", "a blue boat"], "en")
    assert counts["the red"] == counts["the red boat"] == 2
    assert counts["and the"] == 1
    assert terms.n_grams(["红船，红船"], "zh") == {"红船": 2}
    forms = terms.filled_up(["own"], counts, 4, hits=100)
    assert forms[0] == "own"
    assert {counts[form] for form in forms[1:]} == {2}
    assert all(counts[form] == 1 for form in terms.filled_up(["own"], counts, 4, hits=3)[1:])


def test_terms_are_timed_beside_others(capsys: pytest.CaptureFixture[str]) -> None:
    terms.main(["en", "--mb", "0.02", "--runs", "1", "--terms", "900"])
    out = capsys.readouterr().out
    for name in ("tetrapla", "tetrapla, one by one", "ahocorasick_rs", "PhraseMatcher", "PhraseMatcher, tokens given"):
        (line,) = [line for line in out.splitlines() if line.startswith(name + "  ")]
        assert float(line[len(name) :].split()[0]) > 0
    shares = re.findall(r"(\w+) ([01]\.\d{3})", out.splitlines()[-1])
    assert float(dict(shares)["tetrapla"]) > 0.98 > float(dict(shares)["PhraseMatcher"])


# ---- the review page ------------------------------------------------------------------------------------------------

made, reviewing = loaded("made"), loaded("review")


def test_a_made_up_document_has_every_kind_of_trouble_and_is_the_same_each_time(tmp_path: Path) -> None:
    alignment = made.made_up(400)
    assert made.made_up(400) == alignment
    assert load_alignment(made.written(tmp_path, 400)).beads == alignment.beads
    documents = {doc.id: doc for doc in alignment.documents}
    linked = alignment.beads[:400]
    assert all("zh" in bead.spans for bead in linked)
    assert any(len(spans) > 1 for bead in linked for spans in bead.spans.values())  # torn
    assert any(len(bead.spans) < 4 for bead in linked)  # missing
    assert alignment.beads[400:]  # of nothing
    starts = [bead.spans["en"][0].start for bead in linked if "en" in bead.spans]
    assert starts != sorted(starts)  # moved
    for code, doc in documents.items():
        own = sorted(span for bead in alignment.beads for span in bead.spans.get(code, ()))
        assert all(before.end <= after.start for before, after in pairwise(own))
        covered = sum(len(doc[span].replace("\n", "")) for span in own)
        assert covered == len(doc.text.replace("\n", ""))
        texts = ["".join(doc[span] for span in bead.spans[code]) for bead in linked if code in bead.spans]
        assert len(set(texts)) == len(texts)


def test_a_frame_that_comes_late_dropped_those_before_it() -> None:
    seen = {"times": [16.7, 16.6, 33.4, 16.7, 83.3], "text": 12.0, "at": 1000, "height": 2000}
    speed, frames, _, longest, dropped, text = reviewing._frames(seen)
    assert (frames, longest, dropped, text) == ("5", "83", "5", "12")
    assert speed == "5,999"


def test_a_review_that_cannot_be_opened_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made.written(tmp_path, 3)
    (tmp_path / "en.txt").write_text("another text", "utf-8")
    assert reviewing.main(["--only", "server", "--keep", str(tmp_path), "--beads", "3"]) == 2
    assert "tetrapla review failed (2): " in capsys.readouterr().err


@pytest.mark.skipif(bool(NO_BROWSER), reason=NO_BROWSER)
def test_the_review_page_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reviewing, "SPEEDS", {"wheel": (80, 4)})
    monkeypatch.setattr(reviewing, "KEYS", 3)
    assert reviewing.main(["--beads", "60", "--runs", "1", "--only", "page", "--keep", str(tmp_path)]) == 0
    rows = [cells(line) for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    for name in ("before the check", "checked"):
        (found,) = [row for row in rows if row[0] == name]
        assert all(0 < float(figure) < 20_000 for figure in found[1:])
        (found,) = [row for row in rows if row[0] == f"wheel, {name}"]
        assert found[2] == "4"
