"""Reports: from a run folder to files for people. Importing this takes a second; commands do it when they need it."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from surgeline.reports import replay
from surgeline.runs import Run

REPORTS: dict[str, Callable[[Run, Path], None]] = {
    "report.html": replay.write_html,
    "report.xlsx": replay.write_xlsx,
}
"""Every report by the name of its file in the run folder."""


def write_all(run: Run) -> None:
    """Write every report into the run's folder, over what is there."""
    for name, write in REPORTS.items():
        write(run, run.folder / name)
