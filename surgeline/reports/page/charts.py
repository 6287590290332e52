"""Charts: no script, the same on any screen and on paper. Words come with the data; nothing here speaks."""
from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from surgeline.reports.page import svg
from surgeline.reports.page.svg import Point, wide

FULL, HALF = 900.0, 440.0
TOP, PLOT_HEIGHT, BELOW, ROW = 8.0, 172.0, 22.0, 23.0
RIGHT, GAP = 8.0, 6.0
INK, SOFT, RULE, JOIN, PALE = "#1f2933", "#52606d", "#e4e7eb", "#cbd2d9", "#9db8cc"

# Okabe and Ito's colours, told apart by the colour-blind too. A thing has one colour in all charts.
BLUE, RED, AMBER, GREEN, GREY, PINK, BROWN = "#0072b2", "#d55e00", "#e69f00", "#009e73", "#9aa5b1", "#cc79a7", "#7b3f00"
COLOURS = {
    "answered": BLUE, "blocked": RED, "abandoned": AMBER, "by_bot": GREEN, "waiting_at_end": GREY,
    "callers_answered": BLUE, "callers_by_bot": GREEN, "callers_diverted": PINK, "callers_lost": BROWN,
    "callers_open": GREY,
    "own": BLUE, "lent": AMBER, "province": GREEN, "operators": "#56b4e9", "volunteers": PINK, "cloud": "#b5a642",
    "other": GREY,
}
RATES = (0.2, 0.5, 0.8, 0.95)
RATE_COLOURS = ("#b2182b", "#ef8a62", "#fddbc7", "#92c5de", "#2166ac")
RATE_INK = ("#ffffff", INK, INK, INK, "#ffffff")
NO_CALLS = "#f0f2f4"
VARIANTS = (BLUE, RED, GREEN, AMBER, PINK, BROWN)
MOST_BARS, MOST_SPOTS = 60, 40  # with gaps between bars, and with large spots
MIDDLE = 'text-anchor="middle"'
END = 'text-anchor="end"'


@dataclass(frozen=True)
class Scale:
    """An axis along time or places: its ends, and where which label stands."""

    start: float
    end: float
    labels: dict[float, str]
    rules: tuple[float, ...] = ()
    ticks: bool = True


def amount(x: float, lang: str) -> str:
    """A number on an axis."""
    size, unit = (1e4, " 万") if lang == "zh" and abs(x) >= 1e4 else (1.0, "")
    text = f"{x / size:,.3f}".rstrip("0").rstrip(".") + unit
    return text.replace("-", "−")


# --- over time -------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Frame:
    """A plot with time or places across, and amounts upwards."""

    scale: Scale
    low: float
    high: float
    lang: str
    width: float = HALF

    @cached_property
    def marks(self) -> list[float]:
        return svg.ticks(self.low, self.high)

    @cached_property
    def left(self) -> float:
        """What the numbers on the left take."""
        return 8 + max(wide(amount(mark, self.lang)) for mark in self.marks)

    def x(self, at: float) -> float:
        share = (at - self.scale.start) / (self.scale.end - self.scale.start)
        return self.left + share * (self.width - RIGHT - self.left)

    def y(self, value: float) -> float:
        return TOP + (self.high - value) / (self.high - self.low) * PLOT_HEIGHT

    def axes(self) -> list[str]:
        """What lies under the data: level lines with their numbers, thin lines between the days, the line below."""
        bottom, right = TOP + PLOT_HEIGHT, self.width - RIGHT
        levels = [svg.across(self.left, self.y(mark), right) for mark in self.marks]
        rules = [svg.upright(self.x(at), TOP, bottom) for at in self.scale.rules]
        numbers = [svg.text(self.left - 6, self.y(mark) + 4, amount(mark, self.lang)) for mark in self.marks]
        return [svg.stroked([*levels, *rules], RULE), svg.stroked([svg.across(self.left, bottom, right)], GREY),
                svg.group(numbers, f'class="s" {END}'), *self.labels(bottom)]

    def labels(self, bottom: float) -> list[str]:
        """The names of times or places, as many of them as leave room between one another."""
        shown = fitting({self.x(at): name for at, name in self.scale.labels.items()}, self.width)
        ticks = [svg.upright(self.x(at), bottom, bottom + 4) for at in self.scale.labels if self.scale.ticks]
        names = [svg.text(x, bottom + 16, name) for x, name in shown.items()]
        return [svg.stroked(ticks, GREY), svg.group(names, f'class="s" {MIDDLE}')]

    def drawn(self, parts: Sequence[str], title: str, key: dict[str, str]) -> str:
        return svg.drawing([*self.axes(), *parts], self.width, TOP + PLOT_HEIGHT + BELOW, title, key)


