"""Lent seats by name, from what was found to what manifests and rosters for the wall say of them."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from optimizer.staffing.planning.horizon import STEP_H
from sim.scenario.scenario import Scenario
from surgeline.folders.roster_rows import Listed

if TYPE_CHECKING:  # the solver takes long to load
    from optimizer.staffing.planning.lent.manning import Lent
    from optimizer.staffing.planning.lent.seats import Block, Stretch

HEADS = ("日期 date", "受援市 borrower", "席 seat", "姓名 name", "从 from", "至 to", "来自 how",
         "最迟通知 told by")
ON_DUTY, CALLED = "当班 on duty", "从休班来 on a day off"
CONTRACTS = {"reserve": "后备 reserve", "volunteers": "志愿者 volunteer"}


def lent_seats(found: Lent) -> dict[str, Any]:
    """All but the service."""
    late = found.moment(found.earliest)
    return {"seats": {name: int(seats.max()) for name, seats in found.seats.items()},
            "seat_hours": float(sum(seats.sum() for seats in found.seats.values()) * STEP_H),
            "told": found.moment(found.told), "at_seats": [at_seat(found, one) for one in found.blocks],
            "hours": sum(one.extra for one in found.plan.calls) / 60, "yuan": sum(one.pay for one in found.plan.calls),
            "unmanned": {name: lacking(found, many, late) for name, many in found.unmanned.items() if many},
            "at_home": lacking(found, found.home, late), "missing_before": found.home_before * STEP_H,
            "short_rests": found.short_rests,
            "home": found.effects.home, "home_filled": found.effects.home_filled,
            "borrowers": found.effects.borrowers}


def at_seat(found: Lent, one: Block) -> dict[str, Any]:
    start, end = moments(found, one)
    return {"borrower": one.borrower, "seat": one.seat, "name": one.stay.person, "start": start, "end": end,
            "called": one.stay.called, **as_reserve(found, one)}


def as_reserve(found: Lent, one: Block) -> dict[str, Any]:
    """Of somebody whom no roster has: on which contract, and when such a one is called at the latest."""
    contract = found.reserves.contracts.get(one.stay.person)
    return {} if contract is None else {"contract": contract, "call_by": found.moment(
        round(one.stay.start * STEP_H * 60) - found.reserves.notices[one.stay.person])}


def moments(found: Lent, one: Block | Stretch) -> tuple[datetime, datetime]:
    """Slots as moments."""
    return found.moment(round(one.start * STEP_H * 60)), found.moment(round(one.end * STEP_H * 60))


def lacking(found: Lent, many: Iterable[Stretch], late: datetime) -> list[dict[str, Any]]:
    """Times in which people are missing."""
    told = []
    for one in many:
        start, end = moments(found, one)
        told.append({"start": start, "end": end, "most": one.most, "hours": one.slots * STEP_H,
                     "too_late": start < late})
    return told


def how(found: Lent, one: Block) -> str:
    """Why somebody is there."""
    contract = found.reserves.contracts.get(one.stay.person)
    return CONTRACTS[contract] if contract else CALLED if one.stay.called else ON_DUTY


def told_by(found: Lent, one: Block) -> str:
    """When somebody whom no roster has is called at the latest; those of the roster stand in the list of calls."""
    late = as_reserve(found, one).get("call_by")
    return f"{late:%Y-%m-%d %H:%M}" if late else ""


def for_the_wall(found: Lent, scenario: Scenario) -> Listed:
    """A line a person and seat, in the order of days."""
    blocks = sorted(found.blocks, key=lambda one: (one.start, one.borrower, one.seat))
    rows = [(start, scenario.cities[one.borrower].name.zh, one.seat, one.stay.person, f"{start:%H:%M}", f"{end:%H:%M}",
             how(found, one), told_by(found, one))
            for one in blocks for start, end in [moments(found, one)]]
    return Listed("支援座席 lent", HEADS, tuple(rows))
