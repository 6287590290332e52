"""What the pages, the console and messages say, in Chinese and in English. Tests see to it that both say the same."""
from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal

from sim.scenario.messages import Message

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
ENGLISH: dict[str, str] = {}  # messages are their own


@cache
def texts(lang: Lang) -> dict[str, Any]:
    """All texts of a language: tables by section, then texts by name. Callers must not change them."""
    return read(f"{lang}.toml")


@cache
def catalog(lang: Lang) -> Mapping[str, str]:
    """The templates of all messages in a language, by the English ones."""
    return {english: text for part in read("messages.zh.toml").values() for english, text in part.items()
            } if lang == "zh" else ENGLISH


def in_lang(message: str, lang: Lang) -> str:
    """A message in a language; text that is none stays as it is."""
    return message.translated(catalog(lang)) if isinstance(message, Message) else message


def read(file: str) -> dict[str, Any]:
    return tomllib.loads(resource(file))


def resource(name: str) -> str:
    """A file of this folder as text."""
    return (resources.files(__package__) / name).read_text(encoding="utf-8")
