"""Surge capacity of multi-city hotlines: ``from sim import load, simulate, study`` is all that an analyst needs."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.reading.loading import load
    from sim.studies.study import simulate, study

__all__ = ["load", "simulate", "study"]


def __getattr__(name: str) -> Any:
    """Import on first use: numba and scipy take a second that ``--help`` should not wait for."""
    if name == "load":
        from sim.reading.loading import load
        return load
    if name in ("simulate", "study"):
        from sim.studies import study as studies
        return getattr(studies, name)
    raise AttributeError(name)
