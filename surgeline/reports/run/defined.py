"""What the metrics mean, and what exactly was run."""
from __future__ import annotations

from collections.abc import Callable

from sim.measures.metrics import METRICS, name_of
from surgeline.reports.page.blocks import Column, Section, Table
from surgeline.reports.page.words import Words
from surgeline.reports.run.record import metric_name
from surgeline.reports.run.view import RunView


def section(view: RunView, w: Words) -> Section:
    return Section(w("run.title"), "", (definitions(view, w), run_table(view, w)))


def meaning(metric: Callable[..., object], w: Words) -> str:
    """What a metric counts: a new one explains itself until it has words."""
    key = f"meaning.{metric.__name__}"
    return w(key) if w.knows(key) else " ".join(str(metric.__doc__).split())


def definitions(view: RunView, w: Words) -> Table:
    columns = (Column(w("definitions.metric")), Column(w("definitions.meaning"), "long"),
               Column(w("definitions.name")))
    within = float(view.scenario.answered_within)
    rows = tuple((metric_name(view, w, name_of(metric, within)), meaning(metric, w), name_of(metric, within))
                 for metric in METRICS)
    return Table(w("definitions.title"), columns, rows, small=True)


def run_facts(view: RunView, w: Words) -> list[tuple[str, str]]:
    """Enough to run it again."""
    m = view.run.manifest
    variant = w.name(view.scenario.variants[m.variant].name) if m.variant in view.scenario.variants else m.variant
    versions = w.list([f"{name} {version}" for name, version in m.versions.items()])
    facts = {"scenario": f"{w.name(view.scenario.title)}{w('number.bracket', x=m.name)}",
             "variant": variant or w("run.own_levers"), "hash": m.scenario_hash, "seed": str(m.seed),
             "replications": str(m.replications), "engine": m.engine, "created": m.created.replace("T", " "),
             "seconds": w.duration(m.seconds), "versions": versions,
             "platform": f"Python {m.python}, {m.platform}"}
    return [(w(f"run.{name}"), str(text)) for name, text in facts.items()]


def run_table(view: RunView, w: Words) -> Table:
    columns = (Column(w("run.what")), Column(w("run.value"), "long"))
    return Table(w("run.table"), columns, tuple(run_facts(view, w)), small=True)
