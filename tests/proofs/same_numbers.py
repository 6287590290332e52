"""The same numbers as another tree of this project, byte for byte: ``python tests/proofs/same_numbers.py OTHER``.

Every shipped scenario and variant is run by both, and ``two-cities`` is compared and planned by both. What must be
equal is every table that they write; what a folder says of itself (dates, versions, the program's hash) may differ.
"""
from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLES = ("metrics.csv", "plan.yaml", "policies.yaml")
# What variants were called before 0.2.0.
CALLED = {"base": "as-it-is", "historical": "as-it-was"}


def surgeline(tree: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "surgeline", *words], cwd=folder, check=True, capture_output=True,
                          text=True, env=os.environ | {"PYTHONPATH": str(tree), "SURGELINE_CACHE": str(folder / "c")})


def variants_of(tree: Path, folder: Path) -> list[tuple[str, str | None]]:
    listed = json.loads(surgeline(tree, folder, "list", "--json").stdout)
    return [(one["name"], variant) for one in listed for variant in (None, *one["variants"])]


def tables(folder: Path) -> dict[str, bytes]:
    """Every table in a folder, by its place. A plan's files say since 0.2.0 that their levers replace others."""
    return {str(path.relative_to(folder)): without_words(path.read_bytes())
            for path in sorted(folder.rglob("*")) if path.name in TABLES}


def without_words(table: bytes) -> bytes:
    """A table without the words that say that a list replaces another, and without indentation."""
    lines = [line.strip() for line in table.splitlines()]
    return b"\n".join(line.replace(b"as-it-was:", b"historical:") for line in lines
                      if line not in (b"replace:", b"on: ~", b"change: ~"))


def compare(what: str, here: Path, there: Path) -> int:
    mine, its = tables(here), tables(there)
    wrong = [name for name in sorted(mine.keys() | its.keys()) if mine.get(name) != its.get(name)]
    print(f"{'DIFFERENT ' if wrong else 'equal     '}{what}: {len(mine)} tables {' '.join(wrong)}", flush=True)
    return len(wrong) + (not mine)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("other", type=Path)
    parser.add_argument("--replications", type=int, default=3)
    options = parser.parse_args()
    n, wrong = str(options.replications), 0
    with tempfile.TemporaryDirectory() as folder:
        trees = {"here": ROOT, "there": options.other.resolve()}
        homes = {name: Path(folder) / name for name in trees}
        for home in homes.values():
            home.mkdir()
        works = [("run", name, *(["--variant", variant] if variant else []), "--replications", n)
                 for name, variant in variants_of(ROOT, homes["here"])]
        works += [("compare", "two-cities", "--replications", n), ("plan", "two-cities", "--replications", "20")]
        for i, words in enumerate(works):
            for name, tree in trees.items():
                said = [CALLED.get(word, word) if name == "there" else word for word in words]
                surgeline(tree, homes[name], *said, "--out", str(homes[name] / str(i)))
            wrong += compare(" ".join(words), homes["here"] / str(i), homes["there"] / str(i))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
