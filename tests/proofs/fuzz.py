"""Files that are wrong, and odd small towns: ``python tests/proofs/fuzz.py [--files N] [--runs N] [--seed N]``.

Files: what ships, and a small scenario that says something in every section, with tables beside it, spoilt in one to
three places (see ``damage``). Each is read: it is a scenario, or a ``ScenarioError`` comes within three seconds of CPU
whose every message is what ``advice`` asks for. What a message advises is done once, and must not be refused in turn.

Runs: small random towns that pass ``check`` (see ``towns``) go through the real commands, and what these write is held
to what must hold of any run (see ``books``), once more in another time zone.

Prints a table by kind and each fault, keeps faulty inputs in a folder, and ends with 1 where there is a fault.
"""
from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import re
import resource
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter, defaultdict
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import at_hand  # noqa: F401  what tests share
from advice import faults, followed, put
from click.testing import CliRunner
from damage import MAIN, Files, damaged
from trips import TooLongError, Trip, ended_after, trip

from sim.reading.loading import load
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.scenario import Scenario
from surgeline.cli import main as main_command

MOST_S, HANGS_S, MOST_MB = 3.0, 120, 400
DETAILS = re.compile(r'"[^"]*"|[\w.\[\]/-]*\d[\w.:%\[\]-]*')


