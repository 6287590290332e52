"""Solve for what a scenario file leaves to its record, and write it into the file, which stays as it is otherwise."""
from __future__ import annotations

import itertools
import json
import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.reading.loading import with_places
from sim.reading.yaml_places import Document
from sim.scenario.messages import say
from sim.scenario.problems import Place, Where
from sim.scenario.quantities import NUMBER, count, in_base, seconds
from sim.scenario.scenario import Scenario
from sim.studies.calibration import Calibration, Found, Unknown, calibrate, key_of, unknowns
from surgeline import console
from surgeline.commands.studying import checkpoint, compile_first, told
from surgeline.folders import whole
from surgeline.locale import Lang, texts
from surgeline.problems import RunError, UsageError

TOKEN = re.compile(r"\"[^\"]*\"|'[^']*'|[^,}\]#\n]*[^,}\]#\n\s]")
BREAK = re.compile(r"(\r\n|\r|\n)")
BYTE_ORDER = "\ufeff"
WORTH = {**seconds.worth, **count.worth, "%": 0.01}
WRITABLE, OWNERS = 0o222, 0o200
BAD_INPUT, NOT_POSSIBLE = 2, 3


@dataclass(frozen=True)
class Source:
    """A file as it was when it was read, and where its new numbers go."""

    document: Document
    file: str
    text: bytes
    mode: int
    target: Path
    there: bool  # whether the target was, too: then it is the file itself

    @classmethod
    def of(cls, document: Document, file: str, target: Path) -> Source:
        path = document.files[file]
        return cls(document, file, path.read_bytes(), path.stat().st_mode, target, target.exists())

    def is_as_it_was(self) -> bool:
        """Whether nobody wrote the target meanwhile."""
        try:
            return self.target.read_bytes() == self.text if self.there else not os.path.lexists(self.target)
        except OSError:
            return False


def run(name: str, replications: int, seed: int, out: Path | None, lang: Lang, as_json: bool) -> int:
    """Calibrate and write. Returns the exit code: 3 where no values within the ranges make the record hold, 2 where
    the file was changed meanwhile and what was found had to go into another."""
    scenario, document = with_places(name)
    free, file = free_values(scenario, document)
    target = out or target_of(name, document.files[file])
    refuse_target(target, document.files[file])
    source = Source.of(document, file, target.resolve() if target.is_symlink() else target)
    with whole.reserved(source.target):
        done = calibrated(scenario, free, replications, seed, source.target.parent, lang)
        written = write(source, done.found) if done.agrees else source.target
    if as_json:
        print(json.dumps(summary(done, written), ensure_ascii=False))
    else:
        console.show_calibration(done, scenario, written, lang)
    if written != source.target:
        console.say(texts(lang)["cli"]["changed_meanwhile"].format(file=source.target, other=written))
        return BAD_INPUT
    return 0 if done.agrees else NOT_POSSIBLE


def calibrated(scenario: Scenario, free: list[Unknown], replications: int, seed: int, folder: Path,
               lang: Lang) -> Calibration:
    """Solve. An interrupted calibration goes on with the trials that it has."""
    words = texts(lang)["cli"]
    compile_first("kernel", words)
    with checkpoint(folder, key_of(scenario, free, replications, seed), words) as unfinished, told(unfinished), \
            console.progress(words["calibrating"]) as tell:
        return calibrate(scenario, free, replications=replications, seed=seed, folder=unfinished, tell=tell)


def free_values(scenario: Scenario, document: Document) -> tuple[list[Unknown], str]:
    """The calibrated values of the file itself, or of the nearest one below it that has any.

    :raises UsageError: where there is nothing to solve for, or no record to hold it against.
    """
    if not scenario.observed:
        raise UsageError(say("{name} has no record to be fitted to: see observed: in other scenarios",
                             name=scenario.name))
    for file in reversed(document.files):  # the file itself is the last that was read
        found = free_in(scenario, document, file)
        if found:
            return found, file
    raise UsageError(say("{name} marks no value as free: {{calibrated: 100, range: [50, 200], to: ...}} does",
                         name=scenario.name))


def free_in(scenario: Scenario, document: Document, file: str) -> list[Unknown]:
    """The calibrated values that are written in a file; of a total that is split over the cities, the total."""
    split = {where: here for here, total in document.totals.items() for where in total.parts}
    single = unknowns(scenario, lambda where: where not in split and document.place(where).file == file)
    totals = [Unknown(tuple(total.parts), total.quantity.range[0], total.quantity.range[1], total.quantity.note,
                      tuple(total.parts.values()), total.given, (*here, "total"))
              for here, total in document.totals.items() if total.quantity.kind == "calibrated"
              and total.quantity.range and document.place((*here, "total")).file == file]
    return single + totals


def target_of(name: str, file: Path) -> Path:
    """The file itself; of a shipped scenario, a file of the same name in this folder."""
    return Path(name) if Path(name).is_file() and Path(name).samefile(file) else Path(file.name)


def refuse_target(target: Path, file: Path) -> None:
    """:raises RunError: where writing would lose another file, or can't be done."""
    if os.path.lexists(target) and not (target.exists() and target.samefile(file)):
        raise RunError(say("{target} is there already: choose another with --out, or remove it", target=target))
    if target.exists() and not target.stat().st_mode & WRITABLE:
        raise RunError(say("{target} can't be written: it is marked as not to be", target=target))


def write(source: Source, found: list[Found]) -> Path:
    """The file with new numbers, and every other character as it was. If somebody changed it meanwhile, it is left
    alone, and another beside it is written. Gives the one that was.

    :raises RunError: if it can't be written.
    """
    text = rewritten(source.text.decode(), source.document, found)
    target = source.target if source.is_as_it_was() else beside(source.target)
    with whole.whole_file(target) as part:
        part.write_bytes(text.encode())
        part.chmod(source.mode | OWNERS)
    return target


def beside(target: Path) -> Path:
    """A file beside another that is not there yet."""
    stems = (f"{target.stem}.calibrated" + (f"-{i}" if i > 1 else "") for i in itertools.count(1))
    paths = (target.with_name(stem + target.suffix) for stem in stems)
    return next(path for path in paths if not os.path.lexists(path))


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
        raise UsageError(say("no number at {text}", text=repr(text[:40])))
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
