"""What a page is made of: sections with charts and tables. How they look is the template's business."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

MOST_ROWS_TOGETHER = 15


@dataclass(frozen=True)
class Bar:
    """A number with a bar as long as its share of the largest."""

    text: str
    share: float


@dataclass(frozen=True)
class YesNo:
    """Yes or no, to be seen at a glance."""

    text: str
    good: bool


@dataclass(frozen=True)
class KeyFigure:
    """A figure that the answer rests on."""

    name: str
    value: str
    range: str


Cell = str | Bar | YesNo
Kind = Literal["text", "short", "number", "long"]


@dataclass(frozen=True)
class Column:
    """A column of a table; neighbours with the same group share a heading."""

    title: str
    kind: Kind = "text"
    group: str = ""


@dataclass(frozen=True)
class Chart:
    """A drawing under the sentence that it proves."""

    title: str
    drawing: str
    wide: bool = False


@dataclass(frozen=True)
class Charts:
    """Drawings side by side, with what a reader must know of them."""

    charts: tuple[Chart, ...]
    note: str = ""
    kind: str = field(default="charts", init=False)


@dataclass(frozen=True)
class Table:
    """Rows of cells; muted rows are there to compare."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    muted: frozenset[int] = frozenset()
    small: bool = False
    kind: str = field(default="table", init=False)

    @property
    def short(self) -> bool:
        """Whether it should stay on one page of paper."""
        return len(self.rows) <= MOST_ROWS_TOGETHER

    @property
    def groups(self) -> list[tuple[str, int]]:
        """Headings of neighbouring columns, and over how many each stands; empty if there are none."""
        found: list[tuple[str, int]] = []
        for column in self.columns:
            if found and column.group and found[-1][0] == column.group:
                found[-1] = (column.group, found[-1][1] + 1)
            else:
                found.append((column.group, 1))
        return found if any(group for group, _ in found) else []


Block = Charts | Table


@dataclass(frozen=True)
class Section:
    """A numbered part of the report: what it says in a sentence, then the proof."""

    title: str
    lead: str = ""
    blocks: tuple[Block, ...] = ()

    @property
    def opens_whole(self) -> bool:
        """Whether title, sentence and first block stay together on paper."""
        return not self.blocks or isinstance(self.blocks[0], Charts) or self.blocks[0].short
