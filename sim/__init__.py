"""Surge capacity of multi-city hotlines: ``from sim import load, simulate, study`` is all that an analyst needs."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.reading import load
    from sim.studies import simulate, study

__all__ = ["load", "simulate", "study"]


def __getattr__(name: str) -> Any:
    """Import on first use: numba and scipy take a second that ``--help`` should not wait for."""
    if name == "load":
        from sim.reading import load
        return load
    if name in ("simulate", "study"):
        from sim import studies
        return getattr(studies, name)
    raise AttributeError(name)
