"""People as a flow: those with the same rules walk the days together, and one linear program says how many do what.

A column is an arc of the graph of rules about days and weeks, or the people on one duty of a day. Limits over the
horizon, wishes of single people and fairness are left to the search for rows; the price of cover is what is wanted.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from optimizer.staffing.rosters.graph import Graph
from optimizer.staffing.rosters.instance import Instance, shared_paths
from optimizer.staffing.rosters.linear import minimum
from optimizer.staffing.rosters.paths import Paths
from optimizer.staffing.rosters.problem import Floats, Ints


@dataclass(frozen=True)
class Stream:
    """People of one group who count in the same rows of cover."""

    people: list[int]
    paths: Paths     # of rules about days and weeks
    counted: Floats  # [rows of cover] 0 or 1


@dataclass(frozen=True)
class Flow:
    """The best flow of all people beside the cover that is there."""

    cost: float
    prices: Floats          # [rows of cover] what one person more would save
    on_duty: list[Floats]   # [days, duties] of each stream: people, in parts


def streams(instance: Instance) -> list[Stream]:
    """Groups, split by the rows of cover they count in."""
    found = []
    for group in instance.groups:
        paths = shared_paths(instance.problem, instance.pasts, group, weekly_only=True)
        for k in np.unique(instance.signature[group]):
            found.append(Stream([p for p in group if instance.signature[p] == k], paths, instance.counted[k]))
    return found


class Network:
    """The program's fixed part; people and cover that is there change."""

    def __init__(self, instance: Instance) -> None:
        self.instance, self.streams = instance, streams(instance)
        self.blocks = [block(stream.paths, instance.days) for stream in self.streams]
        cells, arcs = instance.days * instance.duties, [len(s.paths.graph.head) for s in self.streams]
        rows = len(instance.need)
        balance = sp.block_diag([sp.hstack([b, sp.csr_array((b.shape[0], cells))]) for b, _ in self.blocks])
        same = sp.block_diag([sp.hstack([kinds, -of_kind(s.paths, instance.days, cells)])
                              for s, (_, kinds) in zip(self.streams, self.blocks, strict=True)])
        cover = sp.hstack([part for s, n in zip(self.streams, arcs, strict=True)
                           for part in (sp.csr_array((rows, n)), sp.diags_array(s.counted) @ instance.at)])
        ends = sp.csr_array((balance.shape[0] + same.shape[0], 2 * rows))
        self.equal = sp.vstack([
            sp.hstack([sp.vstack([balance, same]), ends]),
            sp.hstack([cover, sp.eye_array(rows), -sp.eye_array(rows)])]).tocsr()
        self.most = np.concatenate([part for s, n in zip(self.streams, arcs, strict=True) for part in (
            np.full(n, np.inf), np.tile(np.where(s.paths.kinds.of >= 0, np.inf, 0.0), instance.days))] +
            [np.full(2 * rows, np.inf)])
        self.same_rows, self.arcs, self.cells = same.shape[0], arcs, cells
        self.available = sp.csr_array(sp.hstack([
            sp.block_diag([sp.hstack([sp.csr_array((instance.days, n)),
                                      sp.kron(sp.eye_array(instance.days), np.ones((1, instance.duties)))])
                           for n in arcs]), sp.csr_array((instance.days * len(arcs), 2 * rows))]))

    def solve(self, people: Ints, there: Floats) -> Flow:
        """For people [places in the problem] beside the cover that is there."""
        free, instance = np.zeros(self.instance.people, bool), self.instance
        free[people] = True
        costs, supply, most = [], [], []
        for stream in self.streams:
            members = [p for p in stream.people if free[p]]
            costs.append(arc_costs(stream.paths.graph))
            costs.append(mean_prices(instance, members).ravel())
            supply.append(starts(instance, stream, members))
            most.append(np.isfinite(instance.own[members][:, :, :-1]).any(axis=2).sum(axis=0))
        costs += [instance.missing, instance.surplus]
        right = np.concatenate([*supply, np.zeros(self.same_rows), instance.need - there])
        found = minimum(np.concatenate(costs), self.equal, right, A_ub=self.available, b_ub=np.concatenate(most),
                        bounds=np.column_stack([np.zeros(len(self.most)), self.most]))
        on_duty, at = [], 0
        for n in self.arcs:
            on_duty.append(found.values[at + n:at + n + self.cells].reshape(instance.days, instance.duties))
            at += n + self.cells
        return Flow(found.cost, found.prices[len(right) - len(instance.need):], on_duty)


def block(paths: Paths, days: int) -> tuple[sp.csr_array, sp.csr_array]:
    """[nodes, arcs] leaving less entering, the end's nodes apart; [days x kinds, arcs] the duties' arcs."""
    g, arcs = paths.graph, len(paths.graph.head)
    tail, inside, each = tails(g), int(g.layers[-2]), np.arange(arcs)
    entering = g.head < inside
    balance = sp.csr_array(
        (np.concatenate([np.ones(arcs), -np.ones(int(entering.sum()))]),
         (np.concatenate([tail, g.head[entering]]), np.concatenate([each, each[entering]]))), shape=(inside, arcs))
    day, kinds, on = np.searchsorted(g.layers, tail, side="right") - 1, len(paths.kinds.examples), g.choice > 0
    at = (day * kinds + g.choice - 1)[on]
    return balance, sp.csr_array((np.ones(len(at)), (at, each[on])), shape=(days * kinds, arcs))


def of_kind(paths: Paths, days: int, cells: int) -> sp.csr_array:
    """[days x kinds, days x duties] the duties of each kind."""
    kinds, duties = len(paths.kinds.examples), cells // days
    duty = np.flatnonzero(paths.kinds.of >= 0)
    one = sp.csr_array((np.ones(len(duty)), (paths.kinds.of[duty], duty)), shape=(kinds, duties))
    return sp.csr_array(sp.kron(sp.eye_array(days), one))


def tails(g: Graph) -> Ints:
    """[arcs] the node that each leaves."""
    return np.repeat(np.arange(len(g.first) - 1), np.diff(g.first))


def arc_costs(g: Graph) -> Floats:
    """[arcs] with the price of the end where one is reached."""
    costs, last = g.price.copy(), int(g.layers[-2])
    ends = g.head >= last
    costs[ends] += g.end_price[g.head[ends] - last]
    return costs


def mean_prices(instance: Instance, members: list[int]) -> Floats:
    """[days, duties] over those who may."""
    own = instance.own[members][:, :, :-1]
    may = np.isfinite(own)
    mean: Floats = np.where(may, own, 0).sum(axis=0) / np.maximum(may.sum(axis=0), 1)
    return mean


def starts(instance: Instance, stream: Stream, members: list[int]) -> Floats:
    """[nodes but the end's] people who begin at each."""
    supply = np.zeros(int(stream.paths.graph.layers[-2]))
    for person in members:
        node = stream.paths.graph.starts[stream.paths.pasts[instance.pasts[person]]]
        if node >= 0:
            supply[node] += 1
    return supply
