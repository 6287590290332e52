"""A draft on luck that no trial has seen: cut back and proved anew where a floor gives way."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from optimizer.lending.menu.drafts import Draft, Trying
from optimizer.lending.model.lending import solve
from optimizer.lending.trials.proof import Proof, looked_at
from optimizer.lending.trials.replay import ReplicationCache
from optimizer.lending.trials.rounds import cut_back


def seen_only(draft: Draft, trying: Trying) -> tuple[Draft, Proof]:
    """A draft as its trials saw it: nothing is proved by that."""
    verdict = draft.seen(trying)
    floors = [floor.unproved() for floor in verdict.floors]
    return draft, Proof(trying.luck, draft.levers, trying.replications, replace(verdict, floors=floors))


def proved(draft: Draft, lucks: Sequence[ReplicationCache], replications: int) -> tuple[Draft, Proof]:
    """The draft, or the best one within it that keeps all floors on other luck, where one gives way.

    :param lucks: each for one proof.
    :param replications: of a proof, at the most.
    """
    for luck in lucks:
        proof = looked_at(draft.known.province, draft.levers, luck, replications, last=luck is lucks[-1])
        times = replications / proof.replications
        if luck is lucks[-1] or not proof.verdict.unsure(times):
            break
        less = cut_back(draft.known, draft.seats, proof.verdict.unsure(times), times)
        draft = replace(draft, lent=solve(less, draft.seats).lent, given=None, variant=None)
    return draft, proof
