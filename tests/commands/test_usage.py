"""The command line answers in the language that is asked for: help, usage, faults."""
import re

import pytest
from click.testing import CliRunner

from surgeline.cli import main
from surgeline.usage import language_of

CHINESE = re.compile("[\u4e00-\u9fff]")
WRONG = (
    (["rnu"], "没有 'rnu' 这个命令", "No such command 'rnu'"),
    (["run"], "缺少参数 '场景'", "Missing argument 'SCENARIO'"),
    (["run", "x", "--sede", "3"], "没有 '--sede' 这个选项", "No such option '--sede'"),
    (["run", "x", "--seed"], "选项 '--seed' 后面要写一个值", "Option '--seed' requires an argument"),
    (["run", "x", "--seed", "many"], "'--seed' 写得不对：'many' 不是数字", "Invalid value for '--seed': 'many' is not"),
    (["run", "x", "--seed", "-1"], "-1 不在 0<=x<=", "-1 is not in the range 0<=x<="),
    (["run", "x", "y"], "多了一个参数（y）", "Got unexpected extra argument (y)"),
    (["run", "x", "--engine", "fast"], "'fast' 不在 'kernel', 'simpy' 之中", "'fast' is not one of 'kernel', 'simpy'"),
    (["run", "x", "--precision", "5"], "应为带 pp（百分点）或 % 的正数", "must be a positive number with pp"),
    (["plan", "x", "--rolling", "99"], "'99' 不符合 '%H:%M' 的写法", "'99' does not match the format '%H:%M'"),
    (["run", "two-citys"], "没有这个文件，也没有这个自带场景；是否想写“two-cities”？",
     'is no file and no shipped scenario; did you mean "two-cities"?'),
    (["run", "two-cities", "--variant", "noon"], "two-cities 没有 'noon' 这个方案；是否想写 none（不支援）？",
     "'noon' is no variant of two-cities; did you mean none (no help)?"),
    (["query", "DELETE", "nowhere"], "nowhere 里没有已完成的结果", "nowhere is no folder with a finished run"),
    (["report", "nowhere"], "nowhere 不是结果文件夹", "nowhere is no run folder"),
)


def told(*words, **environment):
    """Exit code, and all that is printed."""
    result = CliRunner(env={"LC_ALL": None, "LC_MESSAGES": None, "LANG": None, "SURGELINE_LANG": None} | environment
                       ).invoke(main, words, prog_name="surgeline")
    return result.exit_code, result.output


@pytest.mark.parametrize(("words", "chinese", "english"), WRONG, ids=lambda one: " ".join(one) if one is list else "")
def test_faults_are_told_in_the_language_that_is_asked_for(words, chinese, english):
    for asked, says, not_so in ((("--lang", "zh"), chinese, english), (("--lang", "en"), english, chinese)):
        code, output = told(*asked, *words)
        assert code == 2
        assert says in output
        assert not_so not in output


@pytest.mark.parametrize("command", [(), *((name,) for name in main.commands)], ids=" ".join)
def test_help_is_in_one_language(command):
    code, english = told(*command, "--help", SURGELINE_LANG="en")
    assert (code, CHINESE.search(english)) == (0, None)
    code, chinese = told(*command, "--help", SURGELINE_LANG="zh")
    assert code == 0
    about = chinese.replace("[选项]", "").partition("选项:")
    assert all(CHINESE.search(part) for part in about)
    assert not re.search(r"[A-Za-z]+ [a-z]+ [a-z]+", chinese.replace("Dask", ""))


def test_lines_of_help_fit_a_terminal():
    from rich.cells import cell_len
    for lang in ("zh", "en"):
        for name in main.commands:
            lines = told(name, "--help", "--lang", lang, COLUMNS="80")[1].splitlines()
            assert max(map(cell_len, lines)) <= 80


def test_the_language_may_stand_before_a_command_and_behind_it():
    chinese, english = told("list", "--lang", "zh"), told("list", "--lang", "en")
    assert chinese != english
    assert told("--lang", "zh", "list") == told("--lang=zh", "list") == chinese
    assert told("--lang", "en", "list") == told("list", "--lang=en") == english
    assert told("--lang", "zh", "list", "--lang", "en") == english


@pytest.mark.parametrize(("words", "environment", "lang"), [
    ((), {}, "zh"), ((), {"LANG": "C.UTF-8"}, "zh"), ((), {"LANG": "zh_CN.UTF-8"}, "zh"),
    ((), {"LANG": "en_US.UTF-8"}, "en"), ((), {"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
    ((), {"LANG": "en_US.UTF-8", "LC_ALL": ""}, "en"), ((), {"LANG": "de_DE.UTF-8"}, "zh"),
    ((), {"LANG": "en_US.UTF-8", "SURGELINE_LANG": "zh"}, "zh"), ((), {"SURGELINE_LANG": "fr"}, "zh"),
    (("--lang", "en"), {"SURGELINE_LANG": "zh"}, "en"), (("--lang", "fr"), {"SURGELINE_LANG": "en"}, "en"),
    (("query", "--", "--lang", "en"), {}, "zh"), (("run", "--lang"), {}, "zh"),
])
def test_the_last_option_goes_before_the_variable_and_that_before_the_locale(words, environment, lang):
    assert language_of(words, environment) == lang


@pytest.mark.parametrize("environment", [{"SURGELINE_LANG": "fr"}, {}])
def test_a_language_that_is_none_is_refused(environment):
    code, output = told("list", *(() if environment else ("--lang", "fr")), **environment)
    assert code == 2
    assert "'--lang'" in output
    assert "'fr' 不在 'zh', 'en' 之中" in output
