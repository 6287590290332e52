"""What the console shows: tables that fit a terminal, or JSON."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from sim.calibration import Calibration
from sim.scenario import Scenario
from sim.statistics import Figure
from surgeline.comparisons import Compared, Variant
from surgeline.locale import texts
from surgeline.runs import Run
from surgeline.sensitivities import Sensed

# What scenarios say is no markup: "[/red]" in a title is text.
console = Console(markup=False, emoji=False)
aside = Console(stderr=True, markup=False, emoji=False)


def span(scenario: Scenario) -> str:
    """First and last day."""
    last = scenario.horizon.end - timedelta(seconds=1)
    return f"{scenario.horizon.start:%Y-%m-%d} – {last:%m-%d}"


@contextmanager
def progress(what: str) -> Iterator[Any]:
    """A bar on a terminal, nothing elsewhere; yields a function that is told the share that is done."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
               TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=aside, transient=True, disable=not aside.is_terminal) as bar:
        task = bar.add_task(what, total=1.0)
        yield lambda share: bar.update(task, completed=share)


def show_rows(rows: pd.DataFrame, as_json: bool) -> None:
    """A table for people, CSV for a pipe, or JSON."""
    if as_json:
        print(rows.to_json(orient="records", date_format="iso", force_ascii=False))
    elif not console.is_terminal:
        print(rows.to_csv(index=False), end="")
    else:
        table = Table(*map(Text, map(str, rows.columns)), box=None)
        for row in rows.itertuples(index=False):
            table.add_row(*(Text(str(value)) for value in row))
        console.print(table)


def say(text: str) -> None:
    """A remark beside the result."""
    aside.print(text, highlight=False)


def show_run(run: Run, record: list[tuple[str, str, str, bool]], lang: str) -> None:
    """A run in a dozen lines: the cities it is about, and replay against record."""
    words = texts(lang)["cli"]
    show_cities(run, lang, words)
    if record:
        show_record(record, words)
    console.print(f"{words['report']}: {run.folder / 'report.html'}", soft_wrap=True, highlight=False)


FIGURES = ("dials", "callers", "answered", "callers_answered", "answer_rate_dials", "answer_rate_callers",
           "dials_per_caller", "mean_wait_s", "helpers_answered")
FEW_FIGURES = ("dials", "callers", "answer_rate_dials", "answer_rate_callers")
FEW_PLACES = 3


def show_cities(run: Run, lang: str, words: dict[str, str]) -> None:
    """Few places side by side, many one below the other."""
    scenario = run.scenario
    places = [("province", words["province"])]
    places += [(f"city:{city}", getattr(scenario.cities[city].name, lang)) for city in scenario.surged()]
    title = f"{getattr(scenario.title, lang)}  {span(scenario)}"
    if len(places) <= FEW_PLACES:
        rows = [[words[name], *(cell(run, name, scope) for scope, _ in places)] for name in FIGURES]
        print_table(title, ["", *(shown for _, shown in places)], rows)
    else:
        rows = [[shown, *(cell(run, name, scope) for name in FEW_FIGURES)] for scope, shown in places]
        print_table(title, [words["where"], *(words[name] for name in FEW_FIGURES)], rows)


def print_table(title: str, header: list[str], rows: list[list[str]]) -> None:
    """The first column to the left, figures to the right."""
    table = Table(title=title, title_justify="left", box=None)
    for i, name in enumerate(header):
        table.add_column(name, justify="right" if i else "left")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def cell(run: Run, name: str, scope: str) -> str:
    """A figure with half the width of its interval."""
    try:
        figure = run.value(name, scope)
    except KeyError:
        return "–"
    rate = name.startswith("answer_rate")
    digits = 1 if figure.mean < 100 and name != "helpers_answered" else 0
    shown = f"{figure.mean:.1%}" if rate else f"{figure.mean:,.{digits}f}"
    if figure.low != figure.low:
        return shown
    half = (figure.high - figure.low) / 2
    return f"{shown} ±{half * 100:.1f}" if rate else f"{shown} ±{half:,.{digits}f}"


def show_record(lines: list[tuple[str, str, str, bool]], words: dict[str, str]) -> None:
    table = Table(*(words[key] for key in ("record", "recorded", "simulated", "agrees")), box=None)
    for what, recorded, simulated, agrees in lines:
        table.add_row(Text(what), recorded, simulated, words["yes"] if agrees else Text(words["no"], "bold red"))
    console.print(table)


