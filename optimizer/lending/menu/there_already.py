"""What is there already: policies that need no optimizer, and lever sets of the scenario and its variants. No plan of
the menu is to be worse than one of them that keeps the same floors."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from optimizer.lending.inputs.sources import called_in_of
from optimizer.lending.menu.drafts import Draft
from optimizer.lending.menu.hours import lent_by
from optimizer.lending.model.terms import allowed, without_floors
from optimizer.lending.trials.benchmark_policies import idle_seats_lent, same_share_lent
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


def lever_sets(draft: Draft, scenario: Scenario) -> dict[str, tuple[Lend, ...]]:
    """By name of the variant: levers that lend, where nothing else is different and only those lend whom the stance
    asks."""
    province = draft.known.province
    found = dict[str, tuple[Lend, ...]]()
    for name in ("", *scenario.variants):
        one = scenario.variant(name) if name else scenario
        lends = tuple(lever for lever in one.levers if isinstance(lever, Lend))
        others = tuple(lever for lever in one.levers if lever not in lends)
        alike = one.model_copy(update={"levers": (), "variants": {}, "title": scenario.title}) == scenario.model_copy(
            update={"levers": (), "variants": {}})
        if lends and alike and others == province.scenario.levers and all(asks(draft, lever) for lever in lends):
            found[name] = lends
    return found


def asks(draft: Draft, lever: Lend) -> bool:
    """Whether a stance asks those who man a lever's seats, at times at which help is agreed."""
    province, terms = draft.known.province, draft.known.province.agreement
    agreed = terms.ready <= lever.start and lever.end <= terms.end and all(
        in_hours(terms.hours, begin, end) for begin, end in lever.span.stretches())
    called = float(lever.off_duty) == 0 or (called_in_of(lever.lender), lever.borrower) in province.pairs
    return agreed and called and lever.pair in province.pairs


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
