"""A plan on luck that no trial has seen: looked at until all its floors are proved, or one gives way."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from optimizer.lending.inputs.province import Province
from optimizer.lending.settings import (
    CALLERS_PROVED,
    DIALS_STARTED,
    LOOK_LEAST,
    LOOKS_EACH,
    PROOF_DAYS,
    PROOF_LEAST,
    PROOF_MOST,
    PROOF_MOST_OF_FEW,
)
from optimizer.lending.trials import limits
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
    """Of a proof at the most: as many as have so many days; few of large provinces, more where they take no time."""
    callers = sum(float(city.callers.sum()) for city in province.cities.values()) + DIALS_STARTED
    return max(min(limits.replications(province, PROOF_DAYS, PROOF_LEAST), PROOF_MOST),
               min(int(CALLERS_PROVED / callers), PROOF_MOST_OF_FEW))


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
