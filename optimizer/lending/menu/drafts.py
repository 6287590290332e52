"""Plans on their way: one of each stance, tried, improved and proved."""
from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.province import Lent
from optimizer.lending.menu.hours import cost_of, lent_by
from optimizer.lending.menu.stances import Stance
from optimizer.lending.model.lending import Solution
from optimizer.lending.trials import orders
from optimizer.lending.trials.corrections import Trial
from optimizer.lending.trials.evaluation import Evaluation, seen
from optimizer.lending.trials.neighbours import Neighbour
from optimizer.lending.trials.orders import Serves
from optimizer.lending.trials.replay import ReplicationCache
from sim.measures.statistics import Figure
from sim.scenario.lever import Lever


@dataclass(frozen=True)
class Trying:
    """On what luck plans are tried, and how surely."""

    luck: ReplicationCache
    replications: int
    times: float      # as many times as many replications prove a plan


@dataclass(frozen=True)
class Tested:
    """A plan next to one, in simulation."""

    neighbour: Neighbour
    people: Figure   # answered more than by the plan, less what hours are to be worth; holds for all tested together
    holds: bool      # every floor, as surely as with the plan
    taken: bool = False

    @property
    def better(self) -> bool:
        return self.holds and self.people.mean > 0


@dataclass(frozen=True)
class Draft:
    """A stance's best plan so far, and what is known of its province."""

    stance: Stance
    known: Estimates
    serves: Serves
    lent: Lent
    trials: list[Trial] = field(default_factory=list)
    model: Solution | None = None            # what was last solved for it
    tests: tuple[Tested, ...] = ()
    given: tuple[Lever, ...] | None = None   # a lever set that was there before, where it is better than any plan
    variant: str | None = None               # whose it is: a variant's, or "" for the scenario's own; of others none

    @cached_property
    def levers(self) -> tuple[Lever, ...]:
        return self.given or orders.levers_of(self.known.province, self.lent, self.serves)

    @property
    def seats(self) -> Lent:
        """What is lent, by a lever set that was there before too."""
        return self.lent if self.given is None else lent_by(self.known.province, self.given)

    def merit(self, trying: Trying) -> tuple[int, float]:
        """The fewest floors that give way, then what it is worth."""
        verdict = self.seen(trying)
        return -len(verdict.unsure(trying.times)), verdict.people.mean - cost_of(self.known.province, self.levers)

    def seen(self, trying: Trying) -> Evaluation:
        return seen(self.known.province, self.levers, trying.luck, trying.replications)
