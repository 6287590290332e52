"""What the metrics mean, and what exactly was run."""
from __future__ import annotations

import inspect
import re

from sim.metrics import METRICS, name_of
from surgeline.locale import Lang
from surgeline.reports.blocks import Column, Section, Table
from surgeline.reports.briefing import Briefing
from surgeline.reports.sections.record import metric_name
from surgeline.reports.words import Words

TWO_LANGUAGES = re.compile(r"^(.*?\.)\s+(\S*\s?[\u4e00-\u9fff].*)$", re.DOTALL)


def section(b: Briefing, w: Words) -> Section:
    return Section(w("run.title"), "", (definitions(b, w), run_table(b, w)))


def definition(metric: object, lang: Lang) -> str:
    """A metric's docstring: an English sentence, then a Chinese one."""
    text = " ".join((inspect.getdoc(metric) or "").split())
    match = TWO_LANGUAGES.match(text)
    if match is None:
        return text
    return match[2] if lang == "zh" else match[1]


def definitions(b: Briefing, w: Words) -> Table:
    columns = (Column(w("definitions.metric")), Column(w("definitions.meaning"), "long"),
               Column(w("definitions.name")))
    within = float(b.scenario.answered_within)
    rows = tuple((metric_name(b, w, name_of(metric, within)), definition(metric, w.lang), name_of(metric, within))
                 for metric in METRICS)
    return Table(w("definitions.title"), columns, rows, small=True)


def run_facts(b: Briefing, w: Words) -> list[tuple[str, str]]:
    """Enough to run it again."""
    m = b.run.manifest
    variant = w.name(b.scenario.variants[m["variant"]].name) if m["variant"] in b.scenario.variants else m["variant"]
    versions = w.list([f"{name} {version}" for name, version in m["versions"].items()])
    facts = {"scenario": f"{w.name(b.scenario.title)}{w('number.bracket', x=m['name'])}",
             "variant": variant or w("run.own_levers"), "hash": m["scenario_hash"], "seed": str(m["seed"]),
             "replications": str(m["replications"]), "engine": m["engine"], "created": m["created"].replace("T", " "),
             "seconds": w.duration(m["seconds"]), "versions": versions,
             "platform": f"Python {m['python']}, {m['platform']}"}
    return [(w(f"run.{name}"), str(text)) for name, text in facts.items()]


def run_table(b: Briefing, w: Words) -> Table:
    columns = (Column(w("run.what")), Column(w("run.value"), "long"))
    return Table(w("run.table"), columns, tuple(run_facts(b, w)), small=True)
