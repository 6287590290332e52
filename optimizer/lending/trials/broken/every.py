"""Which terms of help a plan breaks that somebody has edited: each once, where it is broken most."""
from __future__ import annotations

from collections.abc import Callable, Sequence

from optimizer.lending.inputs.province import Province
from optimizer.lending.trials.broken import hours, offered, rest, seats
from optimizer.lending.trials.broken.hours import Stay
from optimizer.lending.trials.broken.term import BrokenTerm, Found
from sim.scenario.lending_terms import OFFERS
from sim.scenario.lever import Lever
from sim.scenario.levers import Lend
from sim.scenario.quantities import plain


def broken_terms(province: Province, levers: Sequence[Lever]) -> list[BrokenTerm]:
    """Every term that a plan breaks: of help by its seats, of rest by people who are called in, and of what is
    offered of others.

    :param province: as it stands under the terms.
    """
    lends = [one for one in levers if isinstance(one, Lend)]
    mine = on_duty(lends)
    others = [one for one in levers if isinstance(one, OFFERS)]
    lent, guests = hours.stays_of(lends), hours.stays_of_offers(province, others)
    bound = (*hours.stays_of(mine), *(one for one in guests if not province.come(one.source)))
    checks: tuple[tuple[Callable[[Province, Sequence[Lend]], Found], Sequence[Lend]], ...] = (
        (seats.not_allowed, lends), (seats.beyond_caps, mine), (seats.unfair, mine), (seats.other_seats, lends))
    of_hours: tuple[tuple[Callable[[Province, Sequence[Stay]], Found], Sequence[Stay]], ...] = (
        (hours.outside, (*lent, *guests)), (hours.no_whole_blocks, (*lent, *guests)), (hours.short_stints, bound),
        (hours.many_changes, hours.stays_of(mine)), (hours.not_held, (*lent, *guests)))
    return [*(one for check, those in checks for one in check(province, those)),
            *(one for holds, stays in of_hours for one in holds(province, stays)),
            *seats.beyond_numbers(province, levers), *rest.unrested(province, levers),
            *offered.beyond_offers(province, levers)]


def on_duty(lends: Sequence[Lend]) -> list[Lend]:
    """Their seats that people on duty man: what lenders may give of these is in the terms, who is called in is not."""
    return [one.model_copy(update={"seats": plain(float(one.seats) * (1 - float(one.off_duty)))}) for one in lends
            if float(one.off_duty) < 1]
