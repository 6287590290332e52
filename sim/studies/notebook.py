"""How results draw themselves in a notebook: a table and a chart, without anything from the internet."""
from __future__ import annotations

import html
from collections.abc import Callable, Mapping

import pandas as pd

from sim.measures.statistics import Figure
from sim.scenario.scenario import Scenario

Value = Callable[[str, str], Figure]  # of a metric and a scope
ROWS = ("dials", "callers", "callers_answered", "answer_rate_dials", "answer_rate_callers", "mean_wait_s")
ENDS = {"answered": "#0072b2", "abandoned": "#e69f00", "blocked": "#d55e00"}
MOST_PLACES = 6
HOURLY_DAYS = 3


def of_result(scenario: Scenario, value: Value, intervals: pd.DataFrame, days: int) -> str:
    """A run: figures of the cities in focus with their intervals, and what became of their dials."""
    places = places_of(scenario)
    rows = {name: [written(name, value(name, place)) for place in places] for name in ROWS}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=[named(scenario, place) for place in places])
    return f"<h4>{titles(scenario)}</h4>{table.to_html()}{chart(scenario, intervals, days)}"


def of_study(scenario: Scenario, values: Mapping[str, Value], differences: Mapping[str, Value], number: int) -> str:
    """A study: what each variant changes of the answer rate, on the same luck."""
    places, metric = places_of(scenario), f"answer_rate_{scenario.headline}"
    rows = {name: [written(metric, value(metric, place)) for place in places] for name, value in values.items()}
    changes = {f"{name} − {next(iter(rows))}": [points(change(metric, place)) for place in places]
               for name, change in differences.items()}
    table = pd.DataFrame.from_dict(rows | changes, orient="index", columns=[named(scenario, one) for one in places])
    return f"<h4>{titles(scenario)}: {metric}, {number} replications</h4>{table.to_html()}"


def of_tables(scenario: Scenario, *tables: pd.DataFrame) -> str:
    """Tables under the scenario's title."""
    return f"<h4>{titles(scenario)}</h4>" + "".join(table.to_html(index=False) for table in tables)


def places_of(scenario: Scenario) -> list[str]:
    """The scopes that are shown."""
    return [f"city:{city}" for city in scenario.surged()][:MOST_PLACES] or ["province"]


def titles(scenario: Scenario) -> str:
    return html.escape(" ".join(dict.fromkeys([scenario.title.zh, scenario.title.en])))


def named(scenario: Scenario, place: str) -> str:
    city = place.removeprefix("city:")
    return scenario.cities[city].name.zh if city in scenario.cities else place


def written(metric: str, figure: Figure) -> str:
    """A mean with half its interval."""
    if metric.startswith("answer_rate"):
        return f"{figure.mean:.1%}{around(100 * figure.half_width)}"
    return f"{figure.mean:,.1f}{around(figure.half_width)}"


def points(figure: Figure) -> str:
    return f"{100 * figure.mean:+.1f} pp{around(100 * figure.half_width)}"


def around(half: float) -> str:
    return "" if half != half else f" ± {half:,.2f}"


def chart(scenario: Scenario, table: pd.DataFrame, days: int) -> str:
    """What became of the dials of the cities in focus, by hour or by day, as SVG."""
    import altair as alt
    import vl_convert
    table = table[table["city"].isin(scenario.surged())]
    step = "h" if days <= HOURLY_DAYS else "D"
    counts = table.groupby(table["start"].dt.floor(step))[list(ENDS)].sum().reset_index().melt("start", var_name="end")
    bars = alt.Chart(counts).mark_bar().encode(
        x=alt.X("start:T", title=None), y=alt.Y("value:Q", title=f"dials a{'n hour' if step == 'h' else ' day'}"),
        color=alt.Color("end:N", scale=alt.Scale(domain=list(ENDS), range=list(ENDS.values())), title=None))
    spec = bars.properties(width=600, height=180).to_dict()
    return str(vl_convert.vegalite_to_svg(spec, vl_version=alt.SCHEMA_VERSION.lstrip("v").rpartition(".")[0]))
