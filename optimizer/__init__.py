"""Who lends how many seats to whom, and when."""
from __future__ import annotations

from typing import Any

__all__ = ["optimum"]


def __getattr__(name: str) -> Any:
    """Loaded when asked for: the solver takes long to load."""
    if name == "optimum":
        from optimizer.exact.solving import optimum
        return optimum
    raise AttributeError(name)
