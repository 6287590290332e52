"""Text and tables in a terminal, however narrow: lines are broken between words, figures are never broken or cut."""
from __future__ import annotations

import os
import re
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

# What scenarios say is no markup: "[/red]" in a title is text.
console = Console(markup=False, emoji=False)
aside = Console(stderr=True, markup=False, emoji=False)

WIDE = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
OPENS, CLOSES = "“（《「『", "”，。；：、！？）》」』"  # stay with what follows, and with what they follow
PIECE = re.compile(rf"\s+|[{OPENS}]*(?:[{WIDE}]|[^\s{WIDE}{OPENS}{CLOSES}]+(?: %)?|)[{CLOSES}]*")
GAP = 2          # between columns
NARROWEST = 12   # of a column of words
INDENT = "  "
UNLIMITED = 1_000_000


def width_of(out: Console) -> int:
    """Columns that there are; a pipe has as many as a line needs."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit():
        return int(columns)
    return out.width if out.is_terminal else UNLIMITED


def show(text: str, out: Console | None = None, style: str = "") -> None:
    """A paragraph."""
    out = out or console
    for line in wrapped(text, width_of(out)):
        out.print(Text(line, style), soft_wrap=True)


def show_path(text: str) -> None:
    """A line that is to be copied whole, however long."""
    console.print(Text(plain(text)), soft_wrap=True)


def show_table(header: Sequence[str], rows: Sequence[Sequence[str]], kinds: str, title: str = "",
               bad: Sequence[int] = ()) -> None:
    """Columns side by side where they fit, otherwise a line for each value.

    :param kinds: by column: w for words, n for names and days, f for figures.
    :param bad: the rows whose last cell is bad news.
    """
    if title:
        show(title, style="italic")
    widths = fitting([header, *rows], kinds, width_of(console))
    if widths is None:
        one_by_one(header, rows)
        return
    show_row(header, widths, kinds, ["bold"] * len(header))
    for i, row in enumerate(rows):
        show_row(row, widths, kinds, [""] * (len(row) - 1) + ["bold red" if i in bad else ""])


def show_row(cells: Sequence[str], widths: Sequence[int], kinds: str, styles: Sequence[str]) -> None:
    parts = [wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for i in range(max(map(len, parts), default=0)):
        line = Text()
        for part, width, kind, style in zip(parts, widths, kinds, styles, strict=True):
            text = part[i] if i < len(part) else ""
            space = " " * (width - cell_len(text))
            line.append(space + text if kind == "f" else text + space, style)
            line.append(" " * GAP)
        line.rstrip()
        console.print(line, soft_wrap=True)


def one_by_one(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Each row as its first cell with the others below it, by what they are called."""
    for first, *others in rows:
        show(first, style="bold")
        for name, cell in zip(header[1:], others, strict=True):
            show(f"{INDENT}{name}: {cell}")


def fitting(rows: Sequence[Sequence[str]], kinds: str, width: int) -> list[int] | None:
    """A width for each column, figures first; None if there is no room even with every line broken."""
    columns = list(zip(*rows, strict=True))
    wanted = [max(cell_len(plain(cell)) for cell in column) for column in columns]
    widths = [min(most, max(longest_piece(column), NARROWEST if kind == "w" else 0))
              for column, kind, most in zip(columns, kinds, wanted, strict=True)]
    left = width - sum(widths) - GAP * (len(columns) - 1)
    if left < 0:
        return None
    for i in sorted(range(len(columns)), key=lambda i: kinds[i] == "w"):
        more = min(left, wanted[i] - widths[i])
        widths[i] += more
        left -= more
    return widths


def longest_piece(cells: Sequence[str]) -> int:
    """The width of what can't be broken."""
    return max((cell_len(piece) for cell in cells for piece in PIECE.findall(plain(cell))), default=0)


def wrapped(text: str, width: int) -> list[str]:
    """Lines no wider than that, but for words that are."""
    lines, line = [], ""
    indent = INDENT if text.startswith(INDENT) else ""
    for piece in PIECE.findall(plain(text)):
        if line.strip() and cell_len(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = indent + piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()]


def plain(text: str) -> str:
    """Text in one line, with nothing in it that moves a cursor."""
    return "".join(c if c.isprintable() else " " if c.isspace() else f"\\u{ord(c):04x}" for c in text)
