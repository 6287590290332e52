"""What ``surgeline new`` is told by options and tables, and what it asks in a terminal."""
from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from sim.reading.exports import Export, read_export
from sim.reading.headings import HEADINGS
from sim.scenario.messages import printable, say
from surgeline.commands.new import AT_THE_TELEPHONE, Asked, new
from surgeline.locale import texts
from surgeline.problems import UsageError

KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def run(key: str, folder: Path, lang: str, options: Mapping[str, Any]) -> None:
    """Read the tables, ask for what is missing, and write the scenario.

    :raises ScenarioError: if a table can't be understood.
    :raises UsageError: if something is missing and nobody can be asked.
    """
    refuse_key(key)
    words = texts(lang)["new"]
    columns = named_columns(options["columns"])
    calls = export(options["calls"], "calls", options["sheet"], columns)
    seats = export(options["seats"], "seats", None, columns)
    given = answers(options, calls, seats, words)
    files = {kind: file_name(options[kind]) for kind in ("calls", "seats") if options[kind]}
    start = options["start"].date() if options["start"] else next_monday()
    new(Asked(key, options["city"] or key, calls, given["calls_a_day"], options["counts"], seats,
              AT_THE_TELEPHONE if options["seats_count"] == "rostered" else 1.0, given["agents"],
              given["workplaces"], options["talk"], start, files), folder, lang)


def export(path: Path | None, kind: str, sheet: str | None, columns: Mapping[str, str]) -> Export | None:
    return None if path is None else read_export(path, kind, sheet, {
        name: heading for name, heading in columns.items() if name == kind or name not in ("calls", "seats")})


def answers(options: Mapping[str, Any], calls: Export | None, seats: Export | None,
            words: Mapping[str, str]) -> dict[str, float | None]:
    """The numbers that no table says, asked for in a terminal.

    :raises UsageError: naming the options that are missing, where nobody can be asked.
    """
    refuse_idle(options, calls, seats)
    given = {name: options[name] for name in ("calls_a_day", "agents", "workplaces")}
    needed = {"calls_a_day": calls is None, "agents": seats is None, "workplaces": seats is None}
    missing = [name for name, value in given.items() if value is None and needed[name]]
    if missing and not sys.stdin.isatty():
        named = ", ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise UsageError(say("still needed: {options}; or run it in a terminal and answer one by one", options=named))
    for name in missing:
        asked = words[{"calls_a_day": "ask_calls"}.get(name, f"ask_{name}")]
        given[name] = click.prompt(asked, type=click.FloatRange(0, 1e9))
    return given


def refuse_idle(options: Mapping[str, Any], calls: Export | None, seats: Export | None) -> None:
    """:raises UsageError: for numbers that a table says otherwise."""
    if calls is not None and options["calls_a_day"] is not None:
        raise UsageError(say("--calls-a-day does nothing beside --from, which has the calls: leave one out"))
    most = max(seats.values["seats"], default=0.0) if seats else 0.0
    if options["workplaces"] is not None and options["workplaces"] < most:
        raise UsageError(say("--workplaces {given:g} is less than the {most:g} seats of the table: give as many, or "
                             "leave it out", given=options["workplaces"], most=most))


def refuse_key(key: str) -> None:
    if not KEY.fullmatch(key):
        raise UsageError(say("{name} must be small letters a-z, digits, - and _, as in mycity", name=printable(key)))


def next_monday(today: date | None = None) -> date:
    today = today or datetime.now().date()
    return today + timedelta(days=7 - today.weekday())


def named_columns(said: Iterable[str]) -> dict[str, str]:
    """``calls=来电量`` as columns by what they are.

    :raises UsageError: for a kind that no column has.
    """
    found = {}
    for one in said:
        kind, equals, heading = one.partition("=")
        if not equals or kind not in HEADINGS:
            raise UsageError(say("--column {one}: write one of {names}, =, and the heading, such as calls=来电量",
                                 one=printable(one), names=", ".join(HEADINGS)))
        found[kind] = heading
    return found


def file_name(path: Any) -> str:
    return printable(Path(path).name, 100)
