"""Who lends how many seats to whom, and when: imported when it is asked for, as the solver takes long to load.

``plan`` makes a plan and proves it by simulation, ``rolling`` plans anew each evening and measures that against one
plan and hindsight, ``optimum`` solves small problems exactly.
"""
from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optimizer.exact.solving import optimum
    from optimizer.lending.plan import plan
    from optimizer.lending.rolling import rolling

__all__ = ["optimum", "plan", "rolling"]
HOMES = {"optimum": "optimizer.exact.solving", "plan": "optimizer.lending.plan", "rolling": "optimizer.lending.rolling"}


def __getattr__(name: str) -> Any:
    """Loaded when asked for."""
    if name in HOMES:
        return getattr(importlib.import_module(HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
