"""What ``surgeline check`` says about files that a planner may get wrong, or somebody may have made to do harm.

After a change of words, read what it says now in both languages, then refresh with
``python tests/commands/test_check.py --refresh``.
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
EXPECTED = {"en": BROKEN / "expected.txt", "zh": BROKEN / "expected.zh.txt"}
JARGON = ("Traceback", "pydantic", "Input should", "function-", "Value error", "NoneType", "<class")


def said(lang: str) -> tuple[int, str, str]:
    """What the command says about all of the files: exit code, standard output, standard error."""
    here, names = Path.cwd(), sorted(path.name for path in BROKEN.glob("*.yaml"))
    os.chdir(BROKEN)
    try:
        result = CliRunner().invoke(main, ["check", "--lang", lang, *names])
    finally:
        os.chdir(here)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def problems(lang: str = "en") -> list[str]:
    return [line for line in EXPECTED[lang].read_text(encoding="utf-8").splitlines() if line.startswith("  ")]


@pytest.mark.parametrize("lang", EXPECTED)
def test_every_file_has_its_problems_told_and_none_passes(lang):
    code, output, error = said(lang)
    assert code == 2
    assert output == ""
    assert error == EXPECTED[lang].read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", EXPECTED)
def test_the_words_are_a_planners(lang):
    for line in problems(lang):
        assert not any(word in line for word in JARGON)
        assert line.isprintable()
        assert len(line) < 400


def test_both_languages_tell_the_same_problems_at_the_same_places():
    assert [line.split(": ")[0] for line in problems("zh")] == [line.split(": ")[0] for line in problems("en")]


def test_a_chinese_problem_is_told_in_chinese():
    """Latin words are those of the file: names of fields, text in quotation marks, examples of what to write."""
    for line in problems("zh"):
        assert re.search("[\u4e00-\u9fff]", line), line
        assert not re.search(r"[a-z]+ (?:is|are|must|the|of|no|got|such) [a-z]+", line), line


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
        for lang, file in EXPECTED.items():
            file.write_text(said(lang)[2], encoding="utf-8")
