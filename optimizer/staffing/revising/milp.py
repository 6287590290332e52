"""Rows of a linear program, gathered one after another, and HiGHS for it."""
from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import coo_array, csr_array

from optimizer.staffing.rosters.problem import Floats, Ints

Row = tuple[dict[int, float], float]    # coefficients by column, and the most that they may sum to


@dataclass
class Rows:
    """Rows of a linear program, each at most a number."""

    entries: list[tuple[int, int, float]] = field(default_factory=list)
    most: list[float] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """One more."""
        coefficients, most = row
        self.entries += [(len(self.most), column, value) for column, value in coefficients.items()]
        self.most.append(most)

    def matrix(self, columns: int) -> csr_array:
        """[rows, columns]"""
        at, column = (np.array([entry[k] for entry in self.entries], np.int64) for k in (0, 1))
        value = np.array([entry[2] for entry in self.entries], np.float64)
        return csr_array(coo_array((value, (at, column)), shape=(len(self.most), columns)))


def solve(rows: Rows, cost: Floats, upper: Floats, whole: Ints | None = None, nodes: int = 500,
          seconds: float = np.inf) -> OptimizeResult:
    """The least cost by HiGHS, of columns at least 0. ``cost``, ``upper``, ``whole`` (0: parts will do) [columns]

    RuntimeError where there is no solution, or none was found in time.
    """
    with nothing_printed():
        result = milp(cost, integrality=whole, bounds=Bounds(0.0, upper),
                      constraints=LinearConstraint(rows.matrix(len(cost)), -np.inf, np.array(rows.most)),
                      options={"mip_rel_gap": 1e-4, "node_limit": nodes, "time_limit": seconds})
    if result.x is None:
        raise RuntimeError(f"HiGHS found nothing: {result.message}")
    return result


def relaxed(rows: Rows, cost: Floats, upper: Floats, seconds: float = np.inf) -> tuple[float, Floats] | None:
    """The least cost when parts of every column will do, and the columns; None where it was not found in time."""
    with nothing_printed():
        result = milp(cost, bounds=Bounds(0.0, upper), options={"time_limit": seconds},
                      constraints=LinearConstraint(rows.matrix(len(cost)), -np.inf, np.array(rows.most)))
    return (float(result.fun), result.x) if result.status == 0 else None


@contextmanager
def nothing_printed() -> Iterator[None]:
    """HiGHS writes notes of its own to file descriptor 1, in the midst of what commands print."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
