"""What the policies that a plan has to beat do on the luck of its proof."""
from __future__ import annotations

from dataclasses import dataclass

from optimizer.lending.inputs.province import Province
from optimizer.lending.settings import FEW, RIVAL, RIVAL_DAYS
from optimizer.lending.trials import orders
from optimizer.lending.trials.benchmark_policies import ROUTED
from optimizer.lending.trials.evaluation import Evaluation, judge
from optimizer.lending.trials.proof import Proof
from optimizer.lending.trials.replay import Counts
from sim.measures.statistics import Figure, figure
from sim.scenario.lever import Lever
from sim.scenario.levers import Lend
from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Rival:
    """What another policy does on the same luck."""

    verdict: Evaluation
    behind: Figure  # people that the plan answers more

    @property
    def told(self) -> bool:
        """Whether it surely breaks a floor, and surely answers more than the plan, or fewer."""
        return self.behind.low * self.behind.high > 0 and any(floor.surely_broken for floor in self.verdict.floors)


def of_rivals(province: Province, found: dict[str, Scenario], proof: Proof) -> dict[str, Rival]:
    """What each policy does on the luck of the proof, in as many replications as it takes to tell them apart; but for
    one that is the plan itself."""
    number = max(RIVAL, RIVAL_DAYS // len({province.day(block) for block in province.open_blocks}))
    others = {name: one for name, one in found.items() if one.levers != orders.with_plan(province, proof.levers).levers}
    rivals = compared(province, others, proof, FEW)
    untold = {name: others[name] for name, one in rivals.items() if not one.told}
    return rivals | compared(province, untold, proof, number)


def compared(province: Province, found: dict[str, Scenario], proof: Proof, number: int) -> dict[str, Rival]:
    """What each policy does in so many replications, no more than the proof has."""
    alone, helped, *others = proof.luck.of([province.scenario, orders.with_plan(province, proof.levers),
                                            *found.values()],
                                           min(number, proof.replications))
    counts = dict(zip(found, others, strict=True))
    counts |= {name: since_ready(province, alone, counts[name]) for name in ROUTED if name in found}
    return {name: Rival(judge(province, [lends(one)], alone, counts[name]), figure(helped.people - counts[name].people))
            for name, one in found.items()}


def since_ready(province: Province, alone: Counts, rival: Counts) -> Counts:
    """Counts of a rival that could not have begun before seats are ready: until then as without help."""
    values, first = rival.values.copy(), province.open_blocks[0]
    values[:, :, :first] = alone.values[:, :, :first]
    return Counts(rival.cities, values)


def lends(scenario: Scenario) -> tuple[Lever, ...]:
    return tuple(lever for lever in scenario.levers if isinstance(lever, Lend))
