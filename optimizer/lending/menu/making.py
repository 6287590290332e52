"""A plan of each stance: levels of lending are measured once for all of them, then each is solved, tried, made better,
held against what is there already, and proved."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.province import Lent, Province
from optimizer.lending.menu.drafts import Draft, Trying
from optimizer.lending.menu.stances import ON_DUTY, Stance
from optimizer.lending.model.lending import Solution, solve
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
    serves = Serves(ways_on_duty(estimates.province)[0], ways_called_in(estimates.province)[0])
    found = [Draft(stance, stance.known(estimates), serves, solution.lent, model=solution)
             for stance, solution in zip(stances, first_solved(estimates, stances, trying), strict=True)]
    simulated(found, trying)
    return found


def first_solved(estimates: Estimates, stances: Sequence[Stance], trying: Trying) -> list[Solution]:
    """For each stance the best plan: of those who ask people on duty and others too, from where the first ones alone
    bring more than the others alone. A plan for both is then hardly better, and hard to find."""
    alone = [stance for stance in stances if stance.calls == "nobody" or not stance.on_duty]
    both = [stance for stance in stances if stance not in alone]
    found = solved(estimates, alone, trying)
    duty, called = (max((one.people for stance, one in found.items() if stance.on_duty == on_duty), default=0.0)
                    for on_duty in (True, False))
    found |= solved(estimates, both, trying, found[ON_DUTY].lent if ON_DUTY in found and duty > called else None)
    return [found[stance] for stance in stances]


def solved(estimates: Estimates, stances: Sequence[Stance], trying: Trying,
           near: Lent | None = None) -> dict[Stance, Solution]:
    """For each stance the best plan, solved side by side."""
    plans = all_of(trying.luck.executor, solve, [(stance.known(estimates), near) for stance in stances])
    return dict(zip(stances, plans, strict=True))


def drafted(estimates: Estimates, stances: Sequence[Stance], harms: list[Harm], trying: Trying,
            near: Sequence[Lent] = ()) -> list[Draft]:
    """The best plan of each stance that the model and some trials find.

    :param near: plans from which to start, if any.
    """
    known, (usual, *others) = [stance.known(estimates) for stance in stances], ways_called_in(estimates.province)
    serves = [Serves(harms[0].way, usual, limits.limited(one, harms, stance.drops))
              for stance, one in zip(stances, known, strict=True)]
    trials = rounds(known, serves, trying.luck, trying.replications, trying.times, near)
    found = [Draft(stance, one, how, best.lent, mine, model=best) for stance, one, how, mine
             in zip(stances, known, serves, trials, strict=True) for best in [chosen(mine).solution]]
    return best_of_each([[draft, *(replace(draft, serves=replace(draft.serves, called_in=way)) for way in others
                                   if draft.stance.calls != "nobody")] for draft in found], trying)


def simulated(drafts: Sequence[Draft], trying: Trying) -> None:
    """Have drafts simulated side by side."""
    if drafts:
        simulated_together(drafts[0].known.province, [one.levers for one in drafts], trying.luck, trying.replications)


def at_least_as_good(draft: Draft, others: Sequence[Draft], trying: Trying) -> Draft:
    """The draft, or what is there already where it is better and its floors hold."""
    [best] = best_of_each([[draft, *others]], trying)
    return best


def best_of_each(rivals: Sequence[Sequence[Draft]], trying: Trying) -> list[Draft]:
    """Of each draft and its rivals the best one whose floors hold; all are simulated side by side."""
    few = replace(trying, replications=min(FEW, trying.replications))
    simulated([one for some in rivals for one in some], few)
    likely = [[draft, *promising(draft, others, few)] for draft, *others in rivals]
    simulated([one for some in likely for one in some], trying)
    return [max(some, key=lambda one: one.merit(trying)) for some in likely]


def promising(draft: Draft, others: Sequence[Draft], few: Trying) -> list[Draft]:
    """Those that a few replications do not show to break a floor, or to bring less than a draft."""
    least = draft.seen(few).people.low
    seen = [(one, one.seen(few)) for one in others]
    return [one for one, verdict in seen
            if verdict.people.high >= least and not any(floor.surely_broken for floor in verdict.floors)]
