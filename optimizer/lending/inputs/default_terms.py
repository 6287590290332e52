"""Terms of help where a scenario says none, and a plan for a few days of a long scenario."""
from __future__ import annotations

from datetime import date, datetime, time, timedelta

import numpy as np

from sim.scenario.lending_terms import Agreement
from sim.scenario.quantities import assumed, plain
from sim.scenario.scenario import Horizon, Scenario
from sim.world.demand import demand

JOINED = assumed(0.0, 0.0, 5 * 86400.0, "默认：假如各市系统早已互通 | by default: as if systems had been joined before",
                 "s")
STINT = assumed(7200.0, 3600.0, 28800.0, "默认：一次至少两小时 | by default: two hours at the least", "s")
CHANGES_A_DAY = 3
A_DAY = timedelta(days=1)


def terms_of(scenario: Scenario) -> Agreement:
    """A scenario's terms of help, or those that one would agree on where all may help from the first day of its surges
    on."""
    if scenario.lending is not None:
        return scenario.lending
    return Agreement.model_validate({
        "agreed": first_midnight(scenario) - timedelta(seconds=float(Agreement.model_fields["rehearsal"].default)),
        "connect": JOINED, "to": scenario.horizon.end, "stint": STINT, "changes_a_day": CHANGES_A_DAY})


def first_midnight(scenario: Scenario) -> datetime:
    """When the first day of the surges begins, or the horizon where it does before that or has none."""
    horizon, calm = scenario.horizon, scenario.model_copy(update={"surges": ()})
    more = demand(scenario, horizon.times).mean.sum(axis=1) - demand(calm, horizon.times).mean.sum(axis=1)
    begun = np.flatnonzero(more > 0)
    at = horizon.start + timedelta(seconds=int(begun[0]) * horizon.interval_s) if len(begun) else horizon.start
    return max(datetime.combine(at.date(), time.min), horizon.start)


def on_days(scenario: Scenario, terms: Agreement, first: date, last: date) -> Scenario:
    """The scenario cut to some of its days and the one before them, with help on these days only: whoever was not
    answered then is there in the morning."""
    horizon = scenario.horizon
    begin, end = datetime.combine(first, time.min), datetime.combine(last, time.min) + A_DAY
    ready, end = max(begin, terms.ready), min(end, terms.end, horizon.end)
    agreed = ready - (terms.ready - terms.agreed)
    strikes = tuple(one for one in terms.second_surges if one.end > ready and one.start < end)
    hold = plain(min(float(terms.hold), A_DAY.total_seconds() * ((last - first).days + 1)), "s")
    cut = Horizon(start=max(horizon.start, begin - A_DAY), end=end, interval=horizon.interval)
    return scenario.model_copy(update={
        "horizon": cut, "observed": (),
        "lending": terms.model_copy(update={"agreed": agreed, "end": end, "second_surges": strikes, "hold": hold})})
