"""Thirty kills: five commands, each interrupted and killed three times at random moments, then given once more.

    python tests/proofs/kills.py [SEED]

Nothing may stand half-written under its final name, Ctrl-C is one line and code 130, and the command that is not killed
has to find what an undisturbed one finds and to sweep up what the killed have left. Prints a table; exit code 1 where
one of that does not hold. Takes about ten minutes on two cores.
"""
from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
KILLS = 3  # of each kind and command
MORNING = """surgeline: 1
title: {zh: 上午, en: A morning}
horizon: {start: 2021-03-01 08:00, end: 2021-03-01 12:00, interval: 1 h}
cities: {a: {name: {zh: 甲, en: A}, calls_a_day: {calibrated: 6000, to: calls, range: [3000, 30000]}, seats: 19,
             agents: 19, shifts: always, absence: 0, shrinkage: 0}}
classes:
  people: {name: {zh: 人, en: people},
           patience: {law: exponential, mean: {calibrated: 3 min, to: x, range: [30 s, 6 min]}},
           talk: {law: exponential, mean: 3 min},
           after_busy: {share: 0, delay: {law: exponential, mean: 1 min}},
           after_hanging_up: {share: 40 %, delay: {law: exponential, mean: 2 min}}}
shifts: {always: [{start: "00:00", hours: 24, share: 100 %}]}
profiles: {all: {day: [1]}}
everyday: {people: {profile: all}}
observed:
  - {metric: callers, value: 2000, within: 2 %, source: simulated}
  - {metric: abandoned_share, value: 0.35, within: 0.01, source: simulated}
"""


@dataclass(frozen=True)
class Command:
    """A command, what it writes, and what of that says the same each time."""

    words: tuple[str, ...]
    target: str
    is_whole: Callable[[Path], bool]
    essence: Callable[[Path], object]


def folder_is_whole(*files: str) -> Callable[[Path], bool]:
    return lambda folder: all((folder / file).is_file() for file in files) and page_is_whole(folder / "report.html")


def page_is_whole(page: Path) -> bool:
    text = page.read_text(encoding="utf-8")
    return text.startswith("<!DOCTYPE html>") and text.rstrip().endswith("</html>")


def manifest_without_times(folder: Path) -> object:
    said = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return {key: value for key, value in said.items() if key not in ("created", "seconds")}


def tables(folder: Path) -> object:
    return manifest_without_times(folder), [path.read_bytes() for path in sorted(folder.rglob("metrics.csv"))]


COMMANDS = {
    "run": Command(("run", "two-cities", "--replications", "400", "--calls", "--out", "run"), "run",
                   folder_is_whole("manifest.json", "metrics.csv", "calls.parquet"), tables),
    "compare": Command(("compare", "two-cities", "--replications", "150", "--out", "compared"), "compared",
                       folder_is_whole("manifest.json", "differences.parquet"), tables),
    "sensitivity": Command(("sensitivity", "two-cities", "--replications", "2", "--out", "sensed"), "sensed",
                           folder_is_whole("manifest.json", "points.parquet"),
                           lambda folder: (manifest_without_times(folder), (folder / "points.parquet").read_bytes())),
    "calibrate": Command(("calibrate", "morning.yaml", "--replications", "200", "--out", "found.yaml"), "found.yaml",
                         lambda file: file.read_text(encoding="utf-8").count("\n") == MORNING.count("\n"),
                         lambda file: file.read_bytes()),
    "report": Command(("report", "old"), "old", folder_is_whole("manifest.json", "metrics.csv"),
                      lambda folder: (folder / "report.html").read_bytes()),
}


def begun(command: Command, here: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", "surgeline", *command.words, "--lang", "en"], cwd=here,
                            text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                            start_new_session=True, env={**os.environ, "PYTHONPATH": str(ROOT)})


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, err = process.communicate(timeout=900)
    return process.returncode, err


def prepared(name: str, folder: Path) -> Path:
    """A folder in which a command can be given."""
    folder.mkdir()
    (folder / "morning.yaml").write_text(MORNING, encoding="utf-8")
    if name == "report":
        words = ("run", "two-cities", "--replications", "3", "--out", "old")
        code, err = ended(begun(Command(words, "old", bool, bool), folder))
        assert code == 0, err
    return folder


def cleared(command: Command, name: str, here: Path) -> None:
    """As if the command had not been given, if it came to its end before it could be killed."""
    target = here / command.target
    if name != "report" and target.exists():
        shutil.rmtree(target) if target.is_dir() else target.unlink()


def killed(name: str, here: Path, how: signal.Signals, at_s: float) -> tuple[str, bool]:
    """A line of the table, and whether all is well."""
    command = COMMANDS[name]
    process = begun(command, here)
    time.sleep(at_s)
    if how == signal.SIGINT:
        os.killpg(process.pid, how)  # as a terminal does it
    else:
        process.kill()
    code, err = ended(process)
    target = here / command.target
    there = target.exists()
    whole = command.is_whole(target) if there else name != "report"
    told = how != signal.SIGINT or code == 0 or (code == 130 and err.count("Interrupted") == 1)
    well = whole and told and "Traceback" not in err and code in (0, 130 if how == signal.SIGINT else -how)
    hidden = sorted(one.name for one in here.iterdir() if one.name.startswith("."))
    state = "whole" if there and whole else "HALF" if there else "nothing"
    cleared(command, name, here)
    return f"| {name} | {how.name} | {at_s:.1f} | {code} | {state} | {len(hidden)} | {'yes' if well else 'NO'} |", well


def main(seed: int) -> int:
    dice, wrong = random.Random(seed), 0
    signal.signal(signal.SIGINT, signal.default_int_handler)  # shells have it ignored in the background
    print("| command | signal | at, s | exit code | under its name | hidden, until the next | well |\n"
          "| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as temporary:
        for name, command in COMMANDS.items():
            calm, here = (prepared(name, Path(temporary) / f"{name}-{part}") for part in ("calm", "killed"))
            if name == "report":
                shutil.rmtree(here / "old")
                shutil.copytree(calm / "old", here / "old")
            began = time.perf_counter()
            code, err = ended(begun(command, calm))
            takes_s = time.perf_counter() - began
            assert code == 0, err
            for how in [signal.SIGINT, signal.SIGKILL] * KILLS:
                line, well = killed(name, here, how, dice.uniform(0.1, 1.0) * takes_s)
                wrong += not well
                print(line, flush=True)
            code, err = ended(begun(command, here))
            left = sorted(one.name for one in here.iterdir() if one.name.startswith("."))
            same = code == 0 and command.essence(here / command.target) == command.essence(calm / command.target)
            wrong += not (same and not left)
            print(f"| {name} | none | {takes_s:.1f} alone | {code} | {'the same' if same else 'OTHER'} | {len(left)} | "
                  f"{'yes' if same and not left else 'NO'} |", flush=True)
    print(f"\n{len(COMMANDS) * 2 * KILLS} kills, {wrong} not as they should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
