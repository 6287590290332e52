"""Charts as SVG: no script, the same on any screen and on paper. Words come with the data; nothing here speaks."""
from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

FULL, HALF = 900, 440
MARGIN, PLOT_HEIGHT, ROW = 50, 172, 23
FONT = '"Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "SimSun", sans-serif'
UNMEASURED = "none"  # where nothing depends on the width of a text: to measure it takes longer than all else
INK, SOFT, RULE = "#1f2933", "#52606d", "#e4e7eb"

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
PIECES = re.compile(r"[\u2e80-\uffff]\s*|[^\s\u2e80-\uffff]+\s*")

CONFIG = {
    "aria": False, "background": None, "font": FONT, "padding": {"left": 2, "right": 8, "top": 2, "bottom": 2},
    "view": {"stroke": None},
    "axis": {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 12, "titleFontSize": 12,
             "titleFontWeight": "normal", "labelColor": SOFT, "titleColor": SOFT, "gridColor": RULE,
             "domainColor": GREY, "tickColor": GREY, "labelOverlap": True, "titlePadding": 6,
             "labelLimit": 0, "titleLimit": 0},
    "axisY": {"domain": False, "ticks": False, "labelPadding": 5},
    "axisX": {"grid": False, "labelPadding": 4},
    "title": {"anchor": "start", "frame": "bounds", "font": FONT, "fontSize": 12, "fontWeight": "normal", "color": SOFT,
              "offset": 5, "limit": 0},
    "legend": {"orient": "top", "direction": "horizontal", "title": None, "labelFont": FONT, "labelFontSize": 12,
               "labelColor": INK, "labelLimit": 0, "symbolType": "square", "symbolSize": 110, "symbolStrokeWidth": 0,
               "symbolOpacity": 1, "columnPadding": 14, "offset": 8, "padding": 0},
    "text": {"font": FONT, "fontSize": 12, "color": INK},
}


@dataclass(frozen=True)
class Scale:
    """An axis along time or places: its ends, and where which label stands."""

    start: float
    end: float
    labels: dict[float, str]
    rules: tuple[float, ...] = ()
    ticks: bool = True

    def encode(self, name: str = "x", **more: Any) -> alt.X:
        axis = alt.Axis(values=list(self.labels), labelExpr=chosen(self.labels), title=None, ticks=self.ticks)
        return alt.X(f"{name}:Q", scale=alt.Scale(domain=[self.start, self.end], nice=False), axis=axis, **more)


def chosen(labels: dict[float, str]) -> str:
    """A Vega expression for the label at a place."""
    return f"({json.dumps({f'{place:g}': text for place, text in labels.items()}, ensure_ascii=False)})[datum.value]"


def amounts(lang: str) -> str:
    """A Vega expression for large numbers on an axis."""
    if lang == "zh":
        return "abs(datum.value) >= 10000 ? format(datum.value / 10000, ',~r') + ' 万' : format(datum.value, ',~r')"
    return "format(datum.value, ',~r')"


def svg(chart: Any, width: float = HALF) -> str:
    """The drawing, as part of a page: it grows with its column, and takes the page's type."""
    spec = chart.to_dict(validate=False)
    spec["config"] = CONFIG
    version = alt.SCHEMA_VERSION.lstrip("v").rpartition(".")[0]
    text = vl_convert.vegalite_to_svg(spec, vl_version=version)
    text = re.sub(r' (font-family|class|pointer-events|aria-[a-z]+|role)="[^"]*"', "", text)
    text = re.sub(r'<path d="M0,0h[0-9.]+v[0-9.]+h-?[0-9.]+Z"/>|<path d=""[^>]*/>', "", text)
    return re.sub(r'<svg [^>]*?width="([0-9.]+)" height="[0-9.]+"', sized(width), text, count=1)


def sized(width: float) -> Any:
    def tag(match: re.Match[str]) -> str:
        share = min(100.0, float(match[1]) / width * 100)
        return f'<svg xmlns="http://www.w3.org/2000/svg" style="width:{share:.4g}%"'
    return tag


def framed(chart: Any, width: float, height: float, **more: Any) -> Any:
    """A chart with a plot of a given size; a title says what is measured upwards."""
    return chart.properties(width=width, height=height, **more)


def plot_width(most: float, lang: str) -> float:
    """What the numbers on the left leave of half a page."""
    widest = f"{most / 1e4:.1f} 万" if lang == "zh" and most >= 1e4 else f"{most:,.0f}"
    return HALF - 22 - wide(widest)


