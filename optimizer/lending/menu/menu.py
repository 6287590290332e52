"""The menu from beginning to end: a first one from formulas and a few replications, a better one from trials, and then
each plan proved. Whatever interrupts, the best so far is there."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.menu.drafts import Draft, Trying
from optimizer.lending.menu.improving import dials_of, improved
from optimizer.lending.menu.making import at_least_as_good, drafted, first_drafts, harm_of_lending
from optimizer.lending.menu.options import Option, option_of
from optimizer.lending.menu.proving import proved, seen_only
from optimizer.lending.menu.so_far import SoFar
from optimizer.lending.menu.stances import STANCES
from optimizer.lending.menu.there_already import of_others, there_already
from optimizer.lending.progress import Progress
from optimizer.lending.settings import (
    DIALS_OF_A_TRIAL,
    FIRST_DAYS,
    FIRST_LEAST,
    MOST_IN_A_TRIAL,
    PROOF_SEEDS,
    PROVED_WITH,
)
from optimizer.lending.trials import limits
from optimizer.lending.trials.replay import ReplicationCache
from sim.scenario.scenario import Scenario

Luck = Callable[[int], ReplicationCache]  # by how many seeds after the plan's own


@dataclass(frozen=True)
class MenuInputs:
    """What a menu is made with."""

    scenario: Scenario
    estimates: Estimates
    luck: Luck
    most: int          # replications of a proof at the most
    doing: Progress
    so_far: SoFar

    def trying(self, replications: int) -> Trying:
        number = min(replications, self.most)
        return Trying(self.luck(0), number, max(PROVED_WITH * self.most / number, 1.0))


def menu(inputs: MenuInputs) -> tuple[list[Option], list[Draft]]:
    """A plan of each stance, proved; and as it was tried."""
    found = drafts(inputs, first(inputs))
    return options(inputs, found), found


def first(inputs: MenuInputs) -> list[Draft]:
    """What formulas say, in a few replications."""
    trying = inputs.trying(limits.replications(inputs.estimates.province, FIRST_DAYS, FIRST_LEAST))
    with inputs.doing("first", 0.01):
        found = first_drafts(inputs.estimates, STANCES, trying)
        for draft in found:
            inputs.so_far.put(option_of(*seen_only(draft, trying)))
    inputs.so_far.show()
    return found


def drafts(inputs: MenuInputs, first: Sequence[Draft] = ()) -> list[Draft]:
    """A plan of each stance, tried; from where formulas alone had it."""
    trying, found = inputs.trying(enough(inputs)), list[Draft]()
    with inputs.doing("measuring", 0.08):
        levels = harm_of_lending(inputs.estimates, STANCES, trying)
    with inputs.doing("solving", 0.2):
        solved = drafted(inputs.estimates, STANCES, levels, trying, [one.lent for one in first])
    for k, draft in enumerate(solved):
        with inputs.doing("searching", 0.4 + 0.2 * k / len(STANCES)):
            others = [*there_already(draft, inputs.scenario), *of_others(draft, found)]
            best = at_least_as_good(draft, others, trying)
            found.append(improved(best, trying) if draft.stance.ordinary else best)
            inputs.so_far.put(option_of(*seen_only(found[-1], trying)))
    inputs.so_far.show()
    return found


def enough(inputs: MenuInputs) -> int:
    """Replications of a trial: as many as its days need, and more where a replication takes no time."""
    dials = dials_of(inputs.trying(1))
    return max(limits.replications(inputs.estimates.province), min(int(DIALS_OF_A_TRIAL / dials), MOST_IN_A_TRIAL))


def options(inputs: MenuInputs, found: list[Draft]) -> list[Option]:
    """Each of them proved."""
    lucks = [inputs.luck(further) for further in PROOF_SEEDS]
    for k, draft in enumerate(found):
        with inputs.doing("proving", 0.6 + 0.3 * k / len(found)):
            inputs.so_far.put(option_of(*proved(draft, lucks, inputs.most)))
    return [inputs.so_far.options[draft.stance.name] for draft in found]
