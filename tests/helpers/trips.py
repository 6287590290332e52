"""Towns on their way through the real commands, in a process of its own time zone."""
from __future__ import annotations

import os
import random
import re
import shutil
import signal
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from books import Books, all_faults, near, of_pages, one_agrees, parquet, words_that_are_none
from click.testing import CliRunner
from towns import NAME, town

from surgeline.cli import main

MOST_CPU_S, HANGS_S = 12.0, 300
SEED = re.compile(r"\x1b\[[0-9;]*m")


class TooLongError(BaseException):
    """A command does not end."""


@contextmanager
def ended_after(seconds: int) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TooLongError
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


class Trip(NamedTuple):
    """What came of a town: what it was put through, its faults, and its files."""

    kinds: tuple[str, ...]
    faults: list[str]
    files: dict[str, bytes]
    refused: int
    written: dict[str, bytes]


@contextmanager
def own_folder() -> Iterator[None]:
    before, folder = Path.cwd(), tempfile.mkdtemp(prefix="town-")
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        shutil.rmtree(folder)


def command(faults: list[str], *words: str) -> str:
    """Run a command here; what it says, and what is wrong with how it ends, are kept."""
    began = time.process_time()
    try:
        with ended_after(HANGS_S):
            done = CliRunner().invoke(main, list(words))
    except TooLongError:
        faults.append(f"does not end: {' '.join(words)}")
        return ""
    said = SEED.sub("", done.output)
    if done.exit_code != 0:
        trace = "".join(traceback.format_exception(done.exception)[-4:]) if done.exc_info and done.exception else ""
        faults.append(f"exit code {done.exit_code}: {' '.join(words)}: {said[-500:]}{trace[-1500:]}")
    if "--json" not in words:
        faults += [f"the console says {found!r}: {' '.join(words)}" for found in words_that_are_none(said)]
    if time.process_time() - began > MOST_CPU_S:
        faults.append(f"slow: {' '.join(words)} takes {time.process_time() - began:.0f} s of CPU")
    return said


def trip(seed: int, number: int, in_full: bool) -> Trip:
    """Build a town and put it through the commands; elsewhere only what is compared is done."""
    with own_folder():
        builder = town(seed, number)
        grown = builder.grown()
        files = {path.name: path.read_bytes() for path in Path().iterdir()}
        if grown is None:
            return Trip(("refused",), [], files, len(builder.refused), {})
        faults: list[str] = []
        kinds = visits(random.Random(f"trip {seed} {number}"), bool(grown.get("variants")), faults, in_full)
        return Trip(kinds, faults, files, len(builder.refused), written(Path("run")))


def visits(luck: random.Random, has_variants: bool, faults: list[str], in_full: bool) -> tuple[str, ...]:
    replications, lang, seed = str(luck.choice((2, 3, 4))), luck.choice(("zh", "en")), str(luck.choice((1, 7, 2**70)))
    usual = ("--seed", seed, "--lang", lang)
    command(faults, "run", NAME, "--replications", replications, *usual, "--out", "run")
    if not in_full or faults:
        return ("run",)
    faults += all_faults(Path("run"))
    faults += of_pages(Path("run"))
    again(faults, lang)
    kinds = ["run"]
    if luck.random() < 0.3:
        kinds.append("calls")
        with_calls(faults, usual)
    if luck.random() < 0.3 and has_variants:
        kinds.append("compare")
        compared(faults, replications, usual)
    if luck.random() < 1 / 30:
        kinds.append("verify")
        command(faults, "run", NAME, "--verify", *usual)
    return tuple(kinds)


def written(folder: Path) -> dict[str, bytes]:
    """What must be the same wherever it is computed."""
    return {name: (folder / name).read_bytes() for name in ("metrics.csv", "intervals.parquet", "pools.parquet")
            if (folder / name).is_file()}


def again(faults: list[str], lang: str) -> None:
    """A report that is built again is the same."""
    page = Path("run/report.html")
    before = page.read_bytes()
    command(faults, "report", "run", "--lang", lang)
    if page.read_bytes() != before:
        faults.append("report: built again it is another")


def with_calls(faults: list[str], usual: tuple[str, ...]) -> None:
    command(faults, "run", NAME, "--replications", "1", "--calls", *usual, "--out", "calls")
    if Path("calls").is_dir():
        faults += one_agrees(Path("calls"))
        faults += all_faults(Path("calls"))


def compared(faults: list[str], replications: str, usual: tuple[str, ...]) -> None:
    """Each variant of a comparison is a run, and differences are those of their means."""
    command(faults, "compare", NAME, "--replications", replications, *usual, "--out", "compared")
    if not Path("compared").is_dir():
        return
    runs = {path.parent.name: Books(path.parent) for path in sorted(Path("compared").glob("*/manifest.json"))}
    for name in runs:
        faults += [f"compared, {name}: {fault}" for fault in all_faults(Path("compared") / name)]
    faults += [f"compared: {fault}" for fault in of_pages(Path("compared"))]
    if runs["base"].whole != Books(Path("run")).whole:
        faults.append("compare: as it is differs from run")
    faults += differences(runs, parquet(Path("compared/differences.parquet")))


def differences(runs: dict[str, Books], table: pd.DataFrame) -> Iterator[str]:
    first, counts = runs["base"], set(runs["base"].counts())
    horizon = first.scenario.horizon
    whole = table[(table["from"] == pd.Timestamp(horizon.start)) & (table["to"] == pd.Timestamp(horizon.end))]
    for row in whole[whole["metric"].isin(counts)].itertuples():
        key = row.metric, row.scope
        mine, its = runs[str(row.variant)].whole.get(key), first.whole.get(key)
        if mine is None or its is None:
            continue
        if not near(mine - its, row.mean, max(mine, its)):
            yield f"difference of {key} is {row.mean:.7g}, of means {mine:.7g} and {its:.7g}"
