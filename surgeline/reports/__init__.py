"""Reports: from a run folder to files for people. Importing this takes a second; commands do it when they need it."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from surgeline.comparisons import Compared
from surgeline.locale import Lang
from surgeline.plans import Planned
from surgeline.reports import comparison, plan, replay, sensed
from surgeline.reports.briefing import Briefing
from surgeline.reports.compared import answer
from surgeline.reports.contest import Contest
from surgeline.reports.planned import answer as plan_answer
from surgeline.reports.sections import record
from surgeline.reports.words import Words
from surgeline.runs import Run
from surgeline.sensitivities import Sensed

REPORTS: dict[str, Callable[[Run, Path], None]] = {
    "report.html": replay.write_html,
    "report.xlsx": replay.write_xlsx,
}
"""Every report by the name of its file in the run folder."""

OF_COMPARISONS: dict[str, Callable[[Compared, Path], None]] = {
    "report.html": comparison.write_html,
    "report.xlsx": comparison.write_xlsx,
}
"""Every report by the name of its file in the comparison folder."""


def write_all(run: Run) -> None:
    """Write every report into the run's folder, over what is there."""
    for name, write in REPORTS.items():
        write(run, run.folder / name)


def write_comparison(compared: Compared) -> None:
    """Write every report into the comparison's folder, over what is there."""
    for name, write in OF_COMPARISONS.items():
        write(compared, compared.folder / name)


OF_SENSITIVITY: dict[str, Callable[[Sensed, Path], None]] = {
    "report.html": sensed.write_html,
    "report.xlsx": sensed.write_xlsx,
}
"""Every report by the name of its file in the sensitivity folder."""


def write_sensitivity(done: Sensed) -> None:
    """Write every report into the sensitivity folder, over what is there."""
    for name, write in OF_SENSITIVITY.items():
        write(done, done.folder / name)


def sentences_of(done: Sensed, lang: Lang) -> list[str]:
    """What a sensitivity study says in a few sentences."""
    return sensed.sentences(done, Words(lang))


def record_of(run: Run, lang: Lang) -> list[tuple[str, str, str, bool]]:
    """Replay against record in words: what, the record, the simulation, and whether they agree."""
    b, w = Briefing(run), Words(lang)
    lines = []
    for one in run.record:
        unit = record.unit_of(one["observed"]["metric"])
        lines.append((record.what(b, w, one["observed"]), record.recorded(w, one, unit),
                      record.simulated(w, one, unit), bool(one["agrees"])))
    return lines


def answer_of(compared: Compared, lang: Lang) -> str:
    """What a comparison says in a sentence."""
    return answer.sentence(Contest(compared), Words(lang))


OF_PLANS: dict[str, Callable[[Planned, Path], None]] = {
    "report.html": plan.write_html,
    "order.html": plan.write_order,
}
"""Every report by the name of its file in the plan folder."""


def write_plan(done: Planned) -> None:
    """Write every report into the plan's folder, over what is there."""
    for name, write in OF_PLANS.items():
        write(done, done.folder / name)


def sentences_of_plan(done: Planned, lang: Lang) -> list[str]:
    """What a plan says in a few sentences."""
    return plan_answer.sentences(done, Words(lang))
