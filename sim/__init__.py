"""Surge capacity of multi-city hotlines: what an analyst needs is here, and imported when it is asked for.

``load`` reads a scenario (``Scenario.with_levers`` and ``variant`` make others of it), ``simulate`` runs one, ``study``
compares it with variants on the same luck, ``sweep`` goes over a grid of values, ``sensitivity`` says on which
assumption the answer hangs, ``rerun`` makes a run again from its folder. Plans are in ``optimizer``.
"""
from __future__ import annotations

import importlib
import importlib.metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.reading.loading import load
    from sim.studies.rerun import rerun
    from sim.studies.sensitivity import sensitivity
    from sim.studies.study import simulate, study
    from sim.studies.sweep import sweep

    __version__: str

__all__ = ["__version__", "load", "rerun", "sensitivity", "simulate", "study", "sweep"]
HOMES = {"load": "sim.reading.loading", "rerun": "sim.studies.rerun", "sensitivity": "sim.studies.sensitivity",
         "simulate": "sim.studies.study", "study": "sim.studies.study", "sweep": "sim.studies.sweep"}


def __getattr__(name: str) -> Any:
    """Import on first use: numba and scipy take a second that ``--help`` should not wait for."""
    if name == "__version__":
        return version()
    if name in HOMES:
        return getattr(importlib.import_module(HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def version(package: str = "surgeline") -> str:
    """Of an installed package; of what runs from its sources, that."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "from source"
