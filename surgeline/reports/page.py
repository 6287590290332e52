"""The page: one file without script, in two languages of which one is shown."""
from __future__ import annotations

from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from surgeline.locale import LANGS
from surgeline.reports import answer
from surgeline.reports.blocks import Section
from surgeline.reports.briefing import Briefing
from surgeline.reports.words import Words


@cache
def environment() -> Environment:
    """Templates that escape whatever a scenario says."""
    made = Environment(loader=PackageLoader("surgeline.reports"), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"drawn": Markup, "sentence": lambda text: text[:1].upper() + text[1:]}
    return made


def page(b: Briefing, sections: dict[str, list[Section]]) -> str:
    """The whole file: ``sections`` by language."""
    pages = [language(b, Words(lang), sections[lang]) for lang in LANGS]
    return environment().get_template("page.html").render(pages=pages, title=pages[0]["title"])


def language(b: Briefing, w: Words, sections: list[Section]) -> dict[str, object]:
    """What the template needs for one language."""
    return {
        "lang": w.lang, "w": w, "title": w.name(b.scenario.title), "about": w.name(b.scenario.about),
        "facts": facts(b, w), "sentences": answer.sentences(b, w), "figures": answer.key_figures(b, w),
        "of": answer.whose(b, w), "note": answer.note(b, w), "sections": list(enumerate(sections, 1)),
    }


def facts(b: Briefing, w: Words) -> list[str]:
    """The line under the title: when, how often, and under which levers."""
    n = int(b.run.manifest["replications"])
    variant = b.run.manifest["variant"]
    found = [f"{w.date(b.start)}–{w.date(last_moment(b))}" if len(b.days) > 1 else w.date(b.start),
             w("page.replications", n=n) if n > 1 else w("page.one_replication")]
    if variant in b.scenario.variants:
        found.append(w("page.variant", name=w.name(b.scenario.variants[variant].name)))
    return found


def last_moment(b: Briefing) -> datetime:
    return b.days[-1]
