"""`surgeline staff`: a plan from the command line to its folder, who can take a shift, and how it is refused."""
import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from one_city import PEOPLE, ROSTER, text

from sim.reading.loading import load
from surgeline.cli import main
from surgeline.commands.ill import read_moment
from surgeline.commands.staff import chosen

ROOT = Path(__file__).parents[2]
QUICK = ("--seconds", "1", "--replications", "2")


def said(*words, lang="en"):
    """What a command prints, and its exit code."""
    result = CliRunner().invoke(main, [*map(str, words), "--lang", lang])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A folder with a town, with a town that has a roster, and with a plan of the former."""
    folder = tmp_path_factory.mktemp("staff")
    (folder / "town.yaml").write_text(text(), encoding="utf-8")
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (folder / "named.yaml").write_text(text(PEOPLE).replace("hours: 8, share: 50 %", "hours: 8, code: 白"),
                                       encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        code, output = said("staff", "town.yaml", *QUICK, "--out", "plan")
        assert code == 0, output
    (folder / "said.txt").write_text(output, encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def there(here, monkeypatch):
    monkeypatch.chdir(here)


def test_it_says_what_is_needed_and_where_it_stands(here):
    output = (here / "said.txt").read_text(encoding="utf-8")
    assert "Town needs 1 seats at the most" in output
    assert "16 seat-hours in all" in output.replace("\n", " ")
    assert "Target kept" in output
    for file in ("report.html", "roster.xlsx", "staffed.yaml"):
        assert str(Path("plan") / file) in output


def test_the_folder_is_whole(here):
    assert sorted(path.name for path in (here / "plan").iterdir()) == [
        "intervals.parquet", "manifest.json", "report.html", "report.xlsx", "roster.xlsx", "staffed.yaml", "town.yaml"]
    manifest = json.loads((here / "plan" / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["kind"], manifest["seed"], manifest["replications"]) == ("staffing", 1, 2)
    assert list(manifest["cities"]) == ["town"]


def test_in_chinese_it_says_the_same(here):
    code, output = said("staff", "town.yaml", *QUICK, "--out", "zh", lang="zh")
    assert code == 0
    assert "小城" in output
    assert "排班" in output
    assert "Town" not in output


def test_for_machines_it_prints_what_is_in_the_folder(here):
    code, output = said("staff", "town.yaml", *QUICK, "--out", "json", "--json")
    told = json.loads(output.splitlines()[-1])
    assert code == 0
    assert told["cities"]["town"]["need"]["seat_hours"] == 16
    assert told["cities"]["town"]["need"] == json.loads(
        (here / "json" / "manifest.json").read_text(encoding="utf-8"))["cities"]["town"]["need"]


@pytest.mark.parametrize(("lang", "words"), [("en", "is there already"), ("zh", "已经存在")])
def test_a_folder_that_is_there_is_left_alone(here, lang, words):
    before = {path.name: path.read_bytes() for path in (here / "plan").iterdir()}
    code, output = said("staff", "town.yaml", *QUICK, "--out", "plan", lang=lang)
    assert code == 2
    assert words in output
    assert {path.name: path.read_bytes() for path in (here / "plan").iterdir()} == before


@pytest.mark.parametrize(("lang", "words"), [
    ("en", '--city: tow is not in this scenario; did you mean town (Town)?'),
    ("zh", "--city：场景里没有 tow；是否想写 town（小城）？")])
def test_a_city_that_is_not_there_is_refused(lang, words):
    code, output = said("staff", "town.yaml", *QUICK, "--city", "tow", "--out", "none", lang=lang)
    assert code == 2
    assert words in output
    assert not Path("none").exists()


@pytest.mark.parametrize(("lang", "words"), [("en", "--city: nwo is not in"), ("zh", "--city：场景里没有 nwo")])
def test_several_cities_may_be_asked_for_and_all_that_are_not_there_are_told(lang, words):
    code, output = said("staff", "two-cities", *QUICK, "--city", "east", "--city", "tow", "--city", "nwo", lang=lang)
    assert (code, words in output, "tow" in output) == (2, True, True)


def test_cities_that_are_asked_for_are_planned_once_each():
    scenario = load("four-cities")
    assert chosen(scenario, ("west", "east", "west")) == ("west", "east")
    assert chosen(scenario, ("north",)) == ("north",)
    assert chosen(scenario, ()) == scenario.surged()


@pytest.mark.parametrize("names", [("西城", "东城"), ("Westville", "EASTVILLE"), ("west", "东 城", "西城")])
def test_cities_may_be_asked_for_by_their_names(names):
    assert chosen(load("two-cities"), names) == ("west", "east")


@pytest.mark.parametrize("words", [("--seconds", "0"), ("--replications", "1"), ("--seed", "-1"), ("--seconds", "x")])
def test_numbers_that_make_no_sense_are_refused(words):
    code, output = said("staff", "town.yaml", "--out", "none", *words)
    assert code == 2
    assert words[0] in output
    assert not Path("none").exists()


HALF = ("horizon: {start: 2021-08-02, end: 2021-08-03,", "horizon: {start: 2021-08-02, end: 2021-08-03 12:00,")


@pytest.mark.parametrize(("change", "en", "zh"), [
    (HALF, "people are planned for whole days", "整天"),
    (("interval: 30 min}", "interval: 60 min}\nsurges: [{city: town, class: other, profile: plain, table: hours.csv}]"),
     "take one that divides 30 min, not 60 min", "30 分钟"),
    (("seats: 9,", "seats: 9, lines: 1,"), "no number of seats keeps this target", "目标"),
])
def test_what_cannot_be_planned_is_said_and_nothing_is_written(here, change, en, zh):
    wrong = text(talk="60 min") if "lines" in change[1] else text()
    assert change[0] in wrong
    (here / "hours.csv").write_text("start,callers\n" + "".join(f"2021-08-02 {i:02}:00,5\n" for i in range(24)))
    (here / "wrong.yaml").write_text(wrong.replace(*change), encoding="utf-8")
    for lang, words in (("en", en), ("zh", zh)):
        code, output = said("staff", "wrong.yaml", *QUICK, "--out", "none", lang=lang)
        assert code == 2
        assert words in output
    assert not Path("none").exists()
    assert not [name for name in os.listdir(here) if name.startswith(".")]


def test_several_cities_get_shifts_and_no_roster(here):
    (here / "two.yaml").write_text("surgeline: 1\nextends: two-cities\nsurges: []\nlevers: []\nlending: ~\n"
                                   "variants: ~\nfocus: [east, west]\n", encoding="utf-8")
    code, output = said("staff", "two.yaml", *QUICK, "--out", "two")
    assert code == 0
    assert not (here / "two" / "roster.xlsx").exists()
    for file in ("report.html", "shifts.xlsx", "staffed.yaml"):
        assert str(Path("two") / file) in output
        assert (here / "two" / file).exists()
    assert said("check", Path("two") / "staffed.yaml")[0] == 0
    manifest = json.loads((here / "two" / "manifest.json").read_text(encoding="utf-8"))
    assert {name: city["roster"] for name, city in manifest["cities"].items()} == {"east": None, "west": None}
    assert manifest["counted"] == ["east", "west"]


# --- somebody is ill -------------------------------------------------------------------------------------------------

def test_who_can_take_the_shift_is_told():
    code, output = said("staff", "named.yaml", "--ill", "王一@2021-08-02 04:00", "--replications", "2")
    assert code == 0
    assert "李二" in output
    assert "赵四" in output
    assert output.startswith("Ask 赵四 (08:00–16:00): if nobody takes it, people answered in this city: −")
    assert "张三 can't: leave." in output
    assert "08-02 08:00" in output


def test_who_can_take_the_shift_is_told_to_machines():
    code, output = said("staff", "named.yaml", "--ill", "王一@2021-08-02T04:00", "--replications", "2", "--json")
    told = json.loads(output.splitlines()[-1])
    assert code == 0
    assert {one["name"] for one in told["candidates"]} == {"李二", "赵四"}
    assert told["refused"] == [{"name": "张三", "rules": ["leave"]}]
    assert (told["from"], told["to"], told["duty"]) == ("2021-08-02T08:00:00", "2021-08-02T16:00:00", "白")
    assert told["taken"] == {"mean": 0.0, "low": 0.0, "high": 0.0}
    assert told["undone"]["mean"] < -150


def test_a_name_and_a_moment_may_be_written_as_chinese_keyboards_do():
    code, output = said("staff", "named.yaml", "--ill", "王　一＠２０２１-08-02 04:00", "--replications", "2",
                        lang="zh")
    assert code == 0
    assert "王一不能来" in output


def test_in_chinese_no_word_is_english():
    code, output = said("staff", "named.yaml", "--ill", "王一@2021-08-02 04:00", "--replications", "2", lang="zh")
    assert code == 0
    assert "李二" in output
    assert not [word for word in output.split() if word.isascii() and word.isalpha()]


@pytest.mark.parametrize(("text", "moment"), [
    ("2021-08-02 06:40", "2021-08-02 06:40"), ("2021-08-02T06:40", "2021-08-02 06:40"), ("06:40", "2021-07-30 06:40"),
    ("8/2 21:00", "2021-08-02 21:00"), ("10/1 6:40", "2021-10-01 06:40"), ("8月2日21:00", "2021-08-02 21:00"),
    ("8.2 21:00", "2021-08-02 21:00"), ("1/1 08:00", "2022-01-01 08:00"), ("2/30 08:00", None), ("8/2", None),
    ("8/2 25:00", None), ("noon", None), ("", None)])
def test_a_moment_is_written_as_tables_write_days(text, moment):
    found = read_moment(text, date(2021, 7, 30), date(2021, 8, 1))
    assert (found and f"{found:%Y-%m-%d %H:%M}") == moment


@pytest.mark.parametrize(("name", "ill", "en", "zh"), [
    ("named.yaml", "王一", "--ill: write a name of the roster and a moment, such as 张三@2021-08-02 06:40, got 王一",
     "--ill："),
    ("named.yaml", "@06:40", "--ill: write a name of the roster and a moment", "--ill："),
    ("named.yaml", "王一@", "--ill: write a name of the roster and a moment", "--ill："),
    ("named.yaml", "王一@noon", "--ill: write a name of the roster and a moment", "--ill："),
    ("named.yaml", "王一@25:00", "--ill: write a name of the roster and a moment", "--ill："),
    ("named.yaml", "王一@2021-08-09 06:40", "2021-08-09 06:40 is not in the horizon, 2021-08-02 to 2021-08-04: give "
                                           "the day too, such as 王一@2021-08-02 06:40", "2021-08-09 06:40"),
    ("named.yaml", "王一@06:40", "is not in the horizon", "06:40"),
    ("named.yaml", "王二@2021-08-02 04:00", "王二 is not in the roster of town", "王二"),
    ("named.yaml", "赵四@2021-08-02 04:00", "赵四 has no shift at 2021-08-02 04:00 nor later on that day", "赵四"),
    ("town.yaml", "王一@2021-08-02 04:00", "town has no roster: name one under people.town.roster", "排班表"),
    ("two-cities", "王一@2021-08-02 04:00", "east has no roster", "排班表"),
])
def test_what_is_wrong_with_who_is_ill_is_said(name, ill, en, zh):
    for lang, words in (("en", en), ("zh", zh)):
        code, output = said("staff", name, "--ill", ill, "--replications", "2", lang=lang)
        assert code == 2
        assert words in output


def test_of_several_cities_it_must_be_said_which(here):
    (here / "both.yaml").write_text("surgeline: 1\nextends: two-cities\nfocus: [east, west]\n", encoding="utf-8")
    code, output = said("staff", "both.yaml", "--ill", "王一@2021-08-02 04:00")
    assert code == 2
    assert "--ill: say of which city the roster is: --city NAME" in output


# --- interrupted -----------------------------------------------------------------------------------------------------

@pytest.mark.skipif(os.name != "posix", reason="elsewhere commands end otherwise")
def test_ctrl_c_while_planning_is_one_line_and_leaves_nothing(here):
    (here / "alone").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "surgeline", "staff", "two-cities", "--seconds", "600", "--out", "alone/plan",
         "--lang", "en"], text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)})
    while not any(name.startswith(".") for name in os.listdir("alone")):
        time.sleep(0.05)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert (out, err.count("Interrupted"), "Traceback" in err) == ("", 1, False)
    assert os.listdir("alone") == []


# --- rosters that cannot be ------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("roster", "en", "zh"), [
    (ROSTER.replace("2021-", "2020-"), "people.town.roster.table: plans 2020-08-01 to 2020-08-03, and the horizon is "
     "2021-08-02 to 2021-08-03: give it a column for each of these days", "请为其中每一天各写一列"),
    (ROSTER + "王一,休,休,白\n", 'bad.csv:6:1: 姓名: "王一" stands twice, first in line 2: a person has one row; '
     "tell two of the same name apart", "每人一行；同名的请加以区别"),
])
def test_a_roster_that_cannot_be_is_told_with_place_rule_and_remedy(here, roster, en, zh):
    (here / "bad.csv").write_text(roster, encoding="utf-8")
    (here / "bad.yaml").write_text((here / "named.yaml").read_text(encoding="utf-8").replace("roster.csv", "bad.csv"),
                                   encoding="utf-8")
    for lang, words in (("en", en), ("zh", zh)):
        code, output = said("staff", "bad.yaml", *QUICK, "--out", "none", lang=lang)
        assert code == 2
        assert words in output
    assert not Path("none").exists()
