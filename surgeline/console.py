"""What the console shows: tables that fit a terminal, or JSON."""
from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from sim.measures.statistics import Figure
from sim.scenario.scenario import Scenario
from sim.studies.calibration import Calibration
from surgeline.folders.comparison import Comparison, Variant
from surgeline.folders.run import Run
from surgeline.folders.sensitivity import SensitivityStudy
from surgeline.locale import Lang, texts
from surgeline.terminal import aside, console, show, show_path, show_table

LIKE_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NOTHING = "–"  # where there is no figure


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
    names, values = [str(name) for name in rows.columns], rows.astype(object).to_numpy().tolist()
    if as_json:
        print(json.dumps([dict(zip(names, map(as_plain, row), strict=True)) for row in values], ensure_ascii=False))
    elif not console.is_terminal:
        print(for_spreadsheets(rows).to_csv(index=False), end="")
    else:
        show_table(names, [["" if as_plain(value) is None else as_text(value) for value in row] for row in values],
                   "".join("f" if pd.api.types.is_numeric_dtype(kind) else "w" for kind in rows.dtypes))


def as_plain(value: Any) -> Any:
    """A value as JSON has it: nothing for what is no number, times as text."""
    if isinstance(value, dict):
        return {str(key): as_plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [as_plain(part) for part in value]
    if value is None or value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value.isoformat() if isinstance(value, (date, time)) else value


def as_text(value: Any) -> str:
    return json.dumps(as_plain(value), ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)


def for_spreadsheets(rows: pd.DataFrame) -> pd.DataFrame:
    """The same table, in which no text is a formula to a spreadsheet."""
    return pd.DataFrame({harmless(str(name)): rows[name].map(harmless, na_action="ignore")
                         if rows[name].dtype == object or pd.api.types.is_string_dtype(rows[name]) else rows[name]
                         for name in rows.columns})


def harmless(value: Any) -> Any:
    """Text that begins like a formula is quoted; a number is one, written as text or not."""
    text = as_text(value) if isinstance(value, (str, dict, list)) else None
    if text is None or not text.startswith(LIKE_FORMULAS) or is_number(text):
        return value if text is None else text
    return f"'{text}"


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text[-1:].isdigit()


def say(text: str) -> None:
    """A remark beside the result."""
    show(text, aside)


def show_run(run: Run, record: list[tuple[str, str, str, bool]], lang: Lang) -> None:
    """A run in a dozen lines: the cities it is about, and replay against record."""
    words = texts(lang)["cli"]
    show_cities(run, lang, words)
    if record:
        show_record(record, words)
    show_path(f"{words['report']}: {run.folder / 'report.html'}")


FIGURES = ("dials", "callers", "answered", "callers_answered", "answer_rate_dials", "answer_rate_callers",
           "dials_per_caller", "mean_wait_s", "helpers_answered", "served_by_bot")
FEW_FIGURES = ("dials", "callers", "answer_rate_dials", "answer_rate_callers")
FEW_PLACES = 3


def show_cities(run: Run, lang: Lang, words: dict[str, str]) -> None:
    """Few places side by side, many one below the other."""
    scenario = run.scenario
    places = [("province", words["province"])] if len(scenario.cities) > 1 else []
    places += [(f"city:{city}", getattr(scenario.cities[city].name, lang)) for city in scenario.surged()]
    title = f"{getattr(scenario.title, lang)}  {span(scenario)}"
    if len(places) <= FEW_PLACES:
        shown_too = FIGURES if run.value("served_by_bot").mean > 0 else FIGURES[:-1]
        rows = [[words[name], *(cell(run, name, scope) for scope, _ in places)] for name in shown_too]
        show_table(["", *(shown for _, shown in places)], rows, figures(rows), title)
    else:
        rows = [[shown, *(cell(run, name, scope) for name in FEW_FIGURES)] for scope, shown in places]
        show_table([words["where"], *(words[name] for name in FEW_FIGURES)], rows, figures(rows), title)


def figures(rows: list[list[str]]) -> str:
    """The kinds of columns of which all but the first are figures."""
    return "w" + "f" * (len(rows[0]) - 1)


def cell(run: Run, name: str, scope: str) -> str:
    """A figure with half the width of its interval."""
    try:
        figure = run.value(name, scope)
    except KeyError:
        return NOTHING
    rate = name.startswith("answer_rate")
    digits = 1 if figure.mean < 100 and name != "helpers_answered" else 0
    if rate:
        return f"{figure.mean:.1%}{half_width(figure, 100, 1)}"
    return f"{figure.mean:,.{digits}f}{half_width(figure, 1, digits)}"


def show_record(lines: list[tuple[str, str, str, bool]], words: dict[str, str]) -> None:
    show_table([words[key] for key in ("record", "recorded", "simulated", "agrees")],
               [(what, recorded, simulated, words["yes" if agrees else "no"])
                for what, recorded, simulated, agrees in lines], "wffw",
               bad=[i for i, line in enumerate(lines) if not line[3]])


def show_calibration(done: Calibration, scenario: Scenario, target: Path, lang: Lang) -> None:
    """What was found, how the record agrees, what it does not tell, and where it is written."""
    words = texts(lang)["cli"]
    show_table([words[key] for key in ("value", "found", "agrees_between", "fitted_to")], [
        (one.unknown.name, number(one.value), words["not_told"] if one.low != one.low else
         f"{number(one.low)} – {number(one.high)}", half_of(one.unknown.note, lang)) for one in done.found], "wffw")
    show_record([(f"{line.observed.metric} {line.observed.scope}",
                  between({"low": finite(line.low), "high": finite(line.high)}), number(line.figure.mean), line.agrees)
                 for line in done.record], words)
    for direction in done.flat:
        together = ", ".join(f"{name} ({share:+.2f})" for name, share in direction.items())
        show(words["flat"].format(values=together))
    said = "written" if done.agrees else "nearest"
    show_path(words[said].format(file=target, trials=done.trials))


def half_of(note: str, lang: Lang) -> str:
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
        return NOTHING
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def show_comparison(compared: Comparison, sentences: list[str], lang: Lang) -> None:
    """The variants side by side, and the answer in words."""
    words, manifest = texts(lang)["cli"], compared.manifest
    metric = manifest.objective.metric
    header = ["", words[metric], words["difference"], words["callers_answered"], words["people_difference"]]
    rows = [[getattr(one.name, lang), *compared_cells(one, metric)] for one in manifest.variants]
    show_table(header, rows, figures(rows), f"{getattr(manifest.scenario.title, lang)}  {span(manifest.scenario)}")
    show(words["compared"].format(n=manifest.replications, m=len(rows) - 1))
    for sentence in sentences:
        show(sentence)
    show_path(f"{words['report']}: {compared.folder / 'report.html'}")


def show_sensitivity(done: SensitivityStudy, sentences: list[str], lang: Lang) -> None:
    """What the study says in words, and where to read on."""
    show_sentences(done.manifest.scenario, sentences, {"report": done.folder / "report.html"}, lang)


def show_sentences(scenario: Scenario, sentences: list[str], files: dict[str, Path], lang: Lang) -> None:
    """What was found about a scenario, and the files to read on, each by what it is called."""
    show(f"{getattr(scenario.title, lang)}  {span(scenario)}")
    for sentence in sentences:
        show(sentence)
    for key, file in files.items():
        show_path(f"{texts(lang)['cli'][key]}: {file}")


def compared_cells(one: Variant, metric: str) -> list[str]:
    """A variant's rate and people answered, each with its difference."""
    rate, people = getattr(one.figures, metric), one.figures.callers_answered
    shown = NOTHING if math.isnan(rate.mean) else f"{rate.mean:.1%}"
    if one.differences is None:
        return [shown, "", f"{people.mean:,.0f}", ""]
    gain, more = getattr(one.differences, metric), one.differences.callers_answered
    gained = NOTHING if math.isnan(gain.mean) else f"{100 * gain.mean:+.1f}{half_width(gain, 100, 1)}"
    return [shown, gained, f"{people.mean:,.0f}", f"{more.mean:+,.0f}{half_width(more, 1, 0)}"]


def half_width(figure: Figure, factor: float, digits: int) -> str:
    """Half the width of an interval, if there is one."""
    return "" if figure.low != figure.low else f" ±{factor * figure.half_width:,.{digits}f}"
