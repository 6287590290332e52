"""The reports of a folder built again: what they need is in the folder, and no engine is loaded for it."""
from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sim.scenario.messages import printable, say
from sim.scenario.problems import reason
from surgeline import reports
from surgeline.locale import Lang, texts
from surgeline.problems import RunError


def report(folder: Path, lang: Lang, day: datetime | None = None) -> None:
    """Build the reports of a folder again.

    :raises RunError: where that can't be: what is in the folder is as it was.
    """
    try:
        reports.write_again(folder, day)
    except OSError as error:
        raise RunError(say("the report of {folder} can't be built: {why}", folder=folder, why=reason(error))) from None
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise RunError(say("the report of {folder} can't be built: what is in it was changed, or else it is a fault "
                           "of this program ({kind}: {error})", folder=folder, kind=type(error).__name__,
                           error=printable(str(error)))) from None
    print(f"{texts(lang)['console']['report']}: {folder / 'report.html'}")
