"""Surge capacity of multi-city hotlines: ``from sim import load, simulate`` is all that an analyst needs."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.reading import load
    from sim.study import simulate

__all__ = ["load", "simulate"]


def __getattr__(name: str) -> Any:
    """Import on first use: numba and scipy take a second that ``--help`` should not wait for."""
    if name == "load":
        from sim.reading import load
        return load
    if name == "simulate":
        from sim.study import simulate
        return simulate
    raise AttributeError(name)
