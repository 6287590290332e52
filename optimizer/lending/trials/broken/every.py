"""Which terms of help a plan breaks that somebody has edited: each once, where it is broken most."""
from __future__ import annotations

from collections.abc import Sequence

from optimizer.lending.inputs.province import Province
from optimizer.lending.trials.broken import hours, offered, rest, seats
from optimizer.lending.trials.broken.stays import on_duty, stays_of, stays_of_offers
from optimizer.lending.trials.broken.term import BrokenTerm
from sim.scenario.lending_terms import OFFERS
from sim.scenario.lever import Lever
from sim.scenario.levers import Lend


def broken_terms(province: Province, levers: Sequence[Lever]) -> list[BrokenTerm]:
    """Every term that a plan breaks: of help by its seats, of rest by people who are called in, and of what is
    offered of others.

    :param province: as it stands under the terms.
    """
    lends = [one for one in levers if isinstance(one, Lend)]
    others = stays_of_offers(province, [one for one in levers if isinstance(one, OFFERS)])
    mine, every = on_duty(lends), [*stays_of(lends), *others]
    bound = [*mine, *(one for one in others if not province.come(one.source))]
    return [*seats.not_allowed(province, lends), *seats.beyond_caps(province, mine), *seats.unfair(province, mine),
            *seats.other_seats(province, lends), *hours.outside(province, every),
            *hours.no_whole_blocks(province, every), *hours.short_stints(province, bound),
            *hours.many_changes(province, mine), *hours.not_held(province, every),
            *seats.beyond_numbers(province, levers), *rest.unrested(province, levers),
            *offered.beyond_offers(province, levers)]
