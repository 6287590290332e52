"""The table that a benchmark prints, row by row."""
from __future__ import annotations

from collections.abc import Iterable


def head(*columns: str) -> None:
    row(columns)
    row("---" for _ in columns)


def row(cells: Iterable[object]) -> None:
    print("|", " | ".join(str(cell) for cell in cells), "|", flush=True)


def yes(met: bool) -> str:
    return "yes" if met else "NO"