def fitting(labels: dict[float, str], right: float) -> dict[float, str]:
    """Labels by their middles: every one, or every second, third …, so that they don't touch; those at the ends are
    moved inwards."""
    for every in range(1, len(labels) + 1):
        shown = {inside(x, name, right): name for x, name in list(labels.items())[::every]}
        ends = [(x - wide(name) / 2, x + wide(name) / 2) for x, name in shown.items()]
        if all(one[1] + GAP <= other[0] for one, other in pairwise(ends)):
            return shown
    return {}


def inside(x: float, name: str, right: float) -> float:
    return min(max(x, wide(name) / 2), right - wide(name) / 2)


def stacked(table: pd.DataFrame, names: dict[str, str], scale: Scale, title: str, lang: str,
            line: pd.DataFrame | None = None, line_name: str = "", width: float = HALF) -> str:
    """Bars on one another: columns x, x2 and one for each key of ``names``; ``line`` has x and y and goes above."""
    tops = table[list(names)].to_numpy(float).cumsum(axis=1)
    most = max(float(tops[:, -1].max()), 0.0 if line is None else float(line["y"].max()))
    frame = Frame(scale, 0.0, svg.rounded(0.0, most or 1.0)[1], lang, width)
    bottoms = np.hstack([np.zeros((len(tops), 1)), tops[:, :-1]])
    draw = bars if len(table) <= MOST_BARS else outline
    parts = [svg.filled(draw(frame, table, bottoms[:, i], tops[:, i]), COLOURS.get(key, INK))
             for i, key in enumerate(names)]
    key = {name: COLOURS.get(key, INK) for key, name in names.items()}
    if line is None:
        return frame.drawn(parts, title, key)
    x, y = [frame.x(at) for at in line["x"]], [frame.y(value) for value in line["y"]]
    parts.append(svg.stroked([svg.bend(svg.stairs(x[:-1], y[:-1], x[-1]))], INK, 2))
    return frame.drawn(parts, title, key | {line_name: INK})


def bars(frame: Frame, table: pd.DataFrame, bottoms: Any, tops: Any) -> list[str]:
    """One rectangle a row, with a gap between neighbours."""
    found = []
    for start, end, bottom, top in zip(table["x"], table["x2"], bottoms, tops, strict=True):
        left, right, high, low = frame.x(start) + 0.5, frame.x(end) - 0.5, frame.y(top), frame.y(bottom)
        if low - high >= 0.05:
            found.append(svg.box(left, high, right - left, low - high))
    return found


def outline(frame: Frame, table: pd.DataFrame, bottoms: Any, tops: Any) -> list[str]:
    """The same as bars without gaps: one shape, however many bars."""
    x, last = [frame.x(at) for at in table["x"]], frame.x(float(table["x2"].iloc[-1]))
    above, below = (svg.stairs(x, [frame.y(value) for value in side], last) for side in (tops, bottoms))
    return [svg.bend([*above, *reversed(below)]) + "z"] if (tops > bottoms).any() else []


