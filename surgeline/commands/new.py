"""A first scenario of an own city: from a few numbers, or from what an ACD and a duty manager have."""
from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from string import Template

from sim.reading import exports, load
from sim.reading.exports import Export
from sim.scenario.problems import Place, ScenarioError
from surgeline import terminal
from surgeline.folders import whole
from surgeline.locale import resource, texts

AGAIN_BUSY, AGAIN_HUNG_UP = 0.9, 0.5  # who dial again, as provinces/callers assumes
AT_THE_TELEPHONE, LINES_PER_SEAT = 0.72, 1.5  # as provinces/callers assumes
USUAL_DAY = (2, 1, 1, 1, 1, 2, 4, 8, 14, 17, 16, 12, 9, 11, 15, 15, 13, 10, 8, 7, 6, 5, 4, 3)  # an assumption
WIDTH = 16  # numbers on a line
HOURS_A_WEEK = 40.0


@dataclass(frozen=True)
class Asked:
    """What a planner gives: by options, or when asked."""

    key: str
    name: str
    calls: Export | None
    calls_a_day: float | None
    counts: str            # "dials" or "people"
    seats: Export | None
    at_work: float         # the part of the table's seats that is at the telephone
    agents: float | None
    workplaces: float | None
    talk_s: float | None
    start: date
    files: Mapping[str, str]


def new(asked: Asked, folder: Path, lang: str) -> Path:
    """Write a commented scenario, and the table of seats beside it if there is one: both or none.

    :raises RunError: if a file is there already or can't be written.
    """
    words = texts(lang)["new"]
    path = folder / f"{asked.key}.yaml"
    days = days_to_replay(asked)
    for there in (path, *([folder / seats_table(asked)] if asked.seats else [])):
        whole.refuse_if_there(there)
    with whole.reserved(path) as parts:
        (parts / path.name).write_text(text_of(asked, days, words, lang), encoding="utf-8")
        names = [path.name]
        if asked.seats is not None:
            names.append(seats_table(asked))
            write_seats(asked, days, parts / names[-1])
        refuse_what_is_wrong(parts / path.name, path, asked)
        for name in reversed(names):
            (parts / name).replace(folder / name)
    for line in told(asked, days, words):
        terminal.show(line)
    terminal.show_path(words["written"].format(path=path))
    return path


def refuse_what_is_wrong(made: Path, path: Path, asked: Asked) -> None:
    """What we write must be right. A fault is one of what was given: told of the table of seats, or of the file to
    be written.

    :raises ScenarioError: for all that is wrong.
    """
    try:
        load(made)
    except ScenarioError as error:
        seats = asked.files.get("seats", path.name)
        raise ScenarioError([replace(one, place=Place(seats, 1, 1) if one.path.startswith("staff") else replace(
            one.place, file=path.name)) for one in error.problems]) from None


# --- days ------------------------------------------------------------------------------------------------------------

def days_to_replay(asked: Asked) -> list[date]:
    """The days of the tables; a week from a Monday on where they have times of day only."""
    days = exports.days_of(asked.calls) if asked.calls else []
    days = days or (exports.days_of(asked.seats) if asked.seats else [])
    first, last = (days[0], days[-1]) if days else (asked.start, asked.start + timedelta(days=6))
    return [first + timedelta(days=k) for k in range((last - first).days + 1)]


def interval_min(asked: Asked) -> int:
    """Half hours where rows are as long or longer, otherwise quarters of an hour."""
    if asked.calls is None or asked.calls.is_daily:
        return 15
    return 30 if asked.calls.step > timedelta(minutes=15) else 15


# --- callers ---------------------------------------------------------------------------------------------------------

def callers_a_day(asked: Asked) -> float:
    """People who call on a day, the mean over the days of the table."""
    if asked.calls is None:
        return float(asked.calls_a_day or 0)
    a_day = sum(exports.totals(asked.calls, "calls").values()) / exports.whole_days(asked.calls)
    dials = sum(asked.calls.values["calls"])
    return a_day * (1 - redials(asked.calls) / dials) if asked.counts == "dials" and dials else a_day


