"""A plan on luck that no trial has seen: rehearsed, cut back where its floors are unsure, and proved."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.promise import at_once
from optimizer.lending.inputs.province import LENDER, Lent, Province
from optimizer.lending.model.lending import solve
from optimizer.lending.settings import GIVEN_UP_AFTER, REHEARSALS
from optimizer.lending.trials import orders
from optimizer.lending.trials.corrections import Doubts, cut
from optimizer.lending.trials.evaluation import Evaluation, seen
from optimizer.lending.trials.limits import doubts
from optimizer.lending.trials.replay import ReplicationCache
from sim.scenario.levers import Lend

PROOF = 200  # replications


@dataclass(frozen=True)
class Proof:
    """The luck of a proof, and what the plan does on it against not lending."""

    luck: ReplicationCache
    levers: tuple[Lend, ...]
    replications: int
    verdict: Evaluation


def rehearsed(estimates: Estimates, lent: Lent, serves: str, luck: ReplicationCache, replications: int,
              proof: int) -> Lent:
    """The plan, or the best one within it whose floors bear a proof in every window, on luck that no trial has seen, as
    far as fewer replications tell. Without it every other proof would be in vain, by a day or two."""
    for _ in range(REHEARSALS):
        weak = weak_floors(estimates.province, orders.levers_of(estimates.province, lent, serves), luck, replications,
                           proof)
        if not weak:
            break
        lent = cut_back(estimates, lent, weak)
    return lent


def weak_floors(province: Province, levers: tuple[Lend, ...], luck: ReplicationCache, replications: int,
                proof: int) -> Doubts:
    """Those that give way in a window; and of those that do not bear a proof over all days, as it is done, the windows
    that do not."""
    times = proof / replications
    weak = {floor.place for floor in seen(province, levers, luck, replications).floors if not floor.bears_proof(times)}
    return doubts(province, levers, luck, replications,
                  lambda floor: floor.keeps(times) and (floor.place not in weak or floor.bears_proof(times)))


def proved(estimates: Estimates, lent: Lent, serves: str, lucks: Sequence[ReplicationCache],
           replications: int) -> tuple[Lent, Proof]:
    """The plan, or the best one within it that keeps all floors on other luck, where one gives way."""
    province = estimates.province
    for luck in lucks:
        levers, last = orders.levers_of(province, lent, serves), luck is lucks[-1]
        proof = tried(province, levers, luck, replications, replications if last else GIVEN_UP_AFTER)
        unsure = proof.verdict.unsure(replications / proof.replications)
        if last or not unsure:
            break
        weak = weak_floors(province, levers, luck, proof.replications, replications)
        lent = cut_back(estimates, lent, weak or [(province.open_blocks, unsure)])
    return lent, proof


def tried(province: Province, levers: tuple[Lend, ...], luck: ReplicationCache, replications: int, look: int) -> Proof:
    """Not lending, and the plan; no more than a look where that does not promise a proof."""
    number = min(look, replications)
    verdict = seen(province, levers, luck, number)
    if number < replications and not verdict.unsure(replications / number):
        number, verdict = replications, seen(province, levers, luck, replications)
    return Proof(luck, levers, number, verdict)


def cut_back(estimates: Estimates, lent: Lent, floors: Doubts) -> Lent:
    """The best plan that lends at no time more than this one, and less where floors are unsure; which becomes known."""
    cut(estimates, lent, floors)
    within = {name: np.minimum(most, at_once(estimates.province, lent, LENDER, name)) for name,
              most in estimates.most.items()}
    return solve(replace(estimates, most=within)).lent
