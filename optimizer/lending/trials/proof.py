"""A plan on luck that no trial has seen: looked at until all its floors are proved, or one gives way."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.promise import at_once
from optimizer.lending.inputs.province import LENDER, Lent, Province
from optimizer.lending.model.lending import solve
from optimizer.lending.settings import LOOK_LEAST, LOOKS_EACH, PROOF_DAYS, PROOF_LEAST, PROOF_MOST
from optimizer.lending.trials import limits
from optimizer.lending.trials.corrections import cut
from optimizer.lending.trials.evaluation import Evaluation, seen
from optimizer.lending.trials.replay import ReplicationCache
from sim.scenario.lever import Lever


@dataclass(frozen=True)
class Proof:
    """The luck of a proof, and what the plan does on it against not lending."""

    luck: ReplicationCache
    levers: tuple[Lever, ...]
    replications: int
    verdict: Evaluation


def replications_of(province: Province) -> int:
    """Of a proof at the most: as many as have so many days."""
    return min(limits.replications(province, PROOF_DAYS, PROOF_LEAST), PROOF_MOST)


def looked_at(province: Province, levers: tuple[Lever, ...], luck: ReplicationCache, replications: int,
              last: bool = False) -> Proof:
    """Not lending, and the plan, until all floors are proved, one gives no hope of it, or all replications are done.

    :param last: whether nothing comes after it: then it goes on without hope, to tell as well as it can.
    """
    for number in looks(replications):
        verdict = seen(province, levers, luck, number)
        if verdict.proved or (not last and verdict.unsure(replications / number)):
            break
    return Proof(luck, levers, number, verdict)


def looks(replications: int) -> Iterator[int]:
    """After how many replications one looks."""
    yield from sorted({min(max(-(-replications // 2**back), LOOK_LEAST), replications) for back in range(LOOKS_EACH)})


def cut_back(estimates: Estimates, lent: Lent, proof: Proof, times: float) -> Lent:
    """The best plan that lends at no time more than this one, and less where floors are unsure; which becomes known."""
    cut(estimates, lent, proof.verdict.unsure(times), times)
    within = {name: np.minimum(most, at_once(estimates.province, lent, LENDER, name)) for name,
              most in estimates.most.items()}
    return solve(replace(estimates, most=within)).lent