def redials(calls: Export) -> float:
    """Dials of people who had dialled before and failed: those who hung up or met a busy signal, as far as they are
    counted, times the share who dial again."""
    values = calls.values
    busy = sum(values.get("busy", ()))
    hung_up = sum(values["abandoned"]) if "abandoned" in values else \
        max(sum(values["calls"]) - sum(values["answered"]) - busy, 0) if "answered" in values else 0.0
    return AGAIN_HUNG_UP * hung_up + AGAIN_BUSY * busy


def shape_of_day(asked: Asked) -> list[float]:
    if asked.calls is None or asked.calls.is_daily:
        return list(USUAL_DAY)
    shape = exports.over_the_day(asked.calls, "calls")
    return shape if sum(shape) > 0 else list(USUAL_DAY)


def shape_of_week(asked: Asked) -> list[float] | None:
    return exports.over_the_week(asked.calls, "calls") if asked.calls and asked.calls.has_dates else None


# --- people ----------------------------------------------------------------------------------------------------------

def workplaces(asked: Asked) -> int:
    most = max(asked.seats.values["seats"], default=0.0) if asked.seats else 0.0
    return math.ceil(max(asked.workplaces or 0.0, most, 1.0))


def agents(asked: Asked) -> int:
    """As many as said; otherwise as many as the planned seats take at forty hours a week."""
    if asked.agents is not None or asked.seats is None:
        return math.ceil(asked.agents or 1)
    days = max(len(exports.days_of(asked.seats)), 1)
    hours = sum(asked.seats.values["seats"]) * (asked.seats.step / timedelta(hours=1)) / days
    return max(math.ceil(7 * hours / HOURS_A_WEEK), 1)


def seats_table(asked: Asked) -> str:
    return f"{asked.key}-seats.csv"


def write_seats(asked: Asked, days: Iterable[date], path: Path) -> None:
    """The seats planned, one row a moment."""
    assert asked.seats is not None
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["start", asked.key])
        for at, seats in exports.spread_over(asked.seats, "seats", days):
            table.writerow([f"{at:%Y-%m-%d %H:%M}", f"{asked.at_work * seats:g}"])


# --- the file --------------------------------------------------------------------------------------------------------

def text_of(asked: Asked, days: list[date], words: Mapping[str, str], lang: str) -> str:
    """The scenario file, commented in a language."""
    tuesday = next((day for day in days if day.weekday() == 1), days[0])
    week = shape_of_week(asked)
    once = callers_a_day(asked) * (7 * week[tuesday.weekday()] / sum(week) if week and sum(week) else 1.0)
    filled = {
        "key": asked.key, "title": asked.name.replace("\n", " "),
        "name": f"{{zh: {quoted(asked.name)}, en: {quoted(asked.name)}}}", "start": days[0], "end": days[-1],
        "interval": interval_min(asked), "calls_a_day": calls_line(asked, words),
        "workplaces": workplaces(asked), "agents": agents_line(asked, words), "day": numbers(shape_of_day(asked)),
        "week": f"\n    week: [{', '.join(f'{one:.0f}' for one in week)}]" if week else "",
        "profile_note": words["profile_file" if asked.calls and not asked.calls.is_daily else "profile_usual"],
        "talk": talk_lines(asked, words), "staff": staff_line(asked, words), "record": record_lines(asked, words),
        "lines": math.ceil(LINES_PER_SEAT * workplaces(asked)), "tuesday": tuesday,
        "weekday": words["weekdays"].split()[tuesday.weekday()], "once": round(once), "twice": round(2 * once),
    }
    return Template(resource(f"new.{lang}.yaml")).substitute(filled)


def calls_line(asked: Asked, words: Mapping[str, str]) -> str:
    people = round(callers_a_day(asked))
    if asked.calls is None:
        return f"{people}"
    kind = "people_of_dials" if asked.counts == "dials" else "people_counted"
    said = words[kind].format(file=asked.files["calls"], heading=asked.calls.headings["calls"],
                              redials=round(redials(asked.calls)), dials=round(sum(asked.calls.values["calls"])))
    return f"{{value: {people}, source: {quoted(said)}}}"


def agents_line(asked: Asked, words: Mapping[str, str]) -> str:
    people = agents(asked)
    if asked.agents is not None or asked.seats is None:
        return f"{people}"
    return f"{{assume: {people}, range: [{max(1, people // 2)}, {2 * people}], why: {quoted(words['agents_assumed'])}}}"


