"""Alignments of other programs: memories and ladders read as ours, and there and back without loss."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_exports import knowns
from tetrapla import exports, imports
from tetrapla.cli import main
from tetrapla.errors import InputError, UnknownNameError
from tetrapla.exports import Options
from tetrapla.exports._rows import rows_of
from tetrapla.formats import Known
from tetrapla.formats.json import load_alignment
from tetrapla.model import Alignment

SOURCE = ["Boats leave at dawn.", "", "They carry salt.", "They carry wool, too.", "Nobody waits."]
TARGET = ["Les bateaux partent à l'aube.", "Ils portent du sel et de la laine.", "Fin.", "Personne n'attend."]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two texts of lines, where the test is."""
    for name, lines in (("en.txt", SOURCE), ("fr.txt", TARGET)):
        (tmp_path / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(alignment: Alignment) -> list[list[list[str]]]:
    """Return the lines of each bead, those of the first text and those of the second."""
    return [
        [[line for span in bead.spans.get(doc.id, ()) for line in doc[span].split("\n")] for doc in alignment.documents]
        for bead in alignment.beads
    ]


def imported(name: str, text: str) -> Alignment:
    Path("links.txt").write_text(text, encoding="utf-8")
    options = imports.Options({"en.txt": "en", "fr.txt": "fr"})
    found = imports.read(["links.txt", "en.txt", "fr.txt"], name, options)
    assert isinstance(found.result, Alignment)
    assert not found.texts
    return found.result


# ---- ladders ----------------------------------------------------------------------------------------------------------

# What all of them say below: line 0 with line 0; 2 and 3 with 1; 4 with 3; line 1 is blank, target line 2 is alone.
BEADS = [
    [[SOURCE[0]], [TARGET[0]]],
    [[SOURCE[2], SOURCE[3]], [TARGET[1]]],
    [[], [TARGET[2]]],
    [[SOURCE[4]], [TARGET[3]]],
]
LADDERS = {
    "hunalign": "0\t0\t0.8\n1\t1\t0\n2\t1\t1.25\n4\t2\t-0.3\n4\t3\t.5\n5\t4\t0\n",
    "vecalign": "[0]:[0]:0.284\n[1]:[]:0.0\n[2, 3]:[1]:0.31\n[]:[2]:0.0\n[4]:[3]:0.1\n",
    "bertalign": "[0]:[0]\n[2,3]:[1]\n[4]:[3]\n",
    "beads": "[0]:[0]:0.93\n\n[2, 3]:[1]:0.31\n[4]:[3]:1.00\n",
}


@pytest.mark.parametrize("name", LADDERS)
def test_ladders(name: str, folder: Path) -> None:
    found = imported(name, LADDERS[name])
    assert told(found) == BEADS
    assert [bead.id for bead in found.beads] == ["b1", "b2", "b3", "b4"]
    assert (found.pivot, [doc.id for doc in found.documents]) == ("en", ["en", "fr"])


def test_only_a_probability_is_a_score(folder: Path) -> None:
    assert [bead.score for bead in imported("beads", LADDERS["beads"]).beads] == [
        {"fr": 0.93},
        {"fr": 0.31},
        {},
        {"fr": 1},
    ]
    costs = imported("vecalign", LADDERS["vecalign"]).beads
    assert [bead.score for bead in costs] == [{}] * 4
    assert [bead.evidence for bead in costs][:3] == [
        {"fr": {"by": "vecalign", "cost": 0.284}},
        {"fr": {"by": "vecalign", "cost": 0.31}},
        {},
    ]
    assert imported("hunalign", LADDERS["hunalign"]).beads[1].evidence == {"fr": {"by": "hunalign", "quality": 1.25}}


@pytest.mark.parametrize(
    "text",
    [
        "[([0], [0]), ([2, 3], [1]), ([4], [3])]",
        "[[[0],[0]],[[2,3],[1]],\n [[4],[3]]]\n",
        " [ ([0], [0]),([2,3],[1]),([4],[3])]",
    ],
)
def test_bertaligns_list_of_pairs(text: str, folder: Path) -> None:
    assert told(imported("bertalign", text)) == BEADS


WRONG = [
    ("hunalign", "boats\tbateaux\t0.3\n", "line 1: no rung"),
    ("hunalign", "0\t0\t0.3\n1\tx\t1\n", "line 2: no rung"),
    ("hunalign", "0\t0\tnan\n", "line 1: no rung"),
    ("hunalign", "0\t0\t0\n999999999\t1\t0\n", "5 and 4 lines, and no rung 999999999"),
    ("hunalign", "2\t2\t0\n1\t3\t0\n", "line 2: a rung stands below"),
    ("hunalign", "\n", "nothing but blanks"),
    ("hunalign", "0\t0\t0\n", "holds no links"),
    ("vecalign", "[0]:[0]:0.2\n[1]-[1]\n", "line 2: this is no bead"),
    ("vecalign", "[0]:[4]:0.2\n", "fr.txt has 4 lines, from 0, and no line 4"),
    ("vecalign", "[0]:[0]:0.2\n[2]:[0]:0.1\n", "line 2: line 0 stands in another link, too: links.txt, line 1"),
    ("vecalign", "[0, 0]:[0]:0.2\n", "line 0 stands in another link"),
    ("vecalign", f"[0{' ' * 50_000}x]:[0]\n", "line 1: this is no bead"),
    ("beads", "[0]:[0]:1.5\n", "line 1: 1.5 is no probability"),
    ("bertalign", "[([0], [0]), ([2])]", "pair 2 is no pair"),
    ("bertalign", "[([0], [0]), __import__]", "nothing but whole numbers"),
    ("bertalign", "[([0], [-1])]", "nothing but whole numbers"),
    ("bertalign", "[([0], [[]])]", "pair 1 is no pair"),
    ("bertalign", f"[{'(' * 100_000}]", "cannot be read"),
]


@pytest.mark.parametrize(("name", "text", "error"), WRONG, ids=[f"{name}: {error}" for name, _, error in WRONG])
def test_what_is_no_ladder_is_refused(name: str, text: str, error: str, folder: Path) -> None:
    with pytest.raises(InputError, match=error):
        imported(name, text)


def test_two_files_are_too_few(folder: Path) -> None:
    with pytest.raises(InputError, match="vecalign takes three files"):
        imports.read(["en.txt", "fr.txt"], "vecalign")


@st.composite
def links(draw: st.DrawFn) -> tuple[int, int, list[tuple[list[int], list[int]]]]:
    """Numbers of lines, and links between them in which none comes twice, in any order."""
    rows, columns = draw(st.integers(1, 8)), draw(st.integers(1, 8))
    owners = [draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)) for n in (rows, columns)]
    pairs = []
    for k in (1, 2, 3):
        source, target = ([i for i, own in enumerate(side) if own == k] for side in owners)
        if source or target:
            pairs.append((source, target))
    return rows, columns, draw(st.permutations(pairs))


