"""People on standby, from what was found to what manifests and rosters for the wall say of them."""
from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from optimizer.staffing.planning.horizon import STEP
from sim.measures.statistics import share_of
from sim.scenario.dates import DAY_MINUTES
from surgeline.folders.roster_rows import Listed

if TYPE_CHECKING:  # the solver takes long to load
    from optimizer.staffing.planning.standby.days_to_come import Bools
    from optimizer.staffing.planning.standby.plan import Standby
    from optimizer.staffing.planning.standby.sizing import Window

NAME = "备勤 standby"
HEADS = ("日期 date", "从 from", "至 to", "召集顺序 order", "姓名 name", "到岗（分钟） response (min)")


def standby(found: Standby, first: date) -> dict[str, Any]:
    """All of it. ``first`` is the first day of the horizon."""
    of, replications = found.sized, len(found.sized.kept)
    days = [{**hours_of(window, first + timedelta(days=day)), "people": int(of.people[day]),
             "named": sum(one.day == day for one in found.names), "reached": bool(of.reached[day]),
             "without": share(of.without[:, day]), "kept": share(of.kept[:, day]), "on_duty": int(of.on_duty[day]),
             "on_duty_reached": bool(of.on_duty_reached[day])}
            for day, window in enumerate(of.windows) if window is not None]
    names = [{"day": first + timedelta(days=one.day), "order": one.order, "name": one.person} for one in found.names]
    return {"in_days": float(found.terms.in_days), "response_s": float(found.terms.response), "days": days,
            "names": names, "without": share(of.without), "kept": share(of.kept),
            "kept_on_duty": share(of.kept_on_duty), "called": float((of.hours > 0).mean()),
            "in_vain": float(((of.hours > 0) & of.without).mean()), "replications": replications,
            "hours_ready": of.hours_ready, "hours_called": of.hours_called, "hours_on_duty": of.hours_on_duty,
            "yuan_ready": found.ready, "yuan_called": found.called, "yuan_on_duty": found.on_duty,
            "pay": float(found.terms.pay)}


def hours_of(window: Window, day: date) -> dict[str, datetime]:
    midnight = datetime.combine(day, time.min)
    return {"start": midnight + timedelta(minutes=window.start * STEP),
            "end": midnight + timedelta(minutes=window.end * STEP)}


def share(kept: Bools) -> dict[str, float]:
    """Of days, with its exact interval."""
    low, high = share_of(float(kept.sum()), float(kept.size))
    return {"mean": float(kept.mean()), "low": float(low), "high": float(high)}


def for_the_wall(found: Standby, first: date) -> Listed:
    """A line a person and day, in the order of call."""
    rows = []
    for one in found.names:
        window = found.sized.windows[one.day]
        assert window is not None
        rows.append((first + timedelta(days=one.day), clock(window.start), clock(window.end), one.order, one.person,
                     round(float(found.terms.response) / 60)))
    return Listed(NAME, HEADS, tuple(rows))


def clock(slot: int) -> str:
    """The end of a day is 24:00."""
    return "{:02}:{:02}".format(*divmod(min(slot * STEP, DAY_MINUTES), 60))
