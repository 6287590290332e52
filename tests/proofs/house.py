"""The drawn house: rooms, floors and arrows of each package, as a table: ``python tests/proofs/house.py``.

A room is a module or folder on a package's top level; an arrow leads from a room to one that it imports, wherever the
import stands; floors are the rooms on the longest way down. A circle ends it with exit code 1.
"""
from __future__ import annotations

import ast
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("sim", "optimizer", "surgeline")


def rooms(package: str) -> list[str]:
    top = ROOT / package
    return sorted(path.stem for path in top.iterdir() if path.stem not in ("__init__", "__pycache__")
                  and (path.suffix == ".py" or (path / "__init__.py").exists()))


def arrows(package: str) -> dict[str, set[str]]:
    """Which rooms each room imports."""
    known = rooms(package)
    found: dict[str, set[str]] = {room: set() for room in known}
    for room in known:
        top = ROOT / package / room
        for file in top.rglob("*.py") if top.is_dir() else [top.with_suffix(".py")]:
            found[room] |= {name for name in imported(file, package) if name in known and name != room}
    return found


def imported(file: Path, package: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == package:
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package}."):
            names.add(str(node.module).split(".")[1])
    return names


def floors(graph: dict[str, set[str]]) -> int:
    """Rooms on the longest way down; 0 if there is a circle."""
    @cache
    def below(room: str) -> int:
        return 1 + max((below(other) for other in graph[room]), default=0)
    try:
        return max(below(room) for room in graph)
    except RecursionError:
        return 0


def main() -> None:
    print("| package | rooms | floors | arrows |\n| --- | --: | --: | --: |")
    round_and_round = False
    for package in PACKAGES:
        graph = arrows(package)
        deep = floors(graph)
        round_and_round |= deep == 0
        print(f"| {package} | {len(graph)} | {deep or 'a circle'} | {sum(map(len, graph.values()))} |")
    sys.exit(round_and_round)


if __name__ == "__main__":
    main()
