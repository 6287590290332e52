"""The best menu so far: whoever interrupts gets it."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from optimizer.lending.menu.options import Option

Shown = Callable[[Sequence[Option]], None]


@dataclass
class SoFar:
    """Plans by stance as they become better and are proved."""

    shown: Shown = lambda menu: None
    options: dict[str, Option] = field(default_factory=dict)

    def put(self, option: Option) -> None:
        """A plan of a stance in the place of the one before."""
        self.options[option.name] = option

    def show(self) -> None:
        """Show the menu as it is now."""
        self.shown(tuple(self.options.values()))
