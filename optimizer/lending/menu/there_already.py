"""What is there already: policies that need no optimizer, and lever sets of the scenario and its variants. No plan of
the menu is to be worse than one of them that keeps the same floors."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from optimizer.lending.inputs.offers import answering
from optimizer.lending.menu.drafts import Draft
from optimizer.lending.menu.hours import lent_by, seats_of
from optimizer.lending.model.terms import allowed, without_floors
from optimizer.lending.trials.benchmark_policies import idle_seats_lent, same_share_lent
from sim.scenario.lending_terms import Offer, is_planned
from sim.scenario.lever import Guests, Lever
from sim.scenario.levers import Lend
from sim.scenario.scenario import Scenario


def there_already(draft: Draft, scenario: Scenario) -> Iterator[Draft]:
    """What may stand in a draft's place, in its stance and within the terms; of floors simulation judges."""
    province, keeps_terms = draft.known.province, allowed(without_floors(draft.known))
    if draft.stance.on_duty and draft.stance.drops >= 1:
        own = {slot: seats for slot, seats in draft.lent.items() if slot[0] not in province.lenders}
        simple = ({**lent, **own} for lent in (same_share_lent(province), idle_seats_lent(province)))
        yield from (replace(draft, lent=lent) for lent in simple if keeps_terms(lent))
        yield from (replace(draft, lent={}, given=levers, variant=name)
                    for name, levers in lever_sets(draft, scenario).items() if keeps_terms(lent_by(province, levers)))


def lever_sets(draft: Draft, scenario: Scenario) -> dict[str, tuple[Lever, ...]]:
    """By name of the variant: levers that lend or take up offers, where nothing else is different and only those lend
    whom the stance asks."""
    province = draft.known.province
    found = dict[str, tuple[Lever, ...]]()
    for name in ("", *scenario.variants):
        one = scenario.variant(name) if name else scenario
        lends = tuple(lever for lever in one.levers
                      if isinstance(lever, Guests) and is_planned(lever, province.agreement))
        others = tuple(lever for lever in one.levers if lever not in lends)
        alike = one.model_copy(update={"levers": (), "variants": {}, "title": scenario.title}) == scenario.model_copy(
            update={"levers": (), "variants": {}})
        if lends and alike and others == province.scenario.levers and all(asks(draft, lever) for lever in lends):
            found[name] = lends
    return found


def asks(draft: Draft, lever: Lend | Offer) -> bool:
    """Whether a stance asks those who man a lever's seats, at times at which help is agreed: training may come
    before."""
    province, terms = draft.known.province, draft.known.province.agreement
    span = lever.span if isinstance(lever, Lend) else answering(lever)
    agreed = terms.ready <= span.start and span.end <= terms.end and all(
        in_hours(terms.hours, begin, end) for begin, end in span.stretches())
    return agreed and all(pair in province.pairs for pair, _, number in seats_of(province, lever) if number)


def in_hours(hours: tuple[int, int], begin: datetime, end: datetime) -> bool:
    """Whether a time lies within these hours of a day."""
    midnight = datetime.combine(begin.date(), time())
    opens, closes = (midnight + timedelta(minutes=minute) for minute in hours)
    return opens <= begin and end <= closes


def of_others(draft: Draft, before: Sequence[Draft]) -> Iterator[Draft]:
    """Plans of stances that ask no more."""
    for one in before:
        if one.stance.asks_no_more_than(draft.stance):
            yield replace(draft, lent=one.lent, serves=one.serves, given=one.given, variant=one.variant)
