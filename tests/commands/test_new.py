"""A first scenario of an own city: written from a few numbers or from tables, and right as it is written."""
import pytest
from click.testing import CliRunner

from sim import load
from sim.reading.yaml_places import read_yaml
from sim.scenario.shipped import SHIPPED
from sim.world.demand import demand
from surgeline.cli import main
from surgeline.commands import new as new_command

SHAPE = (2, 1, 1, 1, 1, 2, 4, 8, 14, 17, 16, 12, 9, 11, 15, 15, 13, 10, 8, 7, 6, 5, 4, 3)


def said(*words):
    done = CliRunner().invoke(main, ["new", *map(str, words)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


@pytest.fixture
def week(tmp_path):
    lines = ["某市话务周报", "时间,来电量,接通量"]
    for day in range(2, 9):
        lines += [f"2021/8/{day} {hour}:00,{10 * part},{9 * part}" for hour, part in enumerate(SHAPE)]
    path = tmp_path / "week.csv"
    path.write_text("\n".join(lines), encoding="gb18030")
    return path


@pytest.fixture
def seats(tmp_path):
    path = tmp_path / "seats.csv"
    path.write_text("时段,座席数\n" + "\n".join(f"{hour}:00,{30 if 8 <= hour < 20 else 10}" for hour in range(24)),
                    encoding="utf-8")
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_few_numbers_are_enough(tmp_path, lang):
    code, text = said("mycity", "--calls-a-day", 3000, "--agents", 60, "--workplaces", 40, "--city", '某"市', "--out",
                      tmp_path, "--lang", lang)
    assert code == 0, text
    scenario = load(tmp_path / "mycity.yaml")
    city = scenario.cities["mycity"]
    assert (float(city.calls_a_day), float(city.agents), float(city.seats)) == (3000, 60, 40)
    assert city.name.zh == '某"市'
    assert scenario.horizon.start.weekday() == 0
    assert scenario.horizon.intervals == 7 * 96


def test_tables_become_callers_a_week_and_seats(tmp_path, week, seats):
    code, text = said("mycity", "--from", week, "--seats", seats, "--out", tmp_path)
    assert code == 0, text
    scenario = load(tmp_path / "mycity.yaml")
    dials, hung_up = 10 * sum(SHAPE), sum(SHAPE)
    assert float(scenario.cities["mycity"].calls_a_day) == round(dials - 0.5 * hung_up)
    assert scenario.profiles["mine"].day == tuple(70.0 * part for part in SHAPE)
    assert len(scenario.staff.rows) == 7 * 24
    assert scenario.staff.rows[9][1] == (("mycity", 30.0),)
    assert "拨打次数" in text
    assert "没有忙音" in text


def test_people_are_no_dials(tmp_path, week, seats):
    said("mycity", "--from", week, "--seats", seats, "--counts", "people", "--out", tmp_path)
    assert float(load(tmp_path / "mycity.yaml").cities["mycity"].calls_a_day) == 10 * sum(SHAPE)


def test_what_the_file_offers_to_try_is_right(tmp_path, week, seats):
    said("mycity", "--from", week, "--seats", seats, "--out", tmp_path)
    path = tmp_path / "mycity.yaml"
    head, _, offered = path.read_text(encoding="utf-8").partition("# ----")
    lines = [line[2:] if line.startswith("# ") else line for line in offered.splitlines()[1:]]
    path.write_text(head + "\n".join(lines), encoding="utf-8")
    scenario = load(path)
    bad = scenario.variant("bad-day")
    assert (scenario.absences, scenario.surges) == ((), ())
    assert float(bad.absences[0].share) == 0.3
    usual = demand(scenario, scenario.horizon.times).mean.sum()
    assert demand(bad, bad.horizon.times).mean.sum() == pytest.approx(usual * 9 / 7, rel=1e-3)


def test_nothing_is_written_over_and_nothing_half(tmp_path):
    (tmp_path / "mycity.yaml").write_text("mine")
    code, text = said("mycity", "--calls-a-day", 1, "--agents", 1, "--workplaces", 1, "--out", tmp_path)
    assert code == 2
    assert "mycity.yaml" in text
    assert [path.name for path in tmp_path.iterdir()] == ["mycity.yaml"]
    assert (tmp_path / "mycity.yaml").read_text() == "mine"


@pytest.mark.parametrize(("words", "says"), [
    (["My City", "--calls-a-day", 1], "must be small letters"),
    (["mycity"], "--calls-a-day, --agents, --workplaces"),
    (["mycity", "--calls-a-day", 1, "--agents", 1, "--workplaces", 1, "--column", "来电量"], "calls=来电量"),
])
def test_what_is_missing_or_wrong_is_told(tmp_path, words, says):
    code, text = said(*words, "--out", tmp_path, "--lang", "en")
    assert code == 2
    assert says in " ".join(text.split())
    assert list(tmp_path.iterdir()) == []


def test_what_is_assumed_of_habits_is_what_the_file_of_habits_says():
    said = read_yaml(SHIPPED / "provinces" / "callers.yaml", "callers.yaml").data
    usual, every = said["every_city"], said["every_class"]
    assert usual["lines_per_seat"]["assume"] == new_command.LINES_PER_SEAT
    assert usual["shrinkage"]["assume"] == f"{1 - new_command.AT_THE_TELEPHONE:.0%}".replace("%", " %")
    assert every["after_busy"]["share"]["assume"] == f"{new_command.AGAIN_BUSY:.0%}".replace("%", " %")
    assert every["after_hanging_up"]["share"]["assume"] == f"{new_command.AGAIN_HUNG_UP:.0%}".replace("%", " %")


@pytest.mark.parametrize(("more", "says"), [
    (["--calls-a-day", 9], "--calls-a-day does nothing beside --from"),
    (["--workplaces", 2], "--workplaces 2 is less than the 30 seats of the table"),
])
def test_numbers_that_a_table_says_otherwise(tmp_path, week, seats, more, says):
    out = tmp_path / "out"
    out.mkdir()
    code, text = said("mycity", "--from", week, "--seats", seats, *more, "--out", out, "--lang", "en")
    assert (code, list(out.iterdir())) == (2, [])
    assert says in " ".join(text.split())


def test_what_is_wrong_with_a_table_of_seats_is_told_of_that_table(tmp_path, week):
    old = tmp_path / "old.csv"
    old.write_text("时间,座席\n" + "".join(f"2020/8/3 {hour}:00,5\n" for hour in range(24)), encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    code, text = said("mycity", "--from", week, "--seats", old, "--out", out, "--lang", "en")
    assert (code, list(out.iterdir())) == (2, [])
    assert "old.csv:1:1: staff.table: plans 2020-08-03 00:00" in " ".join(text.split())
