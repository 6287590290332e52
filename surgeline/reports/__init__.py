"""Reports: from a folder to files for people. Importing this takes a second; commands do it when they need it."""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.scenario.messages import say
from surgeline.folders import whole
from surgeline.folders.comparison import Comparison
from surgeline.folders.folder import Folder
from surgeline.folders.lending_plan import LendingPlan
from surgeline.folders.manifests import manifest_in
from surgeline.folders.rolling_plan import RollingPlan
from surgeline.folders.run import Run
from surgeline.folders.sensitivity import SensitivityStudy
from surgeline.folders.staffing_plan import StaffingPlan
from surgeline.locale import Lang
from surgeline.problems import RunError
from surgeline.reports.comparison import report as comparison
from surgeline.reports.lending_order import report as lending_order
from surgeline.reports.lending_plan import report as lending_plan
from surgeline.reports.page.report import Report, Writer
from surgeline.reports.page.words import Words
from surgeline.reports.rolling_plan import report as rolling_plan
from surgeline.reports.run import record
from surgeline.reports.run import report as run_report
from surgeline.reports.run.view import RunView
from surgeline.reports.sensitivity import report as sensitivity
from surgeline.reports.staffing_plan import report as staffing_plan

REPORTS: dict[type[Folder], dict[str, Report[Any, Any]]] = {
    Run: {"report": run_report.REPORT},
    Comparison: {"report": comparison.REPORT},
    SensitivityStudy: {"report": sensitivity.REPORT},
    LendingPlan: {"report": lending_plan.REPORT, "order": lending_order.ORDER},
    RollingPlan: {"report": rolling_plan.REPORT},
    StaffingPlan: {"report": staffing_plan.REPORT},
}
"""By what a folder holds: every report by what its files are called. A new kind is one line more."""
KINDS: dict[str | None, type[Folder]] = {kind.KIND: kind for kind in REPORTS}
"""By what a manifest calls it. That of a run calls it nothing."""


def files_of(kind: type[Folder]) -> dict[str, Writer]:
    """What writes each report of a kind of folder, by the name of its file."""
    return {file: write for name, report in REPORTS[kind].items() for file, write in report.files(name).items()}


def write(done: Folder, folder: Path | None = None) -> None:
    """Write every report of what was done into its own folder, or into another."""
    for name, make in files_of(type(done)).items():
        make(done, (folder or done.folder) / name)


def write_again(folder: Path, day: datetime | None = None) -> None:
    """Write every report of a folder that is there: all of them, instead of those that it has, or none.

    :param day: of a run, the day that its report is to be about.
    :raises RunError: if the folder is no such, or not whole, or can't be written, or has no such day.
    """
    kind = manifest_in(folder).get("kind")
    done = KINDS.get(kind if isinstance(kind, str) else None, Run).read(folder)
    files = files_of(type(done)) if day is None else files_of_day(done, day)
    with whole.reserved(folder / "report.html") as parts:
        for name, make in files.items():
            make(done, parts / name)
        for name in files:
            (parts / name).replace(folder / name)


def files_of_day(done: Folder, day: datetime) -> dict[str, Writer]:
    """What writes each report of a run about one of its days.

    :raises RunError: if it is no run, or was over or not begun on that day.
    """
    if not isinstance(done, Run):
        raise RunError(say("only the report of a run can be about a day"))
    days = RunView(done).days
    if day not in days:
        raise RunError(say("{day} is no day of this run, which goes from {first} to {last}", day=day.date(),
                           first=days[0].date(), last=days[-1].date()))
    return replace(run_report.REPORT, view=lambda run: RunView(run, day)).files("report")


def sentences_of(done: Folder, lang: Lang) -> list[str]:
    """What was done in a few sentences."""
    return REPORTS[type(done)]["report"].sentences(done, lang)


def record_of(run: Run, lang: Lang) -> list[tuple[str, str, str, bool]]:
    """Replay against record in words: what, the record, the simulation, and whether they agree."""
    view, w = RunView(run), Words(lang)
    return [record.in_words(view, w, one) for one in run.manifest.record]