def wide(text: str) -> float:
    """About how many pixels a text takes in the type of the charts."""
    return sum(12.4 if ord(c) > 0x2E80 else 6.9 for c in text)


def keyed(names: Sequence[str], colours: Sequence[str], width: float = HALF) -> alt.Color:
    """Colours by what they mean; a long legend takes as many rows as it needs."""
    sizes, room = [32 + wide(name) for name in names], width - MARGIN
    columns = 0 if sum(sizes) <= room else next(
        (n for n in range(-(-len(names) // 2), 1, -1) if sum(max(sizes[i::n]) for i in range(n)) <= room), 1)
    return alt.Color("what:N", scale=alt.Scale(domain=list(names), range=list(colours)),
                     legend=alt.Legend(columns=columns))


def upwards(lang: str) -> alt.Axis:
    return alt.Axis(title=None, labelExpr=amounts(lang), tickCount=5)


def upright(scale: Scale) -> list[Any]:
    """Thin lines between the days."""
    if not scale.rules:
        return []
    places = alt.Chart(pd.DataFrame({"x": list(scale.rules)}))
    return [places.mark_rule(color=RULE).encode(x=scale.encode())]


def stacked(table: pd.DataFrame, names: dict[str, str], scale: Scale, title: str, lang: str,
            line: pd.DataFrame | None = None, line_name: str = "") -> str:
    """Bars on one another: columns x, x2 and one for each key of ``names``; ``line`` has x and y and goes above."""
    long = table.melt(["x", "x2"], list(names), "key", "n")
    long["what"], long["order"] = long["key"].map(names), long["key"].map(list(names).index)
    domain = {**names, **({"needed": line_name} if line is not None else {})}
    colours = keyed(list(domain.values()), [COLOURS.get(key, INK) for key in domain])
    gap = 1 if len(table) <= 60 else 0
    bars = alt.Chart(long).mark_bar(binSpacing=gap).encode(
        x=scale.encode(bin="binned"), x2="x2:Q", order="order:Q",
        y=alt.Y("n:Q", axis=upwards(lang)),
        color=colours)
    layers = [*upright(scale), bars if gap else outline(long, scale, lang, colours)]
    if line is not None:
        layers.append(alt.Chart(line.assign(what=line_name)).mark_line(interpolate="step-after", strokeWidth=2).encode(
            x=scale.encode(), y="y:Q", color=colours))
    most = max(float(table[list(names)].sum(axis=1).max()), 0.0 if line is None else float(line["y"].max()))
    return svg(framed(alt.layer(*layers), plot_width(most, lang), PLOT_HEIGHT, title=title))


def outline(long: pd.DataFrame, scale: Scale, lang: str, colours: alt.Color) -> Any:
    """The same as bars without gaps: one shape a key, however many bars."""
    last = long[long["x2"] == long["x2"].max()].assign(x=lambda rows: rows["x2"])
    return alt.Chart(pd.concat([long, last])).mark_area(interpolate="step-after").encode(
        x=scale.encode(), order="order:Q", color=colours,
        y=alt.Y("n:Q", stack="zero", axis=upwards(lang)))


def lines(table: pd.DataFrame, colours: dict[str, str], scale: Scale, title: str, lang: str, norm: float | None = None,
          ends: tuple[float, float] | None = None) -> str:
    """Lines with their bands: columns x, what, mean, low, high."""
    colour = keyed(list(colours), list(colours.values()))
    least, most = ends or (0.0, max(1.0, 1.05 * float(table[["mean", "high"]].max().max())))
    domain = alt.Scale(domain=[least, most], nice=not ends)
    y = alt.Y("mean:Q", scale=domain, axis=upwards(lang))
    base = alt.Chart(table).encode(x=scale.encode())
    layers = [*upright(scale)]
    if norm is not None:
        layers.append(alt.Chart(pd.DataFrame({"y": [norm]})).mark_rule(strokeDash=[5, 4], color=SOFT).encode(y="y:Q"))
    if table["low"].notna().any():
        layers.append(base.mark_area(opacity=0.22).encode(y=alt.Y("low:Q", scale=domain), y2="high:Q", color=colour))
    size = 26 if table["x"].nunique() <= 40 else 8
    layers += [base.mark_line(strokeWidth=2).encode(y=y, color=colour),
               base.mark_point(filled=True, size=size, opacity=1).encode(y=y, color=colour)]
    return svg(framed(alt.layer(*layers), plot_width(max(most, -10 * least), lang), PLOT_HEIGHT, title=title))


def margin(table: pd.DataFrame) -> float:
    """Room for the names of cities on the left."""
    return 20 + max(wide(name) for name in table["city"])


def places_down(table: pd.DataFrame) -> alt.Y:
    """One row a city, in the order of the table."""
    return alt.Y("city:N", sort=list(table["city"]), axis=alt.Axis(title=None, labelColor=INK))


def head(text: str, x: Any, colour: str, align: Any) -> Any:
    """A heading above a column of numbers."""
    return alt.Chart(pd.DataFrame({"t": [text]})).mark_text(align=align, color=colour, fontWeight="bold").encode(
        x=x, y=alt.value(-9), text="t:N")


def dumbbells(table: pd.DataFrame, names: tuple[str, str], title: str) -> str:
    """Two rates a city, joined: columns city, dials, dials_low, dials_high, dials_text, callers, …, in percent."""
    scale = alt.Scale(domain=[0, 143], nice=False)
    axis = alt.Axis(title=title, grid=True, values=[0, 20, 40, 60, 80, 100], domain=False, ticks=False)
    base = alt.Chart(table).encode(y=places_down(table))
    layers = [base.mark_rule(strokeWidth=3, color="#cbd2d9").encode(x=alt.X("dials:Q", scale=scale, axis=axis),
                                                                   x2="callers:Q")]
    for column, name, colour, right in (("dials", names[0], RED, 118), ("callers", names[1], BLUE, 143)):
        layers += [base.mark_rule(strokeWidth=1.2, color=colour).encode(x=f"{column}_low:Q", x2=f"{column}_high:Q"),
                   base.mark_point(filled=True, size=55, opacity=1, color=colour).encode(x=f"{column}:Q"),
                   base.mark_text(align="right", color=colour).encode(x=alt.datum(right), text=f"{column}_text:N"),
                   head(name, alt.datum(right), colour, "right")]
    return svg(framed(alt.layer(*layers), HALF - margin(table), ROW * len(table)))


def ranked(table: pd.DataFrame, heading: str, title: str) -> str:
    """One bar a city: columns city, value, text, lead."""
    axis = alt.Axis(title=title, grid=True, domain=False, ticks=False, tickCount=5)
    top = alt.Scale(domain=[0, max(1.0, float(table["value"].max())) * 1.15], nice=False)
    base = alt.Chart(table).encode(y=places_down(table))
    bars = base.mark_bar(height=12).encode(
        x=alt.X("value:Q", scale=top, axis=axis),
        color=alt.condition("datum.lead", alt.value(RED), alt.value("#9db8cc")))
    text = base.mark_text(align="left", dx=5).encode(x="value:Q", text="text:N")
    layers = alt.layer(bars, text, head(heading, alt.datum(0), SOFT, "left"))
    return svg(framed(layers, HALF - margin(table), ROW * len(table)))


def around_nought(low: pd.Series, high: pd.Series, room: float = 0.06) -> tuple[float, float]:
    """The ends of an axis that holds all intervals and nought, with some room."""
    least, most = min(0.0, float(low.min())), max(0.0, float(high.max()))
    extent = (most - least) or 1.0
    return least - room * extent, most + room * extent


def dots(table: pd.DataFrame, colours: dict[str, str], title: str, lang: str, width: float = HALF) -> str:
    """Changes with their intervals, in rows: columns row, what, mean, low, high; text, where there is one, beside."""
    low, high = around_nought(table["low"], table["high"])
    high += 0.3 * (high - low) if "text" in table else 0.0
    scale, rows = alt.Scale(domain=[low, high], nice=False), list(dict.fromkeys(table["row"]))
    x = alt.X("low:Q", scale=scale, axis=alt.Axis(title=title, grid=True, domain=False, ticks=False, tickCount=5,
                                                  labelExpr=amounts(lang)))
    base = alt.Chart(table).encode(y=rows_down(rows), color=keyed(list(colours), list(colours.values()), width))
    if len(colours) > 1:
        base = base.encode(yOffset=alt.YOffset("what:N", sort=list(colours)))
    else:
        base = base.encode(color=alt.value(BLUE))
    nought = alt.Chart(pd.DataFrame({"x": [0.0]})).mark_rule(color=SOFT).encode(x=alt.X("x:Q", scale=scale))
    layers = [nought, base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q"),
              base.mark_point(filled=True, size=50, opacity=1).encode(x=alt.X("mean:Q", scale=scale))]
    if "text" in table:
        layers.append(base.mark_text(align="left", dx=7).encode(x=alt.X("high:Q", scale=scale), text="text:N"))
    lines_each = max(row.count("\n") + 1 for row in rows)
    height = max(ROW, 15 * lines_each + 6, 12 * len(colours) + 6) * len(rows)
    left = 20 + max(wide(line) for row in rows for line in row.split("\n"))
    return svg(framed(alt.layer(*layers), width - left, height), width)


def tornado(table: pd.DataFrame, base: float, names: tuple[str, str], title: str) -> str:
    """What is found at either end of a range, in rows: columns row, low, high; a line where nothing is moved."""
    long = table.melt("row", ["low", "high"], "end", "x")
    long["what"] = long["end"].map({"low": names[0], "high": names[1]})
    long["base"], rows = base, list(dict.fromkeys(table["row"]))
    scale = alt.Scale(domain=list(spread_around(long["x"], base)), nice=False, zero=False)
    x = alt.X("base:Q", scale=scale, axis=alt.Axis(title=title, grid=True, domain=False, ticks=False, tickCount=5))
    bars = alt.Chart(long).mark_bar(height=11).encode(
        y=rows_down(rows), x=x, x2="x:Q", color=keyed(list(names), (AMBER, BLUE)), yOffset=alt.YOffset("what:N"))
    line = alt.Chart(pd.DataFrame({"x": [base]})).mark_rule(color=INK).encode(x=alt.X("x:Q", scale=scale))
    height = max(ROW + 4, 15 * max(row.count("\n") + 1 for row in rows) + 8) * len(rows)
    left = 20 + max(wide(part) for row in rows for part in row.split("\n"))
    return svg(framed(alt.layer(bars, line), HALF - left, height))


def spread_around(x: pd.Series, base: float) -> tuple[float, float]:
    """Ends of an axis that hold all values and the base, with some room."""
    low, high = min(float(x.min()), base), max(float(x.max()), base)
    room = 0.06 * (high - low) or 1.0
    return low - room, high + room


def rows_down(rows: list[str]) -> alt.Y:
    """Rows by their names, which may have several lines."""
    return alt.Y("row:N", sort=rows, axis=alt.Axis(title=None, labelColor=INK, labelExpr="split(datum.label, '\\n')"))


def cut(text: str, width: float = 240) -> str:
    """The beginning of a name that takes more pixels than this."""
    if wide(text) <= width:
        return text
    return next(text[:n] for n in range(len(text), 0, -1) if wide(text[:n]) <= width - wide("…")) + "…"


def wrapped(text: str, width: float = 150) -> str:
    """A name in lines that are no longer than so many pixels, if its words let it."""
    found, line = [], ""
    for piece in PIECES.findall(text):
        if line and wide(line + piece.rstrip()) > width:
            found.append(line.strip())
            line = ""
        line += piece
    return "\n".join([*found, line.strip()])


def rate_class(rate: float) -> int:
    """Which of the five classes of rates."""
    return sum(rate >= bound for bound in RATES)


def tiles(table: pd.DataFrame, heads: pd.DataFrame, legend: Sequence[tuple[str, str]], height: float) -> str:
    """Maps side by side: one square a city (columns left, top, right, bottom, colour, ink, name, rate_text)."""
    plain = {"axis": None, "scale": alt.Scale(domain=[0, FULL], nice=False)}
    down = {"axis": None, "scale": alt.Scale(domain=[height, 0], nice=False)}
    domain, colours = [name for name, _ in legend], [colour for _, colour in legend]
    base = alt.Chart(table)
    squares = base.mark_rect(stroke="white", strokeWidth=1.5).encode(
        x=alt.X("left:Q", **plain), x2="right:Q", y=alt.Y("top:Q", **down), y2="bottom:Q",
        color=alt.Color("class:N", scale=alt.Scale(domain=domain, range=colours)))
    names = base.mark_text(dy=-7, font=UNMEASURED, fontSize=float(table["size"].iloc[0])).encode(
        x=alt.X("middle:Q", **plain), y=alt.Y("centre:Q", **down), text="name:N", color=alt.Color("ink:N", scale=None))
    rates = base.mark_text(dy=8, fontSize=12, font=UNMEASURED).encode(
        x=alt.X("middle:Q", **plain), y=alt.Y("centre:Q", **down), text="rate_text:N",
        color=alt.Color("ink:N", scale=None))
    titles = alt.Chart(heads).mark_text(align="left", fontWeight="bold", fontSize=13).encode(
        x=alt.X("left:Q", **plain), y=alt.Y("top:Q", **down), text="text:N")
    return svg(framed(alt.layer(squares, names, rates, titles), FULL - 10, height), FULL)
