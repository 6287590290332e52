"""Reports: from a run folder to files for people. Importing this takes a second; commands do it when they need it."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from surgeline.folders import (
    comparison as comparison_folder,
)
from surgeline.folders import (
    lending_plan as plan_folder,
)
from surgeline.folders import (
    rolling_plan as rolling_folder,
)
from surgeline.folders import (
    run as run_folder,
)
from surgeline.folders import (
    sensitivity as sensitivity_folder,
)
from surgeline.folders import (
    whole,
)
from surgeline.folders.comparison import Compared
from surgeline.folders.lending_plan import Planned
from surgeline.folders.manifests import manifest_in
from surgeline.folders.rolling_plan import RollingPlan
from surgeline.folders.run import Run
from surgeline.folders.sensitivity import Sensed
from surgeline.locale import Lang
from surgeline.reports.comparison import answer
from surgeline.reports.comparison import report as comparison_report
from surgeline.reports.comparison.view import ComparisonView
from surgeline.reports.lending_plan import answer as plan_answer
from surgeline.reports.lending_plan import report as plan_report
from surgeline.reports.page.words import Words
from surgeline.reports.rolling_plan import report as rolling_report
from surgeline.reports.run import record
from surgeline.reports.run import report as run_report
from surgeline.reports.run.view import RunView
from surgeline.reports.sensitivity import report as sensitivity_report

Writers = dict[str, Callable[[Any, Path], None]]

REPORTS: dict[type, Writers] = {
    Run: {"report.html": run_report.write_html, "report.xlsx": run_report.write_xlsx},
    Compared: {"report.html": comparison_report.write_html, "report.xlsx": comparison_report.write_xlsx},
    Sensed: {"report.html": sensitivity_report.write_html, "report.xlsx": sensitivity_report.write_xlsx},
    Planned: {"report.html": plan_report.write_html, "order.html": plan_report.write_order},
    RollingPlan: {"report.html": rolling_report.write_html},
}
"""By what a folder holds: every report by the name of its file in it."""
READERS: dict[str, Callable[[Path], Any]] = {
    comparison_folder.KIND: comparison_folder.read, sensitivity_folder.KIND: sensitivity_folder.read,
    plan_folder.KIND: plan_folder.read, rolling_folder.KIND: rolling_folder.read,
}
"""By the kind that a manifest names. That of a run names none."""


def write(done: Any, folder: Path | None = None) -> None:
    """Write every report of what was done into its own folder, or into another."""
    for name, make in REPORTS[type(done)].items():
        make(done, (folder or done.folder) / name)


def write_again(folder: Path) -> None:
    """Write every report of a folder that is there: all of them, instead of those that it has, or none.

    :raises RunError: if the folder is no such, or not whole, or can't be written.
    """
    kind = manifest_in(folder).get("kind")
    done = READERS.get(kind if isinstance(kind, str) else "", run_folder.read)(folder)
    with whole.reserved(folder / "report.html") as parts:
        write(done, parts)
        for name in REPORTS[type(done)]:
            (parts / name).replace(folder / name)


def sentences_of(done: Sensed, lang: Lang) -> list[str]:
    """What a sensitivity study says in a few sentences."""
    return sensitivity_report.sentences(done, Words(lang))


def record_of(run: Run, lang: Lang) -> list[tuple[str, str, str, bool]]:
    """Replay against record in words: what, the record, the simulation, and whether they agree."""
    b, w = RunView(run), Words(lang)
    lines = []
    for one in run.record:
        unit = record.unit_of(one["observed"]["metric"])
        lines.append((record.what(b, w, one["observed"]), record.recorded(w, one, unit),
                      record.simulated(w, one, unit), bool(one["agrees"])))
    return lines


def answer_of(compared: Compared, lang: Lang) -> str:
    """What a comparison says in a sentence."""
    return answer.sentence(ComparisonView(compared), Words(lang))


def sentences_of_plan(done: Planned, lang: Lang) -> list[str]:
    """What a plan says in a few sentences."""
    return plan_answer.sentences(done, Words(lang))


def sentences_of_evenings(done: RollingPlan, lang: Lang) -> list[str]:
    """What plans made each evening say in a few sentences."""
    return rolling_report.sentences(done, Words(lang))
