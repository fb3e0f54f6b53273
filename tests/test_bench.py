"""What scripts/bench measures with: texts joined with their gold, lines drawn, programs run, steps left out."""

from __future__ import annotations

import importlib.util
import json
import random
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tetrapla.align.backends import coverage as backend
from tetrapla.align.backends.coverage import Settings
from tetrapla.align.tokens import sentences_of
from tetrapla.errors import InputError
from tetrapla.lexicon import load as load_lexicon
from tetrapla.model import Alignment, Bead, Document, Span
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


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"bench_{name}", SCRIPTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look their module up
    spec.loader.exec_module(module)
    return module


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