def show_calibration(done: Calibration, scenario: Scenario, target: Path, lang: str) -> None:
    """What was found, how the record agrees, what it does not tell, and where it is written."""
    words = texts(lang)["cli"]
    table = Table(box=None)
    for key in ("value", "found", "agrees_between", "fitted_to"):
        table.add_column(words[key], overflow="fold")
    for one in done.found:
        holds = words["not_told"] if one.low != one.low else f"{number(one.low)} – {number(one.high)}"
        table.add_row(one.unknown.name, number(one.value), holds, half_of(one.unknown.note, lang))
    console.print(table)
    record = Table(*(words[key] for key in ("record", "recorded", "simulated", "agrees")), box=None)
    for line in done.record:
        about = f"{line.observed.metric} {line.observed.scope}"
        record.add_row(about, between({"low": finite(line.low), "high": finite(line.high)}), number(line.figure.mean),
                       words["yes"] if line.agrees else Text(words["no"], "bold red"))
    console.print(record)
    for direction in done.flat:
        together = ", ".join(f"{name} ({share:+.2f})" for name, share in direction.items())
        console.print(words["flat"].format(values=together), soft_wrap=True)
    said = "written" if done.agrees else "nearest"
    console.print(words[said].format(file=target, trials=done.trials), soft_wrap=True)


def half_of(note: str, lang: str) -> str:
    """This language's half of a note that says "中文 | English"."""
    zh, _, en = note.partition(" | ")
    return en if en and lang == "en" else zh


def finite(bound: float) -> float | None:
    return bound if abs(bound) < float("inf") else None


def between(bounds: dict[str, float | None]) -> str:
    low, high = bounds["low"], bounds["high"]
    if low is None or high is None:
        return f"< {number(high)}" if low is None else f"> {number(low)}"
    return f"{number(low)} – {number(high)}"


def number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def show_comparison(compared: Compared, answer: str, lang: str) -> None:
    """The variants side by side, and the answer in a sentence."""
    words, manifest = texts(lang)["cli"], compared.manifest
    metric = manifest.objective.metric
    header = ["", words[metric], words["difference"], words["callers_answered"], words["people_difference"]]
    rows = [[getattr(one.name, lang), *compared_cells(one, metric)] for one in manifest.variants]
    print_table(f"{getattr(manifest.scenario.title, lang)}  {span(manifest.scenario)}", header, rows)
    console.print(words["compared"].format(n=manifest.replications, m=len(rows) - 1), highlight=False)
    console.print(answer, highlight=False)
    console.print(f"{words['report']}: {compared.folder / 'report.html'}", soft_wrap=True, highlight=False)


def show_sensitivity(done: Sensed, sentences: list[str], lang: str) -> None:
    """What the study says in words, and where to read on."""
    show_sentences(done.manifest.scenario, sentences, {"report": done.folder / "report.html"}, lang)


def show_sentences(scenario: Scenario, sentences: list[str], files: dict[str, Path], lang: str) -> None:
    """What was found about a scenario, and the files to read on, each by what it is called."""
    console.print(f"{getattr(scenario.title, lang)}  {span(scenario)}", highlight=False)
    for sentence in sentences:
        console.print(sentence, highlight=False)
    for key, file in files.items():
        console.print(f"{texts(lang)['cli'][key]}: {file}", soft_wrap=True, highlight=False)


def compared_cells(one: Variant, metric: str) -> list[str]:
    """A variant's rate and people answered, each with its difference."""
    rate, people = getattr(one.figures, metric), one.figures.callers_answered
    if one.differences is None:
        return [f"{rate.mean:.1%}", "", f"{people.mean:,.0f}", ""]
    gain, more = getattr(one.differences, metric), one.differences.callers_answered
    return [f"{rate.mean:.1%}", f"{100 * gain.mean:+.1f}{half_width(gain, 100, 1)}", f"{people.mean:,.0f}",
            f"{more.mean:+,.0f}{half_width(more, 1, 0)}"]


def half_width(figure: Figure, factor: float, digits: int) -> str:
    """Half the width of an interval, if there is one."""
    return "" if figure.low != figure.low else f" ±{factor * (figure.high - figure.low) / 2:,.{digits}f}"
