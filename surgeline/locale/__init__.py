"""What the pages and the console say, in Chinese and in English. A test sees to it that both say the same things."""
from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any, Literal

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")


@cache
def texts(lang: Lang) -> dict[str, Any]:
    """All texts of a language: tables by section, then texts by name. Callers must not change them."""
    file = resources.files(__package__) / f"{lang}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def resource(name: str) -> str:
    """A file of this folder as text."""
    return (resources.files(__package__) / name).read_text(encoding="utf-8")
