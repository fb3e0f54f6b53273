"""Chinese: words by jieba, sentences by full-width marks, no blanks between lines.

jieba cuts accented Latin words apart, so that runs of letters are taken out before it sees them.
"""

from __future__ import annotations

import re
import tempfile
import warnings
from functools import cache
from pathlib import Path
from typing import Any

from tetrapla.languages import registry
from tetrapla.languages._base import HAN, Language, Word, stretch
from tetrapla.model import ViewSpan

# The circle is a digit (二〇二四) and goes with the characters.
HAN_RUN = re.compile(rf"[{HAN}〇]+")
OTHER_WORD = re.compile(rf"[^\W\d_{HAN}〇]+(?:['’-][^\W\d_{HAN}〇]+)*|\d+(?:[.,]\d+)*")
# Full-width ends; a Latin sentence inside ends at a point before a blank. Closing marks belong to the sentence.
END = re.compile(r"(?:[。！？；!?]+|…{1,2})[”’』」）》】\"')]*|\.[”\"')]*(?=\s+[A-Z“\"(])")


@cache
def _jieba() -> Any:
    with warnings.catch_warnings():
        # jieba 0.42.1 imports pkg_resources and has invalid escapes in its patterns.
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel("ERROR")
    # Its cache of the dictionary is else one file in /tmp that all users of a machine share.
    folder = Path(tempfile.gettempdir()) / f"tetrapla-jieba-{_user()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    jieba.dt.tmp_dir = str(folder)
    return jieba


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user in the system's list, as in some containers
        return "user"


def words(text: str) -> list[Word]:
    """Return the words of Chinese text with their places; runs of letters and digits are words too."""
    jieba = _jieba()
    found = [Word(m.start(), m.end(), m.group(), m.group().lower()) for m in OTHER_WORD.finditer(text)]
    for run in HAN_RUN.finditer(text):
        at = run.start()
        for piece in jieba.cut(run.group()):
            found.append(Word(at, at + len(piece), piece, piece))
            at += len(piece)
    return sorted(found)


def sentences(text: str) -> list[ViewSpan]:
    """Return the sentences of Chinese text; a semicolon ends one, as what stands between two is one in translation."""
    spans: list[ViewSpan] = []
    start = 0
    for end in [m.end() for m in END.finditer(text)] + [len(text)]:
        spans += stretch(text, start, end)
        start = end
    return spans


registry.add("zh")(
    Language(
        code="zh",
        name="Chinese",
        sentences=sentences,
        words=words,
        stem=str.lower,
        joiner="",
        full_width=True,
        own_name="中文",
        caption_words=("图", "表"),
        abstract_words=("摘要", "提要", "内容提要"),
        keyword_words=("关键词", "关键字"),
        notes_words=("注释", "附注"),
        reference_words=("参考文献", "引用文献"),
    )
)
