"""Both languages say the same things, and every metric has its words."""
from __future__ import annotations

import inspect
import string
from collections.abc import Iterator
from typing import Any

import pytest

from sim.measures.metrics import METRICS
from surgeline.locale import LANGS, texts

NAMES = [metric.__name__ for metric in METRICS]


def leaves(part: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every text with its place."""
    for key, value in part.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def test_the_languages_have_the_same_keys():
    zh, en = (dict(leaves(texts(lang))) for lang in LANGS)
    assert set(zh) == set(en)


def test_the_languages_have_the_same_placeholders():
    en = dict(leaves(texts("en")))
    # Chinese has no month names, and never says "million".
    assert [path for path, text in leaves(texts("zh")) if placeholders(text) != placeholders(en[path])] == []


def test_no_text_is_empty():
    assert [path for lang in LANGS for path, text in leaves(texts(lang)) if not isinstance(text, str) or not text] == []


def test_chinese_is_written_with_chinese_punctuation():
    def wrong(text: str) -> bool:
        return any(a in ",;:()" and ("一" <= b <= "龥" or "一" <= c <= "龥")
                   for c, a, b in zip(" " + text, text, text[1:] + " ", strict=False))
    assert [path for path, text in leaves(texts("zh")) if wrong(text)] == []


@pytest.mark.parametrize("lang", LANGS)
def test_every_metric_has_a_name_and_a_meaning(lang):
    for section in ("metrics", "meaning"):
        assert list(texts(lang)[section]) == NAMES


@pytest.mark.parametrize("metric", METRICS, ids=NAMES)
def test_the_english_meaning_is_the_docstring(metric):
    docstring = " ".join((inspect.getdoc(metric) or "").split())
    assert docstring.startswith(texts("en")["meaning"][metric.__name__])
