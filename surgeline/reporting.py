"""The reports of a folder built again: what they need is in the folder, and no engine is loaded for it."""
from __future__ import annotations

from pathlib import Path

import duckdb

from surgeline import reports, runs
from surgeline.locale import texts


def report(folder: Path, lang: str) -> None:
    """Build the reports of a folder again.

    :raises RunError: if there is no such folder, or they can't be written.
    """
    try:
        reports.write_again(folder)
    except (OSError, duckdb.Error) as error:
        raise runs.RunError(f"the report of {folder} can't be built: {error}") from None
    print(f"{texts(lang)['console']['report']}: {folder / 'report.html'}")
