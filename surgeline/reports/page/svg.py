"""Drawings as SVG by hand: the few shapes that charts need, round numbers for axes, and how wide a text is.

A unit is about a pixel, and coordinates are told to a tenth of it. The page's style sheet says how texts look.
"""
from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from markupsafe import escape

SIZE = 12.0  # of the texts in charts
NARROW, BROAD = frozenset("iljtfrI.,:;'|!()[]-·’ "), frozenset("mwMW%@—–…")
PIECES = re.compile(r"[\u2e80-\uffff]\s*|[^\s\u2e80-\uffff]+\s*")
STEPS = ((7.07, 10.0), (3.16, 5.0), (1.41, 2.0), (0.0, 1.0))  # what is as large as the first, is made the second

Point = tuple[float, float]


# --- texts -----------------------------------------------------------------------------------------------------------

def wide(text: str, size: float = SIZE) -> float:
    """About how wide a text is; rather more than less, as readers have other type than we have."""
    return size * sum(map(ems, text))


def ems(letter: str) -> float:
    """How wide a letter is, as a share of its size."""
    if ord(letter) > 0x2E80:
        return 1.0
    if letter in NARROW:
        return 0.36
    if letter in BROAD:
        return 0.95
    return 0.72 if letter.isupper() else 0.58


def cut(text: str, width: float = 480) -> str:
    """The beginning of a name that is wider than this."""
    if wide(text) <= width:
        return text
    return next(text[:n] for n in range(len(text), 0, -1) if wide(text[:n]) <= width - wide("…")) + "…"


def wrapped(text: str, width: float = 150) -> str:
    """A name in lines that are no wider than this, if its words let it."""
    found, line = [], ""
    for piece in PIECES.findall(text):
        if line and wide(line + piece.rstrip()) > width:
            found.append(line.strip())
            line = ""
        line += piece
    return "\n".join([*found, line.strip()])


# --- numbers ---------------------------------------------------------------------------------------------------------

def n(x: float) -> str:
    """A coordinate."""
    return f"{x:.1f}".removesuffix(".0")


def step_of(about: float) -> float:
    """A round number: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(about))
    return power * next(size for least, size in STEPS if about / power >= least)


def ticks(low: float, high: float, number: int = 5) -> list[float]:
    """About so many round numbers from low to high."""
    step = step_of((high - low) / number)
    return [step * k for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def rounded(low: float, high: float, number: int = 5) -> tuple[float, float]:
    """The ends of an axis, moved outwards to round numbers."""
    step = step_of((high - low) / number)
    return step * math.floor(low / step + 1e-9), step * math.ceil(high / step - 1e-9)


# --- shapes ----------------------------------------------------------------------------------------------------------

def text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{n(x)}" y="{n(y)}"{more}>{escape(words)}</text>'


def group(parts: Iterable[str], more: str) -> str:
    inside = "".join(parts)
    return f"<g {more}>{inside}</g>" if inside else ""


def box(x: float, y: float, width: float, height: float) -> str:
    """A rectangle as part of a path."""
    return f"M{n(x)},{n(y)}h{n(width)}v{n(height)}h{n(-width)}z"


def spot(x: float, y: float, radius: float) -> str:
    """A dot as part of a path."""
    r, across = n(radius), n(2 * radius)
    return f"M{n(x - radius)},{n(y)}a{r},{r} 0 1 0 {across},0a{r},{r} 0 1 0 -{across},0"


def bend(points: Iterable[Point]) -> str:
    """Straight lines from point to point, as part of a path."""
    return "M" + " ".join(f"{n(x)},{n(y)}" for x, y in points)


def across(x: float, y: float, end: float) -> str:
    """A level line as part of a path."""
    return f"M{n(x)},{n(y)}H{n(end)}"


def upright(x: float, y: float, end: float) -> str:
    return f"M{n(x)},{n(y)}V{n(end)}"


def stairs(x: Sequence[float], y: Sequence[float], last: float) -> list[Point]:
    """The corners of steps: each y from its x to the next, the last one to ``last``."""
    found = []
    for (left, right), level in zip(pairwise([*x, last]), y, strict=True):
        found += [(left, level), (right, level)]
    return found


def filled(pieces: Iterable[str], colour: str, more: str = "") -> str:
    path = "".join(pieces)
    return f'<path fill="{colour}"{more} d="{path}"/>' if path else ""


def stroked(pieces: Iterable[str], colour: str, width: float = 1.0, more: str = "") -> str:
    path = "".join(pieces)
    return f'<path fill="none" stroke="{colour}" stroke-width="{n(width)}"{more} d="{path}"/>' if path else ""


# --- the whole -------------------------------------------------------------------------------------------------------

def drawing(parts: Iterable[str], width: float, height: float, above: str = "", key: dict[str, str] | None = None,
            below: str = "") -> str:
    """A drawing that grows with its column; what is measured stands above or below it, and what colours mean above."""
    inside = "".join(parts)
    return (f'{line("axis", above)}{legend(key or {})}<svg xmlns="http://www.w3.org/2000/svg" '
            f'viewBox="0 0 {n(width)} {n(height)}">{inside}</svg>{line("axis below", below)}')


def line(kind: str, words: str) -> str:
    return f'<p class="{kind}">{escape(words)}</p>' if words else ""


def legend(key: dict[str, str]) -> str:
    """What colours mean, by name; in as many rows as it takes."""
    names = "".join(f'<li><i style="border-color:{colour}"></i>{escape(name)}</li>' for name, colour in key.items())
    return f'<ul class="key">{names}</ul>' if names else ""