def lines(table: pd.DataFrame, colours: dict[str, str], scale: Scale, title: str, lang: str, norm: float | None = None,
          ends: tuple[float, float] | None = None, width: float = HALF, dashes: Mapping[str, str] | None = None) -> str:
    """Lines with their bands: columns x, what, mean, low, high.

    :param dashes: of lines that are drawn in dashes and without spots, so that those below are seen.
    """
    most = max([1.0, *table[["mean", "high"]].max().dropna()])
    frame = Frame(scale, *(ends or svg.rounded(0.0, 1.05 * most)), lang, width)
    parts = [svg.stroked([svg.across(frame.left, frame.y(norm), width - RIGHT)], SOFT, 1, ' stroke-dasharray="5 4"')
             if norm is not None else ""]
    radius = 2.9 if table["x"].nunique() <= MOST_SPOTS else 1.6
    of = {what: table[table["what"] == what].sort_values("x") for what in colours}
    parts += [svg.filled(band(frame, rows), colours[what], ' opacity=".22"') for what, rows in of.items()]
    for what, rows in of.items():
        points = [(frame.x(x), frame.y(y)) for x, y in zip(rows["x"], rows["mean"], strict=True)]
        dash = (dashes or {}).get(what)
        parts.append(svg.stroked([svg.bend(points)] if points else [], colours[what], 2,
                                 f' stroke-dasharray="{dash}"' if dash else ""))
        if dash is None:
            parts.append(svg.filled([svg.spot(*point, radius) for point in points], colours[what]))
    return frame.drawn(parts, title, colours)


def band(frame: Frame, rows: pd.DataFrame) -> list[str]:
    """The area between the bounds, where there are some."""
    rows = rows.dropna(subset=["low", "high"])
    above: list[Point] = [(frame.x(x), frame.y(y)) for x, y in zip(rows["x"], rows["high"], strict=True)]
    below: list[Point] = [(frame.x(x), frame.y(y)) for x, y in zip(rows["x"], rows["low"], strict=True)]
    return [svg.bend([*above, *reversed(below)]) + "z"] if len(above) > 1 else []


# --- by row ----------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Rows:
    """A plot with names down, which may have several lines, and amounts across."""

    names: list[str]
    low: float
    high: float
    lang: str
    height: float = ROW
    width: float = HALF
    right: float = RIGHT
    top: float = 4.0

    @cached_property
    def left(self) -> float:
        """What the names take."""
        return 12 + max(wide(line) for name in self.names for line in name.split("\n"))

    @property
    def bottom(self) -> float:
        return self.top + self.height * len(self.names)

    def x(self, value: float) -> float:
        return self.left + (value - self.low) / (self.high - self.low) * (self.width - self.right - self.left)

    def y(self, name: str) -> float:
        """The middle of a row."""
        return self.top + self.height * (self.names.index(name) + 0.5)

    def axes(self, marks: Sequence[float]) -> list[str]:
        """Upright lines with their numbers below, and the names on the left."""
        rules = [svg.upright(self.x(mark), self.top, self.bottom) for mark in marks]
        shown = fitting({self.x(mark): amount(mark, self.lang) for mark in marks}, self.width)
        numbers = [svg.text(x, self.bottom + 15, number) for x, number in shown.items()]
        return [svg.stroked(rules, RULE), svg.group(numbers, f'class="s" {MIDDLE}'),
                svg.group([name for row in self.names for name in self.named(row)], END)]

    def named(self, name: str) -> list[str]:
        """The lines of a name, about the middle of its row."""
        lines = name.split("\n")
        first = self.y(name) + 4 - 7.5 * (len(lines) - 1)
        return [svg.text(self.left - 6, first + 15 * i, line) for i, line in enumerate(lines)]

    def drawn(self, parts: Sequence[str], title: str, key: dict[str, str] | None = None) -> str:
        return svg.drawing(parts, self.width, self.bottom + BELOW, "", key, title)