class Book:
    """What happened, by kind."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        self.faults: dict[str, list[str]] = defaultdict(list)
        self.kept = Path(tempfile.mkdtemp(prefix="fuzz-"))

    def fault(self, kind: str, number: int, why: str, files: Files) -> None:
        self.counts[kind]["faults"] += 1
        alike = DETAILS.sub("", why)[:150]
        if alike not in self.faults:
            put(files, fresh(self.kept / f"{kind.partition(' ')[0]}-{number}"))
        self.faults[alike].append(f"{kind} {number}: {why}")

    def show(self) -> int:
        columns = list(dict.fromkeys(name for counts in self.counts.values() for name in counts))
        print(f"\n| what | {' | '.join(columns)} |\n| --- |{' --: |' * len(columns)}")
        total = sum(self.counts.values(), Counter[str]())
        for kind, counts in [*sorted(self.counts.items()), ("all", total)]:
            print(f"| {kind} | {' | '.join(f'{counts[name]:,}' for name in columns)} |")
        for found in self.faults.values():
            print(f"\n{len(found)} times:", *found[:2], sep="\n  ")
        print(f"\n{total['faults']:,} faults" + (f", inputs in {self.kept}" if self.faults else ""))
        return 1 if self.faults else 0


def fresh(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


# --- files -----------------------------------------------------------------------------------------------------------

class Told(NamedTuple):
    """What reading a file came to."""

    outcome: str
    faults: list[str]
    error: ScenarioError | None = None
    scenario: Scenario | None = None


def read(files: Files) -> Told:
    """Read the main file of the working folder."""
    began, memory = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = read_in_time(files)
    if time.process_time() - began > MOST_S:
        told.faults.append(f"slow: {time.process_time() - began:.1f} s of CPU")
    if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory > MOST_MB * 1024:
        told.faults.append("swells: takes hundreds of megabytes")
    return told


def read_in_time(files: Files) -> Told:
    try:
        with ended_after(HANGS_S):
            scenario = load(MAIN)
            manifest = json.loads(json.dumps(scenario.model_dump(mode="json", by_alias=True)))
            again = Scenario.model_validate(manifest)
    except ScenarioError as error:
        return Told("refused", faults(error, files), error)
    except TooLongError:
        return Told("faulty", ["does not end"])
    except Exception as error:
        return Told("faulty", [f"{type(error).__name__}: {traceback.format_exc(limit=-3)}"])
    return Told("read", [] if again == scenario else ["another scenario: comes back from its manifest"], None, scenario)


def one_file(seed: int, number: int, book: Book) -> None:
    """Spoil, read, follow the advice."""
    kinds, files, before = damaged(seed, number)
    kind, meant = f"file / {kinds[0]}", as_meant(before[MAIN], before)
    put(files, Path())
    told = read(files)
    book.counts[kind]["cases"] += 1
    book.counts[kind]["read as before" if told.scenario == meant else told.outcome] += 1
    for fault in told.faults:
        book.fault(kind, number, fault, files)
    if told.error is not None:
        advised(kind, number, told.error, files, book)
    for name in files:
        Path(name).unlink()


@cache
def sound_ones() -> dict[bytes, Scenario]:
    return {}


def as_meant(text: bytes, files: Files) -> Scenario:
    """The scenario of sound files."""
    known = sound_ones()
    if text not in known:
        put(files, Path())
        known[text] = load(MAIN)
    return known[text]


def advised(kind: str, number: int, error: ScenarioError, files: Files, book: Book) -> None:
    """Do what the first message with advice says: what it was about must be mended then."""
    for problem in error.problems:
        better = followed(problem, files)
        if better is None:
            continue
        put(better, Path())
        again = read(better)
        book.counts[kind]["advice"] += 1
        still = [one for one in again.error.problems if is_still_there(problem, one)] if again.error else []
        if still and not any(one.place == problem.place and one != problem for one in error.problems):
            book.fault(kind, number, f"advice refused: {problem}\n    then: {still[0]}", files)
        return


def is_still_there(problem: Problem, one: Problem) -> bool:
    """Whether the same rule is broken at the same place, or what was advised has no use there. That a date which can be
    read now lies elsewhere is another matter."""
    rule, other = (message.partition(", got")[0] for message in (problem.message, one.message))
    return one.place == problem.place and (rule == other or "has no use" in other)


def all_files(seed: int, files: int, until: float, book: Book) -> None:
    for number in range(files):
        if time.monotonic() > until:
            print(f"stopped after {number:,} files", file=sys.stderr, flush=True)
            return
        one_file(seed, number, book)
        if number % 1000 == 999:
            print(f"{number + 1:,} files", file=sys.stderr, flush=True)


# --- runs ------------------------------------------------------------------------------------------------------------

HOME, ELSEWHERE = "Asia/Shanghai", ("America/New_York", "Europe/London", "Pacific/Apia", "UTC")


def in_zone(stack: ExitStack, zone: str) -> ProcessPoolExecutor:
    """A process whose clock on the wall is another."""
    usual = os.environ.get("TZ")
    os.environ["TZ"] = zone
    pool = stack.enter_context(ProcessPoolExecutor(1, multiprocessing.get_context("spawn")))
    pool.submit(time.tzset).result()
    os.environ.pop("TZ")
    if usual is not None:
        os.environ["TZ"] = usual
    return pool


def all_runs(seed: int, runs: int, until: float, book: Book) -> None:
    """Each town twice: in China, and somewhere else."""
    with ExitStack() as stack:
        here, away = in_zone(stack, HOME), in_zone(stack, ELSEWHERE[seed % len(ELSEWHERE)])

        def sent(number: int) -> tuple[Future[Trip], Future[Trip]]:
            return here.submit(trip, seed, number, True), away.submit(trip, seed, number, False)
        numbers, waiting = iter(range(runs)), list[tuple[int, tuple[Future[Trip], Future[Trip]]]]()
        while time.monotonic() < until:
            waiting += [(number, sent(number)) for number in islice(numbers, 4 - len(waiting))]
            if not waiting:
                return
            number, (one, other) = waiting.pop(0)
            one_run(number, one.result(), other.result(), book)
            if number % 20 == 19:
                print(f"{number + 1:,} runs", file=sys.stderr, flush=True)


def one_run(number: int, here: Trip, away: Trip, book: Book) -> None:
    kind = f"run / {' '.join(here.kinds)}"
    book.counts[kind]["cases"] += 1
    book.counts[kind]["refused"] += here.refused
    found = list(here.faults)
    if here.written != away.written:
        others = [name for name in here.written if here.written[name] != away.written.get(name)]
        found.append(f"another time zone: {others}")
    for fault in found:
        book.fault(kind, number, fault, here.files)


# --- all together ----------------------------------------------------------------------------------------------------

def main() -> int:
    says = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in (("--files", 20_000), ("--runs", 300), ("--seed", 1), ("--seconds", 36_000)):
        says.add_argument(name, type=int, default=usual)
    asked = says.parse_args()
    warnings.simplefilter("error")
    book, until = Book(), time.monotonic() + asked.seconds
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        all_files(asked.seed, asked.files, until, book)
        CliRunner().invoke(main_command, ["run", "two-cities", "--replications", "1", "--out", "compiled"])
        all_runs(asked.seed, asked.runs, until, book)
        os.chdir("/")
    return book.show()


if __name__ == "__main__":
    sys.exit(main())
