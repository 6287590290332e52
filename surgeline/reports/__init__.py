"""Reports: from a run folder to files for people. Importing this takes a second; commands do it when they need it."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from surgeline import comparisons, plans, rolls, runs, sensitivities, whole
from surgeline.comparisons import Compared
from surgeline.locale import Lang
from surgeline.plans import Planned
from surgeline.reports import comparison, evenings, plan, replay, sensed
from surgeline.reports.briefing import Briefing
from surgeline.reports.compared import answer
from surgeline.reports.contest import Contest
from surgeline.reports.planned import answer as plan_answer
from surgeline.reports.sections import record
from surgeline.reports.words import Words
from surgeline.rolls import Rolled
from surgeline.runs import Run
from surgeline.sensitivities import Sensed

Writers = dict[str, Callable[[Any, Path], None]]

REPORTS: dict[type, Writers] = {
    Run: {"report.html": replay.write_html, "report.xlsx": replay.write_xlsx},
    Compared: {"report.html": comparison.write_html, "report.xlsx": comparison.write_xlsx},
    Sensed: {"report.html": sensed.write_html, "report.xlsx": sensed.write_xlsx},
    Planned: {"report.html": plan.write_html, "order.html": plan.write_order},
    Rolled: {"report.html": evenings.write_html},
}
"""By what a folder holds: every report by the name of its file in it."""
READERS: dict[str, Callable[[Path], Any]] = {
    comparisons.KIND: comparisons.read, sensitivities.KIND: sensitivities.read,
    plans.KIND: plans.read, rolls.KIND: rolls.read,
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
    kind = runs.manifest_in(folder).get("kind")
    done = READERS.get(kind if isinstance(kind, str) else "", runs.read)(folder)
    with whole.reserved(folder / "report.html") as parts:
        write(done, parts)
        for name in REPORTS[type(done)]:
            (parts / name).replace(folder / name)


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


def sentences_of_plan(done: Planned, lang: Lang) -> list[str]:
    """What a plan says in a few sentences."""
    return plan_answer.sentences(done, Words(lang))


def sentences_of_evenings(done: Rolled, lang: Lang) -> list[str]:
    """What plans made each evening say in a few sentences."""
    return evenings.sentences(done, Words(lang))