@given(links())
@settings(max_examples=60)
def test_every_line_stands_in_one_bead(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[int, int, Sequence[tuple[list[int], list[int]]]]
) -> None:
    rows, columns, pairs = drawn
    if not pairs:
        return
    folder = tmp_path_factory.mktemp("lines")
    paths = [str(folder / name) for name in ("links", "a.txt", "b.txt")]
    Path(paths[0]).write_text("".join(f"{source}:{target}:0.5\n" for source, target in pairs), encoding="utf-8")
    for path, count in zip(paths[1:], (rows, columns), strict=True):
        Path(path).write_text("\n".join(f"Line {n}." for n in range(count)), encoding="utf-8")
    found = imports.read(paths, "vecalign", imports.Options({paths[1]: "en", paths[2]: "fr"})).result
    assert isinstance(found, Alignment)
    sides = [[[int(line[5:-1]) for line in side] for side in bead] for bead in told(found)]
    for place, count in enumerate((rows, columns)):
        assert sorted(n for side in sides for n in side[place]) == list(range(count))
    assert [side for side in sides if any(side == list(pair) for pair in pairs)] == [list(pair) for pair in pairs]


# ---- memories ---------------------------------------------------------------------------------------------------------


def memory(path: Path, alignment: str = "imported") -> tuple[Alignment, imports.Imported]:
    found = imports.read([str(path)], "tmx", imports.Options(stem=alignment))
    assert isinstance(found.result, Alignment)
    return found.result, found


@given(knowns())
@settings(max_examples=40)
def test_a_memory_there_and_back(tmp_path_factory: pytest.TempPathFactory, known: Known) -> None:
    path = tmp_path_factory.mktemp("tmx") / "a.tmx"
    ids = [doc.id for doc in known.alignment.documents]
    for level in exports.LEVELS:
        path.write_bytes(exports.dump("tmx", known, None, Options(level=level))[""])
        alignment, found = memory(path)
        assert {doc.source: doc.text for doc in alignment.documents} == found.texts
        expected = [
            row for row in rows_of(known, ids, Options(level=level)) if row.level == "passage" or level != "both"
        ]
        assert [bead.id for bead in alignment.beads] == [row.id for row in expected]
        for bead, row in zip(alignment.beads, expected, strict=True):
            documents = {doc.id: doc for doc in alignment.documents}
            texts = {own: " ".join(documents[own][span] for span in spans) for own, spans in bead.spans.items()}
            assert texts == {own: " ".join(text.split()) for own, text in storable_texts(row.texts).items()}
            assert bead.score == {
                own: pytest.approx(s, abs=1e-4) for own, s in row.bead.score.items() if own in row.texts
            }


