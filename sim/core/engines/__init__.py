"""The simulator, told twice: ``reference`` on SimPy and its compiled twin ``kernel``."""
from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

from sim.core.arrays import Callers, Outcomes, World

EngineName = Literal["kernel", "simpy"]


class Engine(Protocol):
    """What both engines can do."""

    def __call__(self, world: World, callers: Callers, keep_calls: bool = ...,
                 progress: Callable[[int], None] | None = ...) -> Outcomes: ...


def engine(name: EngineName) -> Engine:
    """An engine by name; imported only now, because numba takes its time."""
    if name == "simpy":
        from sim.core.engines import reference
        return reference.run
    from sim.core.engines import kernel
    return kernel.run