def dumbbells(table: pd.DataFrame, names: tuple[str, str], title: str) -> str:
    """Two rates a city, joined: columns city, dials, dials_low, dials_high, dials_text, callers, …, in percent."""
    room = [12 + max(wide(f"{name} "), wide("100.0")) for name in names]
    rows = Rows(list(table["city"]), 0.0, 100.0, "", right=sum(room), top=22.0)
    one = list(table.to_dict("records"))
    joins = [svg.across(rows.x(row["dials"]), rows.y(row["city"]), rows.x(row["callers"])) for row in one]
    parts = [*rows.axes((0, 20, 40, 60, 80, 100)), svg.stroked(joins, JOIN, 3)]
    for column, name, colour, right in (("dials", names[0], RED, HALF - room[1]), ("callers", names[1], BLUE, HALF)):
        spans = [svg.across(rows.x(row[f"{column}_low"]), rows.y(row["city"]), rows.x(row[f"{column}_high"]))
                 for row in one if row[f"{column}_low"] < row[f"{column}_high"]]
        spots = [svg.spot(rows.x(row[column]), rows.y(row["city"]), 4.2) for row in one]
        texts = [svg.text(right - 2, rows.y(row["city"]) + 4, row[f"{column}_text"]) for row in one]
        parts += [svg.stroked(spans, colour, 1.2), svg.filled(spots, colour),
                  svg.group([*texts, svg.text(right - 2, 13, name, ' class="b"')], f'{END} style="fill:{colour}"')]
    return rows.drawn(parts, title)


def ranked(table: pd.DataFrame, heading: str, title: str) -> str:
    """One bar a city: columns city, value, text, lead."""
    most = max(1.0, float(table["value"].max()))
    room = 8 + max(wide(str(text)) for text in table["text"])
    rows = Rows(list(table["city"]), 0.0, most, "", right=room, top=22.0)
    one = list(table.to_dict("records"))

    def bars(lead: bool) -> list[str]:
        return [svg.box(rows.left, rows.y(row["city"]) - 6, rows.x(row["value"]) - rows.left, 12)
                for row in one if row["lead"] == lead and row["value"] > 0]

    texts = [svg.text(rows.x(row["value"]) + 5, rows.y(row["city"]) + 4, row["text"]) for row in one]
    parts = [*rows.axes(svg.ticks(0.0, most)), svg.filled(bars(False), PALE), svg.filled(bars(True), RED), *texts,
             svg.text(rows.left, 13, heading, ' class="s b"')]
    return rows.drawn(parts, title)


def around_nought(low: pd.Series, high: pd.Series, room: float = 0.06) -> tuple[float, float]:
    """The ends of an axis that holds all intervals and nought, with some room."""
    least, most = min([0.0, *low.dropna()]), max([0.0, *high.dropna()])
    extent = (most - least) or 1.0
    return least - room * extent, most + room * extent


def dots(table: pd.DataFrame, colours: dict[str, str], title: str, lang: str, width: float = HALF) -> str:
    """Changes with their intervals, in rows: columns row, what, mean, low, high; text, where there is one, beside."""
    low, high = around_nought(table["low"], table["high"])
    names, several = list(dict.fromkeys(table["row"])), len(colours) > 1
    height = max(ROW, 15 * most_lines(names) + 6, 12 * len(colours) + 6)
    beside = max(wide(text) for text in table["text"]) if "text" in table else 0.0
    rows = Rows(names, low, high, lang, height, width, RIGHT + beside)
    parts = [*rows.axes(svg.ticks(low, high)), svg.stroked([svg.upright(rows.x(0.0), rows.top, rows.bottom)], SOFT)]
    for i, (what, colour) in enumerate(colours.items()):
        of = [(row, rows.y(row["row"]) + 12 * (i - (len(colours) - 1) / 2))
              for row in table[table["what"] == what].to_dict("records")]
        parts += [svg.stroked([svg.across(rows.x(row["low"]), y, rows.x(row["high"])) for row, y in of], colour, 2),
                  svg.filled([svg.spot(rows.x(row["mean"]), y, 4) for row, y in of], colour),
                  *(svg.text(beside_nought(rows, row), y + 4, row["text"]) for row, y in of if "text" in row)]
    return rows.drawn(parts, title, colours if several else None)