def storable_texts(texts: dict[str, str] | object) -> dict[str, str]:
    from tetrapla.exports._xml import storable

    assert isinstance(texts, dict)
    return {own: text for own, raw in texts.items() if " ".join((text := storable(raw)).split())}


MEMORY = """<?xml version="1.0"?>
<tmx version="1.4"><header srclang="fr-FR" segtype="sentence"/><body>
<tu><tuv xml:lang="EN-us"><seg>Salt <bpt i="1">\\b</bpt>and<ept i="1"/> wool.</seg></tuv>
<tuv xml:lang="fr_CA"><seg>Du sel et de la laine.</seg></tuv></tu>
<tu tuid="7"><tuv xml:lang="en"><seg>Alone.</seg></tuv></tu>
<tu tuid="7"><tuv xml:lang="en"><seg>Nobody waits.</seg></tuv><tuv xml:lang="en-GB"><seg>No one waits.</seg></tuv>
<tuv xml:lang="fr"><prop type="x-score">0.7</prop><seg>Personne n'attend.</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg> </seg></tuv></tu>
</body></tmx>
"""


def test_a_memory_of_another_program(tmp_path: Path) -> None:
    (tmp_path / "m.tmx").write_text(MEMORY, encoding="utf-8")
    alignment, found = memory(tmp_path / "m.tmx", "mine")
    assert alignment.pivot == "fr"
    assert found.texts == {
        "mine.fr.txt": "Du sel et de la laine.\n\nPersonne n'attend.\n\n",
        "mine.en.txt": "Salt and wool.\n\nAlone.\n\nNobody waits.\n\n",
    }
    assert [(bead.id, sorted(bead.spans), dict(bead.score)) for bead in alignment.beads] == [
        ("b1", ["en", "fr"], {}),
        ("7", ["en"], {}),
        ("7-3", ["en", "fr"], {"fr": 0.7}),
    ]


HOSTILE = {
    "entities": ('<!DOCTYPE tmx [<!ENTITY a "x">]><tmx><body/></tmx>', "declares entities"),
    "a bomb": (
        '<!DOCTYPE tmx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><tmx><body><tu><tuv xml:lang="en"><seg>&b;</seg></tuv></tu></body></tmx>',
        "declares entities",
    ),
    "another file": (
        '<!DOCTYPE tmx [<!ENTITY a SYSTEM "file:///etc/hostname">]><tmx><body><tu><tuv xml:lang="en"><seg>&a;</seg></tuv></tu></body></tmx>',
        "declares entities",
    ),
    "too deep": (f"<tmx><body>{'<tu>' * 5000}", "cannot be read"),
    "a page": ("<html><body/></html>", "no TMX"),
    "cut off": ('<tmx><body><tu><tuv xml:lang="en"><seg>Half', "cannot be read"),
    "nothing": ("<tmx><body/></tmx>", "no text at all"),
    "one language": ('<tmx><body><tu><tuv xml:lang="en"><seg>One.</seg></tuv></tu></body></tmx>', "this memory has en"),
    "a path for a language": (
        '<tmx><body><tu><tuv xml:lang="../../x"><seg>One.</seg></tuv></tu></body></tmx>',
        "no language code",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_memories_are_refused(case: str, tmp_path: Path) -> None:
    text, error = HOSTILE[case]
    (tmp_path / "m.tmx").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=error):
        memory(tmp_path / "m.tmx")


def test_a_path_for_a_version_is_none(tmp_path: Path) -> None:
    unit = '<tuv xml:lang="{}"><prop type="x-document">{}</prop><seg>One.</seg></tuv>'
    variants = unit.format("en", "../../en") + unit.format("fr", "fr-2")
    (tmp_path / "m.tmx").write_text(f"<tmx><body><tu>{variants}</tu></body></tmx>", encoding="utf-8")
    _, found = memory(tmp_path / "m.tmx")
    assert found.texts.keys() == {"imported.en.txt", "imported.fr-2.txt"}


def test_sentences_that_are_not_found_again_are_passed_over(tmp_path: Path) -> None:
    tuv = '<tuv xml:lang="{}"><seg>{}</seg></tuv>'
    units = [
        ("paragraph", "b1", "a b. Then d.", "e f"),
        ("sentence", "b1.1", "Then d.", "f"),
        ("sentence", "b1.2", "a b.", "e"),  # out of order
        ("sentence", "b1.3", "b.", "x"),  # not there
        ("sentence", "b1.4", "d", "f"),  # taken
    ]
    body = "".join(
        f'<tu tuid="{own}" segtype="{kind}"><prop type="x-passage">b1</prop>{tuv.format("en", en)}{tuv.format("fr", fr)}</tu>'
        for kind, own, en, fr in units
    )
    (tmp_path / "m.tmx").write_text(f"<tmx><body>{body}</body></tmx>", encoding="utf-8")
    alignment, _ = memory(tmp_path / "m.tmx")
    [bead] = alignment.beads
    documents = {doc.id: doc for doc in alignment.documents}
    found = [[documents[own][span] for own, (span,) in sentence.spans.items()] for sentence in bead.sentences]
    assert found == [["Then d.", "f"], ["a b.", "e"]]


# ---- the command ------------------------------------------------------------------------------------------------------


def test_a_memory_becomes_an_alignment_that_is_read_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "m.tmx").write_text(MEMORY, encoding="utf-8")
    (folder / "sub").mkdir()
    assert main(["import", "m.tmx", "-o", "sub/mine.json"]) == 0
    assert "3 beads of fr, en; texts: sub/mine.fr.txt, sub/mine.en.txt" in capsys.readouterr().err
    alignment = load_alignment("sub/mine.json")
    assert [doc[span] for doc in alignment.documents for span in alignment.beads[0].spans[doc.id]] == [
        "Du sel et de la laine.",
        "Salt and wool.",
    ]


