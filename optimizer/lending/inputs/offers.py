"""Who else can be ordered to a borrower: a desk, volunteers, own people at home; no more than are offered, at times at
which they are."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import numpy as np

from optimizer.lending.inputs.call_ins import OffDuty
from optimizer.lending.inputs.sources import offered_of
from sim.core.arrays import Floats
from sim.measures.facts import Period
from sim.scenario.dates import Span
from sim.scenario.lending_terms import Agreement, Offer
from sim.scenario.levers import CloudSeats, Desk
from sim.scenario.people_levers import Volunteers
from sim.scenario.quantities import plain


def pairs_of(terms: Agreement, borrowers: tuple[str, ...]) -> list[tuple[str, str]]:
    """Source and borrower of every offer."""
    return [(offered_of(home_of(one), k), borrower) for k, one in enumerate(terms.offers)
            for borrower in borrowers if borrower in cities_of(one)]


def cities_of(one: Offer) -> tuple[str, ...]:
    """Whom an offer can help."""
    return one.cities if isinstance(one, Desk) else (one.city,)


def home_of(one: Offer) -> str:
    """Whose people they are; nobody's where it is a desk."""
    return "" if isinstance(one, Desk) else one.city


def classes_of(one: Offer) -> tuple[str, ...]:
    """Of which classes they answer callers, all if empty."""
    return () if isinstance(one, CloudSeats) else one.classes


def number_of(one: Offer) -> float:
    """Seats at any time."""
    return float(one.people if isinstance(one, Volunteers) else one.seats)


def people_off_duty(one: Offer) -> bool:
    """Whether they are a city's own people, off duty: the rules for people who are called in are theirs."""
    return isinstance(one, CloudSeats)


def most(one: Offer, blocks: list[Period], own: OffDuty | None) -> Floats:
    """[B] seats that an offer has in all of a block, as far as there are people at home or workplaces for them."""
    there = list(answering(one).stretches())
    seats = np.array([number_of(one) if covered(block, there) else 0.0 for block in blocks])
    if own is None:
        return seats
    if isinstance(one, CloudSeats):
        return np.asarray(np.minimum(seats, np.minimum(own.home, own.rested) / people_of(one, own)))
    return np.asarray(np.minimum(seats, own.places)) if at_workplaces(one) else seats


def people_of(one: CloudSeats, own: OffDuty) -> float:
    """How many people a seat at home takes, so that it is there as much as is offered."""
    return own.people_at_home(one) / max(number_of(one), 1e-9)


def at_workplaces(one: Offer) -> bool:
    """Whether they sit at workplaces of the borrower's hall."""
    return isinstance(one, Volunteers) and one.place == "workplaces"


def covered(block: Period, there: Iterable[tuple[datetime, datetime]]) -> bool:
    """Whether a block lies wholly within one of these stretches."""
    return any(begin <= block.start and block.end <= end for begin, end in there)


def answering(one: Offer) -> Span:
    """When they answer: after their training."""
    return one.span.model_copy(update={"start": begin_of(one)})


def begin_of(one: Offer) -> datetime:
    """When they first answer."""
    return one.ready if isinstance(one, Volunteers) else one.start


def worth(one: Offer, terms: Agreement, on: datetime) -> float:
    """Own seats at the phone that a seat is worth: it learns from the first day on which it may be ordered."""
    days = (on.date() - max(begin_of(one), terms.ready).date()).days
    return float(one.presence) * float(one.speed.after(days))


def ordered(one: Offer, borrower: str, seats: int, span: Span) -> Offer:
    """So many of them, at these hours; who is trained first comes as much earlier."""
    changes = {"start": span.start, "end": span.end, "hours": span.hours}
    if isinstance(one, Volunteers):
        changes["start"] = max(span.start - timedelta(seconds=float(one.training)), one.start)
        return one.model_copy(update={**changes, "people": plain(float(seats))})
    where = {"cities": (borrower,)} if isinstance(one, Desk) else {}
    return one.model_copy(update={**changes, **where, "seats": plain(float(seats))})


def offered_as(terms: Agreement, lever: Offer) -> int | None:
    """Which offer a lever takes up: of those that are of the same seats, the one that is there at its hours."""
    same = terms.offers_like(lever)
    return next((k for k in same if there_throughout(terms.offers[k], lever)), same[0] if same else None)


def of_the_same_seats(terms: Agreement, lever: Offer) -> list[Offer]:
    """All offers of the seats that a lever has, at whatever hours."""
    return [terms.offers[k] for k in terms.offers_like(lever)]


def there_throughout(one: Offer, lever: Offer) -> bool:
    """Whether an offer's people answer whenever a lever's do."""
    there = list(answering(one).stretches())
    return all(any(opens <= begin and end <= closes for opens, closes in there)
               for begin, end in answering(lever).stretches())