def talk_lines(asked: Asked, words: Mapping[str, str]) -> str:
    """The mean length of a talk, where it is known."""
    found = {kind: exports.mean_of(asked.calls, kind) for kind in ("talk", "handle")} if asked.calls else {}
    mean = asked.talk_s or found.get("talk") or found.get("handle")
    if not mean:
        return ""
    source = words["talk_said"] if asked.talk_s else words["talk_file"].format(file=asked.files["calls"])
    alone = "" if asked.talk_s or found.get("talk") else "\n    wrap_up: none"
    return (f"\nclasses:\n  everyday:\n    talk: {{law: lognormal, mean: {{value: {mean:.0f} s, source: "
            f"{quoted(source)}}}, cv: {{assume: 1.15, range: [0.8, 1.4], why: {quoted(words['cv_why'])}}}}}{alone}\n")


def staff_line(asked: Asked, words: Mapping[str, str]) -> str:
    return f"\nstaff: {{table: {seats_table(asked)}}}  # {words['staff']}\n" if asked.seats else ""


def record_lines(asked: Asked, words: Mapping[str, str]) -> str:
    """The answer rate of the table, which every run is held against."""
    calls = asked.calls
    if calls is None or "answered" not in calls.values or not sum(calls.values["calls"]):
        return ""
    rate = min(sum(calls.values["answered"]) / sum(calls.values["calls"]), 1.0)
    source = quoted(f"{asked.files['calls']}, {calls.headings['answered']}")
    return (f"\nobserved:  # {words['record']}\n  - {{metric: answer_rate_dials, scope: \"city:{asked.key}\", "
            f"value: {100 * rate:.1f} %, within: 3 pp, source: {source}}}\n")


def numbers(values: Iterable[float]) -> str:
    """A list on lines of a readable length."""
    texts_of = [f"{value:.4g}" for value in values]
    lines = [", ".join(texts_of[k:k + WIDTH]) for k in range(0, len(texts_of), WIDTH)]
    return "[" + ",\n          ".join(lines) + "]"


def quoted(text: str) -> str:
    """Text for YAML."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


# --- what is said ----------------------------------------------------------------------------------------------------

def told(asked: Asked, days: list[date], words: Mapping[str, str]) -> list[str]:
    """How the tables were read, and what that means."""
    said = []
    if asked.calls is not None:
        said += read_as(asked.calls, "calls", asked.files["calls"], words)
        said += talk_as(asked, words)
        said.append(words["counts_dials" if asked.counts == "dials" else "counts_people"].format(
            redials=round(redials(asked.calls))))
        if asked.counts == "dials" and "busy" not in asked.calls.values:
            said.append(words["no_busy"])
        if asked.calls.is_daily:
            said.append(words["spread_daily"])
    if asked.seats is not None:
        said += read_as(asked.seats, "seats", asked.files["seats"], words)
        said.append(words["seats_working" if asked.at_work == 1 else "seats_rostered"])
    if record_lines(asked, words):
        said.append(words["held"])
    said.append(words["days"].format(start=days[0], end=days[-1], n=len(days)))
    return said


def talk_as(asked: Asked, words: Mapping[str, str]) -> list[str]:
    """Which lengths of talks were read, and what they come to."""
    assert asked.calls is not None
    found = [(kind, mean) for kind in ("talk", "handle") if (mean := exports.mean_of(asked.calls, kind))]
    return [words[f"read_{kind}"].format(heading=asked.calls.headings[kind], mean=round(mean))
            for kind, mean in found[:0 if asked.talk_s else 1]]


def read_as(export: Export, kind: str, file: str, words: Mapping[str, str]) -> list[str]:
    minutes = int(export.step / timedelta(minutes=1))
    step = words["every_day"] if export.is_daily else words["every_minutes"].format(n=minutes)
    times = words["with_dates"] if export.has_dates else words["times_of_day"]
    left = words["left_out"].format(lines=", ".join(export.left_out)) if export.left_out else ""
    said = [words["read_as"].format(file=file, heading=export.headings[kind], rows=len(export.starts), step=step,
                                    times=times, left=left)]
    said += [words["rivals"].format(taken=names[0], others=", ".join(names[1:])) for names in export.rivals.values()]
    if short := exports.incomplete(export):
        said.append(words["incomplete"].format(days=", ".join(map(str, short[:5])), n=len(short)))
    return said
