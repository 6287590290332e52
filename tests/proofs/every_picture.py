"""Every report of every shipped scenario, looked at in a browser: what is wrong, how large, and how long it took.

``python tests/proofs/every_picture.py`` makes all kinds of reports, which takes hours; ``… run compare`` only these
kinds, in minutes. Exit code 1 where a text is clipped, runs into another, is broken or too small, or a page too large.
"""
from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import at_hand  # noqa: F401  what tests share
from browser import browser
from pictures import faults

from sim.reading.loading import load
from sim.scenario.shipped import shipped

KINDS = {
    "run": ("--replications", "2"), "compare": ("--replications", "2"), "sensitivity": (),
    "plan": ("--replications", "10"), "staff": ("--replications", "2", "--seconds", "5"),
}
LARGEST = 500_000  # bytes of a page


def kinds_of(name: str) -> Iterator[str]:
    """What can be done with a scenario."""
    scenario = load(name)
    yield from ("run", "sensitivity", "staff")
    if scenario.variants:
        yield "compare"
    if scenario.lending is not None:
        yield "plan"


def surgeline(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "surgeline", *words], check=True, stdout=subprocess.DEVNULL)


def spent() -> float:
    """Seconds that commands have computed so far, however busy the machine is."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> int:
    wanted, wrong = sys.argv[1:] or list(KINDS), 0
    with tempfile.TemporaryDirectory() as here, browser() as shown:
        for name in shipped():
            for kind in (kind for kind in kinds_of(name) if kind in wanted):
                folder = Path(here) / f"{name}-{kind}"
                surgeline(kind, name, *KINDS[kind], "--out", str(folder))
                began = spent()
                surgeline("report", str(folder))
                seconds = spent() - began
                for page in sorted(folder.glob("*.html")):
                    found = list(faults(shown, page))
                    size = page.stat().st_size
                    wrong += len(found) + (size > LARGEST)
                    print(f"{name} {kind} {page.name}: {size / 1000:.0f} kB, built in {seconds:.1f} s of a core, "
                          f"{len(found)} faults", *found, sep="\n  ", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
