"""Who answers for whom, and when: imported when it is asked for, as the solver takes long to load.

``plan`` makes a menu of plans and proves each by simulation, as a ``Wish`` says, ``rolling`` plans anew each evening
and measures that against one plan and hindsight, ``optimum`` solves small problems exactly.
"""
from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optimizer.exact.solving import optimum
    from optimizer.lending.plan import Wish, plan
    from optimizer.lending.rolling import rolling

__all__ = ["Wish", "optimum", "plan", "rolling"]
HOMES = {"Wish": "optimizer.lending.plan", "optimum": "optimizer.exact.solving", "plan": "optimizer.lending.plan",
         "rolling": "optimizer.lending.rolling"}


def __getattr__(name: str) -> Any:
    """Loaded when asked for."""
    if name in HOMES:
        return getattr(importlib.import_module(HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
