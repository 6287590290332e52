"""The solver, HiGHS through OR-Tools."""
from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ortools.math_opt.python import mathopt


def run(model: mathopt.Model, start: mathopt.ModelSolveParameters | None = None, **how: Any) -> Any:
    """What the solver finds, with MathOpt's parameters."""
    with nothing_printed():
        return mathopt.solve(model, mathopt.SolverType.HIGHS, params=mathopt.SolveParameters(**how), model_params=start)


@contextmanager
def nothing_printed() -> Iterator[None]:
    """HiGHS prints a line of its own to standard output now and then, where JSON for machines may be expected."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
