"""How results draw themselves in a notebook: a table and a chart, without anything from the internet."""
from __future__ import annotations

import html
from typing import TYPE_CHECKING

import pandas as pd

from sim.statistics import Figure

if TYPE_CHECKING:
    from sim.result import Result
    from sim.studies import Study

ROWS = ("dials", "callers", "callers_answered", "answer_rate_dials", "answer_rate_callers", "mean_wait_s")
ENDS = {"answered": "#0072b2", "abandoned": "#e69f00", "blocked": "#d55e00"}
MOST_PLACES = 6
HOURLY_DAYS = 3


def of_result(result: Result) -> str:
    """A run: figures of the cities in focus with their intervals, and what became of their dials."""
    places = [f"city:{city}" for city in result.scenario.surged()][:MOST_PLACES] or ["province"]
    rows = {name: [written(name, result.value(name, place)) for place in places] for name in ROWS}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=[named(result, place) for place in places])
    return f"<h4>{titles(result)}</h4>{table.to_html()}{chart(result)}"


def of_study(study: Study) -> str:
    """A study: what each variant changes of the answer rate, on the same luck."""
    first, metric = study.first, f"answer_rate_{study.first.scenario.headline}"
    places = [f"city:{city}" for city in first.scenario.surged()][:MOST_PLACES] or ["province"]
    rows = {name: [written(metric, result.value(metric, place)) for place in places]
            for name, result in study.results.items()}
    changes = {f"{name} − {next(iter(rows))}": [points(study.difference(name, metric, place)) for place in places]
               for name in study.differences}
    table = pd.DataFrame.from_dict(rows | changes, orient="index", columns=[named(first, place) for place in places])
    return f"<h4>{titles(first)}: {metric}, {study.replications} replications</h4>{table.to_html()}"


def titles(result: Result) -> str:
    title = result.scenario.title
    return html.escape(" ".join(dict.fromkeys([title.zh, title.en])))


def named(result: Result, place: str) -> str:
    city = place.removeprefix("city:")
    return result.scenario.cities[city].name.zh if city in result.scenario.cities else place


def written(metric: str, figure: Figure) -> str:
    """A mean with half its interval."""
    if metric.startswith("answer_rate"):
        return f"{figure.mean:.1%}{around(100 * (figure.high - figure.low) / 2)}"
    return f"{figure.mean:,.1f}{around((figure.high - figure.low) / 2)}"


def points(figure: Figure) -> str:
    return f"{100 * figure.mean:+.1f} pp{around(100 * (figure.high - figure.low) / 2)}"


def around(half: float) -> str:
    return "" if half != half else f" ± {half:,.2f}"


def chart(result: Result) -> str:
    """What became of the dials of the cities in focus, by hour or by day, as SVG."""
    import altair as alt
    import vl_convert
    table = result.intervals()
    table = table[table["city"].isin(result.scenario.surged())]
    step = "h" if len(result.levels["day"].periods) <= HOURLY_DAYS else "D"
    counts = table.groupby(table["start"].dt.floor(step))[list(ENDS)].sum().reset_index().melt("start", var_name="end")
    bars = alt.Chart(counts).mark_bar().encode(
        x=alt.X("start:T", title=None), y=alt.Y("value:Q", title=f"dials a{'n hour' if step == 'h' else ' day'}"),
        color=alt.Color("end:N", scale=alt.Scale(domain=list(ENDS), range=list(ENDS.values())), title=None))
    spec = bars.properties(width=600, height=180).to_dict()
    return str(vl_convert.vegalite_to_svg(spec, vl_version=alt.SCHEMA_VERSION.lstrip("v").rpartition(".")[0]))