def test_decisions_of_links_are_kept(folder: Path) -> None:
    (folder / "links").write_text(LADDERS["vecalign"], encoding="utf-8")
    arguments = ["import", "links", "en.txt", "fr.txt", "--from", "vecalign", "--language", "en.txt=en"]
    assert main([*arguments, "--language", "fr.txt=fr", "--decisions", "-o", "keep.json"]) == 0
    decisions = json.loads((folder / "keep.json").read_text(encoding="utf-8"))["decisions"]
    assert [decision["verdict"] for decision in decisions] == ["confirmed"] * 3
    files = ["en.txt", "fr.txt", "--language", "en.txt=en", "--language", "fr.txt=fr"]
    assert main(["align", *files, "--keep", "keep.json", "-o", "out.json"]) == 0
    sentences = [sentence for bead in load_alignment("out.json").beads for sentence in bead.sentences]
    assert [dict(sentence.score) for sentence in sentences if len(sentence.spans) > 1] == [{"fr": 1.0}] * 3


def test_an_imported_alignment_can_be_scored_and_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "links").write_text(LADDERS["beads"], encoding="utf-8")
    arguments = ["import", "links", "en.txt", "fr.txt", "--from", "beads", "--language", "en.txt=en"]
    assert main([*arguments, "--language", "fr.txt=fr", "-o", "out.json"]) == 0
    assert main(["score", "out.json", "-", "--docs", "en,fr"]) == 0
    assert main(["align", "--explain", "b1", "out.json"]) == 0
    assert main(["export", "out.json", "--to", "html", "-o", "out.html"]) == 0
    assert "Nobody waits." in (folder / "out.html").read_text(encoding="utf-8")
    assert "probability 0.93" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["m.tmx"], "name it with -o"),
        (["en.txt"], "its name tells no format; say it with --from"),
        (["m.tmx", "m.tmx", "-o", "a.json"], "a memory is one file, not 2"),
        (["m.tmx", "-o", "m.tmx"], "never written over"),
        (["m.tmx", "--language", "m.tmx=en", "-o", "a.json"], "leave --language and --encoding out"),
        (["links", "en.txt", "fr.txt", "--from", "vecaling"], "did you mean 'vecalign'"),
        (["no.tmx", "-o", "a.json"], "no such file: no.tmx"),
    ],
)
def test_wrong_use(arguments: list[str], error: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "m.tmx").write_text(MEMORY, encoding="utf-8")
    assert main(["import", *arguments]) == 2
    assert error in capsys.readouterr().err
    assert (folder / "m.tmx").read_text(encoding="utf-8") == MEMORY


def test_unknown_formats_are_told() -> None:
    with pytest.raises(UnknownNameError):
        imports.read(["a"], "tmy")
