"""Solve for what a scenario file leaves to its record, and write it into the file, which stays as it is otherwise."""
from __future__ import annotations

import json
import re
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from sim.calibration import Calibration, Found, Unknown, calibrate, unknowns
from sim.problems import Place, Where
from sim.quantities import NUMBER, count, in_base, seconds
from sim.reading.loading import with_places
from sim.scenario import Scenario
from sim.yamlfile import Document
from surgeline import console
from surgeline.locale import texts
from surgeline.problems import UsageError
from surgeline.runs import RunError
from surgeline.studying import announce_compiling

TOKEN = re.compile(r"\"[^\"]*\"|'[^']*'|[^,}\]#\n]*[^,}\]#\n\s]")
BREAK = re.compile(r"(\r\n|\r|\n)")
BYTE_ORDER = "\ufeff"
WORTH = {**seconds.worth, **count.worth, "%": 0.01}
WRITABLE, OWNERS = 0o222, 0o200
NOT_POSSIBLE = 3


def run(name: str, replications: int, seed: int, out: Path | None, lang: str, as_json: bool) -> int:
    """Calibrate and write. Returns the exit code: 3 where no values within the ranges make the record hold."""
    words = texts(lang)["cli"]
    scenario, document = with_places(name)
    free, file = free_values(scenario, document)
    target = out or target_of(name, document.files[file])
    refuse_target(target, document.files[file])
    announce_compiling("kernel", words)
    with console.progress(words["calibrating"]) as tell:
        done = calibrate(scenario, free, replications=replications, seed=seed,
                         tell=lambda trial, off: tell(min(0.95, trial / (10 * len(free) + 10))))
    if done.agrees:
        write(document, file, done.found, target)
    if as_json:
        print(json.dumps(summary(done, target), ensure_ascii=False))
    else:
        console.show_calibration(done, scenario, target, lang)
    return 0 if done.agrees else NOT_POSSIBLE


def free_values(scenario: Scenario, document: Document) -> tuple[list[Unknown], str]:
    """The calibrated values of the file itself, or of the nearest one below it that has any.

    :raises UsageError: where there is nothing to solve for, or no record to hold it against.
    """
    if not scenario.observed:
        raise UsageError(f"{scenario.name} has no record to be fitted to: see observed: in other scenarios")
    for file in reversed(document.files):  # the file itself is the last that was read
        found = unknowns(scenario, lambda where, file=file: document.place(where).file == file)  # type: ignore[misc]
        if found:
            return found, file
    raise UsageError(f"{scenario.name} marks no value as free: {{calibrated: 100, range: [50, 200], to: ...}} does")


def target_of(name: str, file: Path) -> Path:
    """The file itself; of a shipped scenario, a file of the same name in this folder."""
    return Path(name) if Path(name).is_file() and Path(name).samefile(file) else Path(file.name)


def refuse_target(target: Path, file: Path) -> None:
    """:raises RunError: where writing would lose another file, or can't be done."""
    if target.exists() and not target.samefile(file):
        raise RunError(f"{target} is there already: choose another with --out, or remove it")
    if target.exists() and not target.stat().st_mode & WRITABLE:
        raise RunError(f"{target} can't be written: it is marked as not to be")


def write(document: Document, file: str, found: list[Found], target: Path) -> None:
    """The file with new numbers, and every other character as it was.

    :raises RunError: if it can't be written.
    """
    source, target = document.files[file], target.resolve()
    part = target.with_name(f".{target.name}.part")
    try:
        text = rewritten(source.read_bytes().decode(), document, found)
        part.write_bytes(text.encode())
        part.chmod(source.stat().st_mode | OWNERS)
        part.replace(target)
    except OSError as error:
        raise RunError(f"{target} can't be written: {error.strerror}") from None
    finally:
        with suppress(OSError):
            part.unlink()


def rewritten(text: str, document: Document, found: list[Found]) -> str:
    """A file's text with the numbers that were found."""
    lines = BREAK.split(text)  # a line, what ends it, a line, ...
    mark = len(lines[0]) - len(lines[0].lstrip(BYTE_ORDER))
    places = {place_of(document, where): one for one in found for where in one.unknown.places}
    for place, one in sorted(places.items(), key=lambda item: item[0], reverse=True):
        at, column = 2 * (place.line - 1), place.column - 1 + (mark if place.line == 1 else 0)
        line, unknown = lines[at], one.unknown
        lines[at] = line[:column] + renumbered(line[column:], one.value, unknown.low, unknown.high)
    return "".join(lines)


def place_of(document: Document, where: Where) -> Place:
    return document.place((*document.as_written(where), "calibrated"))


def renumbered(text: str, value: float, low: float, high: float) -> str:
    """A value's text with another number within a range, its unit and all behind it as it was."""
    token = TOKEN.match(text)
    old = NUMBER.search(token[0]) if token else None
    if old is None:
        raise UsageError(f"no number at {text[:40]!r}")
    unit = unicodedata.normalize("NFKC", old[2].rstrip("'\""))
    shown = (plain(value / in_base(1.0, unit, WORTH), digits) for digits in range(4, 18))
    near = next((s for s in shown if low <= in_base(float(s), unit, WORTH) <= high), None)
    return text[:old.start(1)] + (near or plain(value / in_base(1.0, unit, WORTH), 17)) + text[old.end(1):]


def plain(number: float, digits: int) -> str:
    """So many digits that count, without an exponent."""
    return str(np.format_float_positional(float(f"{number:.{digits}g}"), trim="-"))


def summary(done: Calibration, target: Path) -> dict[str, Any]:
    """A calibration for machines."""
    return {
        "agrees": done.agrees, "written": str(target) if done.agrees else None, "trials": done.trials,
        "values": [{"name": one.unknown.name, "value": one.value, "low": number(one.low), "high": number(one.high),
                    "range": [one.unknown.low, one.unknown.high], "to": one.unknown.note} for one in done.found],
        "not_identified": done.flat,
        "record": [{"metric": line.observed.metric, "scope": line.observed.scope, "simulated": line.figure.mean,
                    "agrees": line.agrees} for line in done.record],
    }


def number(x: float) -> float | None:
    return None if np.isnan(x) else x


