"""By which variants of the scenario parts of a plan are replayed, and how far these are off the plan by name."""
from __future__ import annotations

from surgeline.folders.staffing_plan import CityStaffing, Replayed
from surgeline.reports.page.words import Words

CALLED, LENT, STANDBY = "plan-called", "plan-lent", "plan-standby"


def note(w: Words, city: CityStaffing, variant: str) -> str:
    """What stands below a table that a variant replays; nothing in folders of before."""
    found = next((one for one in city.replays if one.variant == variant), None)
    if found is None:
        return ""
    if found.refused is not None:
        return w("replay.refused", reason=w.said(found.refused))
    return w("replay.command", variant=variant) + w("replay.differs" if found.off else "replay.same",
                                                    hours=w.few(found.off)) + given_way(w, found) + end(w, variant)


def given_way(w: Words, found: Replayed) -> str:
    """Terms that are others in the variant."""
    return w("replay.change", terms=w.list(list(found.change))) if found.change else ""


def end(w: Words, variant: str) -> str:
    """Of standby, what no file can say; of lending, the variants beside it."""
    return w(f"replay.of_{variant}") if variant in (LENT, STANDBY) else ""