def beside_nought(rows: Rows, row: dict[Any, Any]) -> float:
    """Where a text beside an interval begins: on the other side of the upright line, if it would cross it."""
    at, nought = rows.x(row["high"]) + 7, rows.x(0.0)
    return nought + 7 if at - 7 < nought < at + wide(row["text"]) else at


def most_lines(names: list[str]) -> int:
    return max(name.count("\n") + 1 for name in names)


def tornado(table: pd.DataFrame, base: float, names: tuple[str, str], title: str) -> str:
    """What is found at either end of a range, in rows: columns row, low, high; a line where nothing is moved."""
    low, high = spread_around(table[["low", "high"]].to_numpy(float), base)
    every = list(dict.fromkeys(table["row"]))
    rows = Rows(every, low, high, "", max(ROW + 4, 15 * most_lines(every) + 8))
    parts = rows.axes(svg.ticks(low, high))
    for side, colour, above in (("low", AMBER, -11.5), ("high", BLUE, 0.5)):
        ends = [(sorted((rows.x(base), rows.x(row[side]))), rows.y(row["row"])) for row in table.to_dict("records")]
        parts.append(svg.filled([svg.box(left, y + above, right - left, 11) for (left, right), y in ends], colour))
    parts.append(svg.stroked([svg.upright(rows.x(base), rows.top, rows.bottom)], INK))
    return rows.drawn(parts, title, dict(zip(names, (AMBER, BLUE), strict=True)))


def spread_around(x: Any, base: float) -> tuple[float, float]:
    """Ends of an axis that hold all values and the base, with some room."""
    low, high = min(float(x.min()), base), max(float(x.max()), base)
    room = 0.06 * (high - low) or 1.0
    return low - room, high + room


# --- maps ------------------------------------------------------------------------------------------------------------

def rate_class(rate: float) -> int:
    """Which of the five classes of rates."""
    return sum(rate >= bound for bound in RATES)


@dataclass(frozen=True)
class Tile:
    """A city at an hour: where it lies, what it is called, and the number in it."""

    left: float
    top: float
    name: str
    number: str
    colour: str
    ink: str


def tiles(found: Sequence[Tile], size: tuple[float, float], type_size: float, heads: Sequence[tuple[float, float, str]],
          key: dict[str, str], height: float) -> str:
    """Maps side by side: one rectangle a city, with headings (left, middle, text)."""
    width, tall = size
    parts = [svg.filled((svg.box(tile.left, tile.top, width, tall) for tile in found if tile.colour == colour), colour,
                        ' stroke="#fff" stroke-width="1.5"') for colour in dict.fromkeys(tile.colour for tile in found)]
    for ink in dict.fromkeys(tile.ink for tile in found):
        parts += inscribed([tile for tile in found if tile.ink == ink], width, tall, type_size, ink)
    return svg.drawing([*parts, *(svg.text(x, y + 5, text, ' class="b"') for x, y, text in heads)], FULL, height,
                       key=key)


def inscribed(found: Sequence[Tile], width: float, tall: float, type_size: float, ink: str) -> list[str]:
    """Names above, numbers below."""
    def texts(of: Callable[[Tile], str], down: float) -> list[str]:
        return [svg.text(tile.left + width / 2, tile.top + tall / 2 + down, of(tile)) for tile in found if of(tile)]

    sized = f'{MIDDLE} style="fill:{ink};font-size:{math.floor(10 * type_size) / 10}px"'
    return [svg.group(texts(lambda tile: tile.name, -3), sized),
            svg.group(texts(lambda tile: tile.number, 12), f'{MIDDLE} style="fill:{ink}"')]
