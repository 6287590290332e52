"""A table of numbers beside a scenario: its columns, its cells, and what is wrong with them."""
from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from sim.reading.cells import Cells
from sim.scenario.messages import Message, both, printable, say, some
from sim.scenario.problems import MOST_PROBLEMS, Place, Problem, RuleError, alike_in, letters
from sim.scenario.quantities import count, instead, without_commas

MOST_FAULTS = 20_000
MOST_CELLS_NAMED = 8
DETAILS = re.compile(r'"[^"]*"|\d+')


@dataclass
class Fault:
    """What is wrong with a cell, and the lines below it in which the same is."""

    line: int
    column: int
    message: Message
    others: list[int] = field(default_factory=list)
    cells: list[tuple[int, int]] = field(default_factory=list)      # of an unknown word, wherever it stands
    whose: str = ""

    @property
    def told(self) -> Message:
        """With the other places of an unknown word, as sheets name cells."""
        if not self.cells[1:]:
            return self.message
        names = [f"{letters(column)}{line}" for line, column in self.cells]
        return self.message + say("; in {n} cells: {cells}, the first of {name}", n=len(names),
                                  cells=some(names, MOST_CELLS_NAMED), name=self.whose)


@dataclass
class Table:
    """The rows of a table with their lines, the names of its columns, and what is wrong with it."""

    shown: str
    cells: Cells
    header: list[str] = field(default_factory=list)
    faults: dict[tuple[int | str, str], Fault] = field(default_factory=dict)
    wrong_cells: int = 0
    top: int = 1
    notices: list[Problem] = field(default_factory=list)

    def tell(self, line: int, message: Message) -> None:
        """Say something of a row that is no fault."""
        self.notices.append(Problem(Place(self.shown, line, 1), "", message))

    def wrong_word(self, line: int, column: int, word: str, message: Message, whose: str) -> None:
        """Note a word that means nothing: told once, with all cells in which it stands."""
        self.wrong_cells += 1
        fault = self.faults.setdefault((word, ""), Fault(line, column, message, whose=whose))
        fault.cells.append((line, column))

    def wrong(self, line: int, column: int, message: Message) -> None:
        """Note a problem of a cell, or of a row if there is no such column. The same in many rows is told once."""
        self.wrong_cells += 1
        alike = column, DETAILS.sub("", message)
        fault = self.faults.setdefault(alike, Fault(line, column, message))
        if fault.line != line:
            fault.others.append(line)

    @property
    def is_hopeless(self) -> bool:
        """Whether nobody would read what else is wrong."""
        return len(self.faults) >= MOST_PROBLEMS or self.wrong_cells >= MOST_FAULTS

    def is_sound_but_in(self, columns: Iterable[int]) -> bool:
        """Whether all that is wrong is in cells of some columns, below their headings: others mean what they say."""
        inside = set(columns)
        return not self.is_hopeless and all(fault.column in inside and fault.line > self.top
                                            for fault in self.faults.values())

    @property
    def between(self) -> Message:
        """What parts the columns of a text file; nothing in a workbook."""
        return {",": say("commas"), "\t": say("tabs")}.get(self.cells.delimiter, say(""))

    @property
    def problems(self) -> list[Problem]:
        return [Problem(Place(self.shown, fault.line, max(fault.column, 0) + 1), self.name_of(fault.column),
                        fault.told + alike_in(fault.others, not self.is_hopeless)) for fault in self.faults.values()]

    def name_of(self, column: int) -> str:
        return printable(self.header[column]) if 0 <= column < len(self.header) else ""


def name_columns(table: Table) -> None:
    """Take the names of the columns from the first row."""
    table.top, row = table.cells.rows.pop(0)
    table.header = [as_heading(cell) for cell in row]


def as_heading(cell: Any) -> str:
    """A heading as it is shown: a day without the midnight that sheets keep with it."""
    if isinstance(cell, datetime) and cell.time() == time.min:
        return f"{cell:%Y-%m-%d}"
    return str("" if cell is None else cell).strip()


def columns(table: Table, wanted: tuple[str, ...]) -> dict[str, int]:
    """The columns by their names, which the first row has; none if it lacks one."""
    name_columns(table)
    line = table.top
    found = {name: table.header.index(name) for name in table.header if name}
    if not set(wanted) <= set(found):
        is_torn = len(table.header) == 1 and table.between
        remedy = say("; put {signs} between the columns", signs=table.between) if is_torn else say("")
        table.wrong(line, -1, say("the first row must name the columns, {wanted} among them, got {got}{remedy}",
                                  wanted=both(wanted), got=printable(say("{names}", names=table.header)),
                                  remedy=remedy))
        return {}
    for i, name in enumerate(table.header):
        if name and found[name] != i:
            table.wrong(line, i, say("stands here twice"))
    if not table.cells.rows:
        table.wrong(line, -1, say("has no rows below its first"))
    refuse_torn(table)
    return found


def refuse_torn(table: Table) -> None:
    """A comma within a number of a CSV file makes two cells of it, and the row longer than the first."""
    width = len(table.header)
    for line, row in table.cells.rows if table.cells.delimiter else ():
        if len(row) > width and not table.is_hopeless:
            only = without_commas(",".join(row[width - 1:])) if width < 3 and len(row) == width + 1 else []
            remedy = instead(only) or say("; a comma parts a number or a text: write 2.5 for 2,5, and quotes around "
                                          "a text")
            table.wrong(line, width, say("this row has more cells than the first{remedy}", remedy=remedy))


def refuse_hidden(table: Table, used: Iterable[int]) -> None:
    """What a sheet does not show may not be meant."""
    rows = table.cells.hidden_rows
    if rows:
        more = say(", and {more:,} more to line {last}", more=len(rows) - 1, last=rows[-1]) if rows[1:] else say("")
        table.wrong(rows[0], -1, say("this row is hidden{more}: show what is meant, and delete what is not", more=more))
    for column in used:
        if any(column in hidden for hidden in table.cells.hidden_columns):
            table.wrong(table.top, column, say("this column is hidden: show it if it is meant, and delete it if not"))


def number(table: Table, line: int, row: list[Any], column: int) -> float:
    """A cell that says how many; nan, and a problem, if it does not."""
    cell = row[column] if column < len(row) else None
    try:
        return count(None if cell == "" else cell)
    except RuleError as error:
        table.wrong(line, column, error.message + unsaved(cell))
        return math.nan


def unsaved(cell: Any) -> Message:
    """A remedy for a formula whose value is not in the file."""
    if isinstance(cell, str) and cell.startswith("="):
        return say("; this formula was saved without its value: open the file in a sheet program and save it")
    return say("")
