"""Words, stems and sentences of the languages that have a file, and of those that have none."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import CHARACTERS
from tetrapla import languages
from tetrapla.checks import run
from tetrapla.cli import main
from tetrapla.glossary import load, match
from tetrapla.model import Document
from tetrapla.segment import segment

GENERIC = ("ar", "el", "fa", "hi", "hy", "ja", "ko", "my", "nl", "ru", "sv", "th", "tr", "und", "tlh")
CODES = (*languages.registry, *GENERIC)


def cut(code: str, text: str) -> list[str]:
    return [text[span.start : span.end] for span in languages.get(code).sentences(text)]


def stems(code: str, text: str) -> list[str]:
    return [word.stem for word in languages.get(code).words(text)]


# ---------------------------------------------------------------- sentences


@pytest.mark.parametrize(
    ("code", "sentences"),
    [
        ("de", ["Am 3. Mai kam er an.", "Dann ging er."]),
        ("de", ["Das gilt z. B. hier, d. h. am Hafen, bzw. im Dorf.", "Nr. 5 war zu."]),
        ("de", ["Er sagte: „Ja.“", "Dann ging er."]),
        ("de", ["»Nein!«", "Sie blieb."]),
        ("de", ["Das war 1999.", "Danach kam nichts."]),
        ("de", ["Im 19. Jahrhundert stand hier ein Turm.", "Er fiel."]),
        ("it", ["Il dott. Riva parte.", "Poi torna."]),
        ("pt", ["O Sr. Lima chegou à pág. 4.", "Depois parou."]),
        ("nl", ["De boot vertrekt.", "Hij komt terug."]),
        ("cs", ["Přišel 3. května.", "Pak odešel."]),
        ("ru", ["Он пришёл.", "«Кто там?»", "Никто!"]),
        ("el", ["Πού είσαι;", "Είμαι εδώ."]),
        ("ar", ["هل جاء؟", "نعم."]),
        ("ur", ["وہ آیا۔", "وہ گیا۔"]),
        ("hi", ["वह आया।", "वह गया।"]),
        ("hy", ["Նա եկավ։", "Նա գնաց։"]),
        ("am", ["እሱ መጣ።", "ሄደ።"]),
        ("ja", ["雨が降った。", "本当？", "はい！"]),
        ("ja", ["「行こう。」と言った。", "とても静かだ。", "誰も来ない。"]),
        ("km", ["គាត់មក។", "គាត់ទៅ។"]),
        ("my", ["သူလာသည်။", "သူသွားသည်။"]),
        ("th", ["ฝนตก ทุกวัน", "แล้วก็หยุด"]),
        ("en", ["The old house was warm .", "Then it burnt ."]),
    ],
)
def test_sentences(code: str, sentences: Sequence[str]) -> None:
    between = {"ja": "", "th": "\n\n"}.get(code, " ")
    assert cut(code, between.join(sentences)) == sentences


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("fr", "l' eau d' une rive", ["l'", "eau", "d'", "une", "riv"]),
        ("fr", "l’eau qu' il boit", ["l'", "eau", "qu'", "il", "boit"]),
        ("fr", "aujourd'hui", ["aujourd'hui"]),
        ("it", "dell'acqua, dell' acqua", ["dell'", "acqua", "dell'", "acqua"]),
        ("en", "do n't ; it 's", ["do", "n't", "it", "s"]),
        ("tr", "KAPI İzmir", ["kap", "izmir"]),
        ("de", "STRASSE Straße Häuser", ["strass", "strass", "haus"]),
        ("de", "Schifffahrtsgesellschaft", ["schifffahrtsgesellschaft"]),
        ("fr", "Œuvres œuvre oeuvre", ["oeuvr", "oeuvr", "oeuvr"]),
        ("da", "æble", ["æbl"]),
        ("en", "innova\u00adtion innovation", ["innov", "innov"]),
        ("ja", "東京都へ行く", ["東京", "京都", "へ", "行", "く"]),
        ("ja", "ＧＤＰは3.5", ["gdp", "は", "3.5"]),
        ("fa", "کتاب‌ها", ["کتاب"]),
        ("uk", "п'ять сіл", ["п'ять", "сіл"]),
        ("tlh", "Qapla' batlh", ["qapla", "batlh"]),
    ],
)
def test_stems(code: str, text: str, expected: Sequence[str]) -> None:
    assert stems(code, text) == expected


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("fr", "l'été dernier, à côté"),
        ("es", "la niñez y el corazón"),
        ("de", "schöne Häuser für müde Bären"),
        ("vi", "người phiên dịch"),
        ("el", "παλιά αποθήκη"),
        ("hi", "पुरानी किताबें"),
        ("ja", "ガラスがバスで着いた"),
        ("ru", "тяжёлый ящик"),
    ],
)
def test_accents_set_apart_give_the_same_stems(code: str, text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert stems(code, decomposed) == stems(code, unicodedata.normalize("NFC", text))
    assert "".join(word.text for word in languages.get(code).words(decomposed)) == "".join(
        char for char in decomposed if char not in " ,"
    )


# ---------------------------------------------------------------- any language


def test_a_language_without_a_file_has_a_name_and_no_rules_of_its_own() -> None:
    assert [languages.get(code).name for code in ("de", "nb", "ja", "tlh")] == [
        "German",
        "Norwegian Bokmål",
        "Japanese",
        "tlh",
    ]
    assert [languages.has_own_rules(code) for code in ("zh-Hant", "pt-BR", "nb", "und")] == [True, True, False, False]


@given(st.sampled_from(CODES), st.text(CHARACTERS | st.sampled_from("。؟।;ไทยやカ漢́ि'’.ſİß\u00ad\u200c"), max_size=40))
def test_words_and_sentences_lie_in_the_text_in_order(code: str, text: str) -> None:
    language = languages.get(code)
    end = 0
    for word in language.words(text):
        assert end <= word.start < word.end <= len(text)
        assert word.text == text[word.start : word.end]
        assert word.stem
        end = word.end
    end, covered = 0, ""
    for span in language.sentences(text):
        assert end <= span.start < span.end <= len(text)
        assert not text[end : span.start].strip()
        covered, end = covered + text[span.start : span.end], span.end
    assert "".join(covered.split()) == "".join(text.split())


@given(st.sampled_from(CODES), st.text(CHARACTERS | st.sampled_from("។ไทยやカ漢\n"), max_size=60))
def test_a_text_in_any_language_is_segmented_whole(code: str, text: str) -> None:
    found = segment(Document("a", code, text))
    covered = [at for paragraph in found.paragraphs for span in paragraph.spans for at in range(span.start, span.end)]
    assert len(covered) == len(set(covered))
    assert {at for at, char in enumerate(text) if not char.isspace()} <= set(covered)


RUSSIAN = "Старый склад у реки.\n\nТретьего мая грузовое судно пришло в порт с опозданием на два дня, и дождь не прекращался.\n"
JAPANESE = "川のそばの古い倉庫\n\n五月三日、貨物船は二日遅れて港に着いた。雨はいっこうにやまなかった。\n"
GERMAN = "Das Lagerhaus\n\nAm 3. Mai kam der Frachter mit zwei Tagen Verspätung an. „Wir fangen an“, sagte der Vorarbeiter.\n"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (
            "de",
            "Die Ein- und Ausgänge, die Verwaltungs- bzw. Finanzabteilung und der Bau- sowie der Schulamtsleiter.\n",
        ),
        ("de", "Das Donaudampfschifffahrtsmuseum liegt an der Hochwasserschutzmauer. Es ist zu gut besucht.\n"),
        ("nl", "De arbeidsongeschiktheidsverzekering dekt de in- en uitgangen van het ziekenhuisterrein.\n"),
        ("nl", "'s Morgens drinkt hij koffie en zo'n tien minuten later gaat hij aan de slag.\n"),
        ("sv", "Järnvägsstationen har en in- och utgång mot sjukhusområdet.\n"),
        ("fi", "Lentokoneonnettomuus tapahtui rautatieaseman lähellä.\n"),
        ("tr", "Evlerimizdekilerden biri faizlerde indirim istedi.\n"),
        ("kn", "ನೀವು ಎಲ್ಲಿದ್ದೀರಿ? ನಾನು ಮನೆಯಲ್ಲಿ ಇದ್ದೇನೆ.\n"),
    ],
)
def test_sound_text_with_long_words_stays_as_it_is(code: str, text: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert [found.type for found in run(segment(Document("a", code, text)))] == []
    assert capfd.readouterr() == ("", "")  # nor does wordfreq tell of a list that it takes from a neighbour


@pytest.mark.parametrize("command", [["check"], ["clean", "--check"], ["terms"]])
@pytest.mark.parametrize(
    ("text", "told"), [(GERMAN, ""), (RUSSIAN, "Russian (ru)"), (JAPANESE, "Japanese (ja)")], ids=["de", "ru", "ja"]
)
def test_commands_take_any_language_and_tell_of_generic_rules_once(
    command: list[str], text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "text.txt"
    path.write_text(text, encoding="utf-8")
    assert main([*command, str(path)]) == 0  # nothing found, nothing to repair
    error = capsys.readouterr().err
    assert error.count("no rules of our own for") == (1 if told else 0)
    assert told in error


def test_a_text_in_no_language_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "figures.txt"
    path.write_text("1999 2004 12,5 %\n", encoding="utf-8")
    assert main(["check", str(path)]) == 0
    assert "the language cannot be told" in capsys.readouterr().err


GLOSSARY = """\
id: old-store
en: old store
ja: 古い倉庫
ru: старый склад
th: โกดังเก่า

id: innovation
en: innovation
ja: イノベーション
ru: инновация
th: นวัตกรรม
"""


@pytest.mark.parametrize(
    ("code", "text", "matched"),
    [
        ("ja", "新しいイノベーションは古い倉庫で生まれた。", ["イノベーション", "古い倉庫"]),
        ("ja", "これは innovation です。", ["innovation"]),
        ("th", "ที่โกดังเก่าแห่งนี้มีนวัตกรรมใหม่", ["โกดังเก่า", "นวัตกรรม"]),
        ("ru", "В старом складе много инноваций.", ["старом складе", "инноваций"]),
        ("ru", "Склад стар, новинок нет.", []),
        ("ja", "ベーションは新しい。倉庫は古い。", []),
    ],
)
def test_concepts_are_found_in_any_script(code: str, text: str, matched: Sequence[str], tmp_path: Path) -> None:
    (tmp_path / "a.rec").write_text(GLOSSARY, encoding="utf-8")
    found = match(segment(Document("a", code, text)), load(tmp_path))
    assert [mention.matched for mention in found] == matched
