"""The page: one file without script, in two languages of which one is shown."""
from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from surgeline.locale import LANGS, Lang
from surgeline.reports.page.blocks import KeyFigure, Section
from surgeline.reports.page.words import Words

MOST_LARGE = 5
CHINESE = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Opening:
    """What stands above the sections, and the line below them."""

    brand: str
    title: str
    about: str
    facts: list[str]
    sentences: list[str]
    of: str
    figures: list[KeyFigure]
    note: str
    foot: str
    caveat: str = ""
    signed: tuple[str, ...] = ()    # who is to sign the paper, each with room for a name

    @property
    def is_long(self) -> bool:
        """Whether the sentences are set smaller, so that what proves the first of them stands on the same page."""
        return len(self.sentences) > MOST_LARGE


def sentence(text: str) -> str:
    """With a capital, where the writing has them: in Chinese a name in Latin letters stays as it is."""
    return text if CHINESE.search(text) else text[:1].upper() + text[1:]


@cache
def environment() -> Environment:
    """Templates that escape whatever a scenario says."""
    made = Environment(loader=PackageLoader("surgeline.reports.page"), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"drawn": Markup, "sentence": sentence}
    return made


def page(openings: dict[Lang, Opening], sections: dict[Lang, list[Section]]) -> str:
    """The whole file, from what it says in each language."""
    pages = [{"w": Words(lang), "top": openings[lang], "sections": list(enumerate(sections[lang], 1))}
             for lang in LANGS]
    return environment().get_template("page.html").render(pages=pages, title=openings[LANGS[0]].title)
