"""Fixed rotas, such as 四班三运转 (four teams on three shifts): a cycle of duties and days off that everyone walks."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimizer.staffing.rosters.problem import OFF, Duty, Ints, ProblemError, Roster


def fixed_rota(cycle: Sequence[str | None], duties: Sequence[Duty], days: int, offsets: Sequence[int]) -> Roster:
    """The roster [people, days] of a cycle of duty codes, None a day off.

    ``offsets`` [people] is the place in the cycle on day 0; ``spread_offsets`` spreads people evenly. ProblemError for
    an empty cycle or a code that is no duty's.
    """
    index: dict[str | None, int] = {None: OFF} | {duty.code: k for k, duty in enumerate(duties)}
    if not cycle or any(code not in index for code in cycle):
        raise ProblemError("a cycle is made of the codes of duties, None for a day off")
    places = (np.asarray(offsets, np.int64)[:, None] + np.arange(days)) % len(cycle)
    roster: Roster = np.array([index[code] for code in cycle], np.int64)[places]
    return roster


def spread_offsets(people: int, length: int, teams: int | None = None) -> Ints:
    """[people] places in a cycle of a length, as many people at each as at any other, give or take one.

    With ``teams``, people share the places of that many teams, which stand evenly in the cycle.
    """
    places = np.arange(length) if teams is None else np.arange(teams) * length // teams
    offsets: Ints = places[np.arange(people) % len(places)].astype(np.int64)
    return offsets
