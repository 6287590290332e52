"""What ``surgeline check`` says about files that a planner may get wrong, or somebody may have made to do harm.

After a change of words, read what it says now, then refresh with ``python tests/commands/test_check.py --refresh``.
"""
import os
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.scenario.shipped import SHIPPED
from surgeline.cli import main

BROKEN = Path(__file__).parents[1] / "broken"
EXPECTED = BROKEN / "expected.txt"
JARGON = ("Traceback", "pydantic", "Input should", "function-", "Value error", "NoneType", "<class")


def said() -> tuple[int, str, str]:
    """What the command says about all of the files: exit code, standard output, standard error."""
    here, names = Path.cwd(), sorted(path.name for path in BROKEN.glob("*.yaml"))
    os.chdir(BROKEN)
    try:
        result = CliRunner().invoke(main, ["check", "--lang", "en", *names])
    finally:
        os.chdir(here)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module")
def check() -> tuple[int, str, str]:
    return said()


def problems() -> list[str]:
    return [line for line in EXPECTED.read_text(encoding="utf-8").splitlines() if line.startswith("  ")]


def test_every_file_has_its_problems_told_and_none_passes(check):
    code, output, error = check
    assert code == 2
    assert output == ""
    assert error == EXPECTED.read_text(encoding="utf-8")


def test_the_words_are_a_planners():
    for line in problems():
        assert not any(word in line for word in JARGON)
        assert line.isprintable()
        assert len(line) < 400


def test_each_problem_has_a_place_in_a_file_that_is_there():
    for line in problems():
        found = re.match(r"  (\S+):(\d+):(\d+): ", line)
        assert found, line
        file = next(folder / found[1] for folder in (BROKEN, SHIPPED) if (folder / found[1]).exists())
        lines = file.read_bytes().decode("utf-8", "replace").splitlines()
        assert 1 <= int(found[2]) <= max(len(lines), 1), line
        assert int(found[3]) >= 1


def test_no_problem_is_told_twice():
    places = [(line.split(": ")[0], line.split(": ")[1]) for line in problems()]
    assert len(set(places)) == len(places)


def test_nothing_is_left_behind():
    assert not (BROKEN / "hacked").exists()


if __name__ == "__main__":
    if sys.argv[1:] == ["--refresh"]:
        EXPECTED.write_text(said()[2], encoding="utf-8")
