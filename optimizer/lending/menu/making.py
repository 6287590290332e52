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
from optimizer.lending.settings import FEW
from optimizer.lending.trials import limits
from optimizer.lending.trials.limits import Level
from optimizer.lending.trials.orders import Serves
from optimizer.lending.trials.rounds import chosen, rounds, simulated_together
from sim.studies.executors import all_of


def ways_to_serve(province: Province) -> tuple[Serves, ...]:
    """Whom seats may answer: seats of both by the longest wait answer as many as home-first ones, and cost more. Where
    calls go to lent seats before they go to the city's own, these cannot answer their home first."""
    if province.agreement.first:
        return (Serves(),)
    return Serves("home_first", "home_first"), Serves("home_first", "borrower")


def harm_of_lending(estimates: Estimates, trying: Trying) -> list[Level]:
    """What lending does to lenders' service, whoever else is asked."""
    return limits.measured(ON_DUTY.known(estimates), ways_to_serve(estimates.province)[0], trying.luck,
                           trying.replications, trying.times)


def first_drafts(estimates: Estimates, stances: Sequence[Stance], trying: Trying) -> list[Draft]:
    """The best plan of each stance that the model finds from formulas alone."""
    known, serves = [stance.known(estimates) for stance in stances], ways_to_serve(estimates.province)[0]
    solved = all_of(trying.luck.executor, solve, [(one,) for one in known])
    found = [Draft(stance, one, serves, solution.lent, model=solution)
             for stance, one, solution in zip(stances, known, solved, strict=True)]
    simulated(found, trying)
    return found


def drafted(estimates: Estimates, stances: Sequence[Stance], levels: list[Level], trying: Trying) -> list[Draft]:
    """The best plan of each stance that the model and some trials find."""
    known, (usual, *others) = [stance.known(estimates) for stance in stances], ways_to_serve(estimates.province)
    for stance, one in zip(stances, known, strict=True):
        limits.limited(one, levels, stance.drops)
    trials = rounds(known, usual, trying.luck, trying.replications, trying.times)
    found = [Draft(stance, one, usual, best.lent, mine, model=best)
             for stance, one, mine in zip(stances, known, trials, strict=True) for best in [chosen(mine).solution]]
    ways = {draft.stance.name: [draft, *(replace(draft, serves=serves) for serves in others
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
