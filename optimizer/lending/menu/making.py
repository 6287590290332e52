"""A plan of each stance: levels of lending are measured once for all of them, then each is solved, tried, made better,
held against what is there already, and proved."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.province import Province
from optimizer.lending.menu.drafts import Draft, Trying
from optimizer.lending.menu.stances import ON_DUTY, Stance
from optimizer.lending.model.lending import solve
from optimizer.lending.settings import FEW, KEPT_IDLE
from optimizer.lending.trials import limits
from optimizer.lending.trials.limits import Harm
from optimizer.lending.trials.orders import FOR_BORROWER, HOME_FIRST, Serves, Way
from optimizer.lending.trials.rounds import chosen, rounds, simulated_together
from sim.studies.executors import all_of


def ways_on_duty(province: Province) -> tuple[Way, ...]:
    """How seats of people on duty may answer, the way that brings most first: seats of both by the longest wait answer
    as many as home-first ones, and cost more. To these no calls go before they go to the borrower's own seats, whatever
    the terms say of others."""
    return tuple(Way("home_first", idle) for idle in KEPT_IDLE)


def ways_called_in(province: Province) -> tuple[Way, ...]:
    """How seats of people who are called in may answer, the usual way first: home first, but where calls are to go to
    lent seats before they go to the borrower's own."""
    return (FOR_BORROWER, HOME_FIRST) if province.agreement.first else (HOME_FIRST, FOR_BORROWER)


def harm_of_lending(estimates: Estimates, stances: Sequence[Stance], trying: Trying) -> list[Harm]:
    """What lending does to lenders' service, whoever else is asked, for plans of these stances."""
    return limits.measured(ON_DUTY.known(estimates), ways_on_duty(estimates.province), trying.luck,
                           trying.replications, trying.times, min(one.drops for one in stances))


def first_drafts(estimates: Estimates, stances: Sequence[Stance], trying: Trying) -> list[Draft]:
    """The best plan of each stance that the model finds from formulas alone."""
    known = [stance.known(estimates) for stance in stances]
    serves = Serves(ways_on_duty(estimates.province)[0], ways_called_in(estimates.province)[0])
    solved = all_of(trying.luck.executor, solve, [(one,) for one in known])
    found = [Draft(stance, one, serves, solution.lent, model=solution)
             for stance, one, solution in zip(stances, known, solved, strict=True)]
    simulated(found, trying)
    return found


def drafted(estimates: Estimates, stances: Sequence[Stance], harms: list[Harm], trying: Trying) -> list[Draft]:
    """The best plan of each stance that the model and some trials find."""
    known, (usual, *others) = [stance.known(estimates) for stance in stances], ways_called_in(estimates.province)
    serves = [Serves(harms[0].way, usual, limits.limited(one, harms, stance.drops))
              for stance, one in zip(stances, known, strict=True)]
    trials = rounds(known, serves, trying.luck, trying.replications, trying.times)
    found = [Draft(stance, one, how, best.lent, mine, model=best) for stance, one, how, mine
             in zip(stances, known, serves, trials, strict=True) for best in [chosen(mine).solution]]
    ways = {draft.stance.name: [draft, *(replace(draft, serves=replace(draft.serves, called_in=way)) for way in others
                                         if draft.stance.calls != "nobody")] for draft in found}
    simulated([one for some in ways.values() for one in some], trying)
    return [max(some, key=lambda one: one.merit(trying)) for some in ways.values()]


def simulated(drafts: Sequence[Draft], trying: Trying) -> None:
    """Have drafts simulated side by side."""
    if drafts:
        simulated_together(drafts[0].known.province, [one.levers for one in drafts], trying.luck, trying.replications)


def at_least_as_good(draft: Draft, others: Sequence[Draft], trying: Trying) -> Draft:
    """The draft, or what is there already where it is better and its floors hold."""
    likely = promising(draft, others, replace(trying, replications=min(FEW, trying.replications)))
    simulated([draft, *likely], trying)
    return max((draft, *likely), key=lambda one: one.merit(trying))


def promising(draft: Draft, others: Sequence[Draft], few: Trying) -> list[Draft]:
    """Those that a few replications do not show to break a floor, or to bring less than a draft."""
    simulated([draft, *others], few)
    least = draft.seen(few).people.low
    seen = [(one, one.seen(few)) for one in others]
    return [one for one, verdict in seen
            if verdict.people.high >= least and not any(floor.surely_broken for floor in verdict.floors)]
