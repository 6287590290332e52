"""A mixed integer program: crews as whole flows through their ways, and what they leave of the cover. Solved by HiGHS
through scipy."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp

from optimizer.staffing.shifts.breaks.floor import Crew, Floor
from optimizer.staffing.shifts.terms import Bools, Floats, Ints


def best_flows(floor: Floor, whose: Sequence[int], away: Floats, counted: Bools, most_s: float
               ) -> tuple[list[Ints], bool] | None:
    """How many of some crews take each arc, so that cover costs least, and whether that is proved; None where nothing
    was found in time.

    :param away: [intervals] people of all other crews who are away.
    :param counted: [intervals] in which cover counts.
    """
    crews = [floor.crews[k] for k in whose]
    arcs = [len(crew.ways.tail) for crew in crews]
    slots, flows, n = np.flatnonzero(counted), sum(arcs), int(counted.sum())
    conserved, balance = sp.block_diag([conservation(crew) for crew in crews], "csr"), people_of(crews)
    absent = sp.hstack([absences(crew, len(counted))[slots] for crew in crews], "csr")
    one, beside = sp.identity(n, format="csr"), sp.csr_matrix((conserved.shape[0], 2 * n))
    spare = (floor.spare - away)[slots]
    cost = np.concatenate([np.zeros(flows), np.full(n, floor.overstaffed_price), np.full(n, floor.understaffed_price)])
    found = milp(
        cost, integrality=np.concatenate([np.ones(flows), np.zeros(2 * n)]),
        bounds=Bounds(0, np.concatenate([np.repeat([crew.people for crew in crews], arcs), np.full(2 * n, np.inf)])),
        constraints=[LinearConstraint(sp.hstack([conserved, beside], "csr"), balance, balance),
                     LinearConstraint(sp.hstack([absent, one, -one], "csr"), spare, spare)],
        options={"time_limit": max(most_s, 0.01), "presolve": False})  # presolving takes longer than solving
    if found.x is None:
        return None
    its = np.split(np.rint(found.x[:flows]).astype(np.int64), np.cumsum(arcs)[:-1])
    return its, found.status == 0


def conservation(crew: Crew) -> sp.csr_matrix:
    """[nodes, arcs] people who leave a node less people who come to it."""
    its, arcs = crew.ways, np.arange(len(crew.ways.tail))
    ones = np.ones(len(arcs))
    return sp.csr_matrix((np.concatenate([ones, -ones]), (np.concatenate([its.tail, its.head]), np.tile(arcs, 2))),
                         shape=(its.nodes, len(arcs)))


def people_of(crews: Sequence[Crew]) -> Floats:
    """[nodes of all crews] people who begin, less people who end."""
    balance = [np.zeros(crew.ways.nodes) for crew in crews]
    for crew, its in zip(crews, balance, strict=True):
        its[0], its[-1] = crew.people, -crew.people
    return np.concatenate(balance)


def absences(crew: Crew, intervals: int) -> sp.csr_matrix:
    """[intervals, arcs] whether a person on an arc is away."""
    return sp.csr_matrix((np.ones(len(crew.away_arc)), (crew.away_slot, crew.away_arc)),
                         shape=(intervals, len(crew.ways.tail)))
