"""Linear programs, by HiGHS's interior point: prices that many columns share come from the middle of what is best."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import scipy.sparse as sp
from scipy.optimize import linprog

from optimizer.staffing.rosters.problem import Floats


@dataclass(frozen=True)
class Optimum:
    """The least cost, what reaches it, and the price of each equation's right side."""

    cost: float
    values: Floats
    prices: Floats


def minimum(costs: Floats, equal: sp.csr_array, right: Floats, **limits: Any) -> Optimum:
    """Of ``costs @ x`` over x >= 0 with ``equal @ x == right`` and linprog's other limits. RuntimeError for none."""
    program: Any = linprog
    found = program(costs, A_eq=equal, b_eq=right, method="highs-ipm", **limits)
    if found.x is None:
        raise RuntimeError(f"a linear program without a solution: {found.message}")
    return Optimum(float(found.fun), found.x, found.eqlin.marginals)
