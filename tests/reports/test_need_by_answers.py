"""A plan of a town in which some answer some classes of callers only tells how many of each kind of people it needs,
here with volunteers, whose shifts nobody plans."""
from datetime import datetime

import openpyxl
import pytest
from one_city import said_of_town, staffed, surgeline, text

from optimizer.staffing.need.target import Target
from optimizer.staffing.need.trials import TargetError
from optimizer.staffing.planning.asked import Asked
from optimizer.staffing.planning.by_skill import need as need_by_skill
from optimizer.staffing.planning.by_skill.need import need_of_pools
from sim.reading.loading import load
from sim.studies.executors import at_work
from surgeline.folders.staffing_plan import StaffingPlan
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan import answer, need
from surgeline.reports.staffing_plan.view import PlanView

WORDS = {"zh": Words("zh"), "en": Words("en")}
GROUPS = """people:
  town:
    groups:
      staff: {people: 4, shifts: days}
      linguists: {people: 2, shifts: noon, contract: volunteers, answers: [foreign]}
      willing: {people: 2, contract: reserve, answers: [other]}
"""
SHIFTS = """shifts: {days: [{start: "08:00", hours: 8, share: 50 %}], noon: [{start: "10:00", hours: 6, share: 50 %}]}
"""
FOREIGN = """  foreign: {name: {zh: 外语, en: foreign languages}, patience: {law: exponential, mean: 10 min},
            talk: {law: fixed, mean: 1 s}, after_busy: {share: 0, delay: {law: exponential, mean: 2 min}},
            after_hanging_up: {share: 0, delay: {law: exponential, mean: 10 min}}}
staffing:
"""
EIGHT_TO_FOUR = ([0] * 16 + [1] * 16 + [0] * 16) * 2
QUICK = ("--seconds", "1", "--replications", "2")
SAID = {"zh": "小城只接外语的人，单靠自己管这些来电还不够：8 月 2 日 08:00 最缺，缺 1 席，全程缺 4 席·小时；",
        "en": "Town has too few people who answer foreign languages only, if these callers are left to them: by 1 "
              "seats at the worst, on 2 August 08:00, and by 4 seat-hours in all."}


def town(groups):
    """Both kinds of callers from eight to four; whoever answers foreign languages begins at ten."""
    whole = text(groups, calls=900).replace("agents: 4, ", "").replace("staffing:\n", FOREIGN)
    whole = "".join(SHIFTS if line.startswith("shifts:") else line for line in whole.splitlines(keepends=True))
    return whole.replace("everyday: {other: {profile: plain}}",
                         "everyday: {other: {profile: plain, share: 50 %}, foreign: {profile: plain, share: 50 %}}")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    here = tmp_path_factory.mktemp("by-answers")
    (here / "town.yaml").write_text(town(GROUPS), encoding="utf-8")
    return staffed(here / "town.yaml", *QUICK)


@pytest.fixture(scope="module")
def view(made):
    return PlanView(StaffingPlan.read(made))


def test_the_need_of_each_kind_of_people_is_known_by_hand(view):
    """A seat for each kind of callers from eight to four on both days; nobody is wanted of those who come if called."""
    everybody, linguists = view.cities["town"].pools
    assert (everybody.classes, linguists.classes) == ((), ("foreign",))
    assert [(one.peak, one.seat_hours) for one in (everybody, linguists)] == [(1, 16), (1, 16)]
    assert (everybody.open_hours, everybody.short_hours, everybody.short_most, everybody.short_at) == (32, 0, 0, None)
    assert (linguists.open_hours, linguists.short_hours, linguists.short_most) == (12, 4, 1)
    assert linguists.short_at == datetime(2021, 8, 2, 8)


def test_what_is_planned_still_takes_the_others_as_they_are(view):
    """All-round people stand in for the others before ten."""
    found = view.cities["town"]
    assert (found.need.peak, found.need.seat_hours) == (1, 16)
    assert found.roster.people == 4


@pytest.mark.parametrize("lang", WORDS)
def test_answer_and_report_say_which_people_are_short(lang, view):
    w = WORDS[lang]
    assert any(one.startswith(SAID[lang]) for one in answer.sentences(view, w))
    table = need.section(view, w).blocks[-1]
    assert [row[0] for row in table.rows] == {"zh": ["各类来电（此处只计其余）", "只接外语"],
                                              "en": ["all callers (here the rest)", "foreign languages only"]}[lang]
    assert [(row[1], row[3], row[4], row[5], row[6]) for row in table.rows] == [("1", "16", "32", "0", "0"),
                                                                                ("1", "16", "12", "4", "1")]
    assert SAID[lang] in table.note


def test_machines_and_the_workbook_have_it_too(made):
    said = said_of_town(made)["pools"]
    assert [(one["classes"], one["short_hours"]) for one in said] == [([], 0), (["foreign"], 4)]
    book = openpyxl.load_workbook(made / "report.xlsx")
    rows = list(book["各类人员需求 by answers"].iter_rows(values_only=True))[-2:]
    assert [(row[0], row[1], row[5], row[6]) for row in rows] == [("各类来电（此处只计其余）", 1, 0, 0),
                                                                  ("只接外语", 1, 4, 1)]
    by_time = [row for row in book["各类人员分时 by time"].iter_rows(values_only=True) if row[0] == "只接外语"]
    assert len(by_time) == 96
    assert sum(max(row[2] - row[3], 0) for row in by_time) == 8


def found(folder, groups, change=lambda text: text):
    """Seats needed, by half-hour, of each pool."""
    (folder / "town.yaml").write_text(change(town(groups)), encoding="utf-8")
    asked = Asked(Target(0.8, 15), seed=1, replications=2, seconds=1.0, told=None)
    with at_work(1) as executor:
        told = need_of_pools(load(folder / "town.yaml"), "town", asked, executor)
    return dict(zip(told.cities, told.seats.T.tolist(), strict=True))


def test_nobody_stands_in_for_those_who_answer_some_classes_only(tmp_path):
    """Whoever calls in a foreign language goes first, and of several who answer all callers one always has time."""
    def many(text):
        return text.replace("mean: 1 s", "mean: 4 min", 1).replace("  foreign: {", "  foreign: {urgency: 0, ").replace(
            "seats: 9", "seats: 30")
    seats = found(tmp_path, GROUPS, many)
    assert max(seats["town"]) > 2
    assert seats["town·foreign"] == EIGHT_TO_FOUR


def test_where_others_answer_every_class_nobody_need_answer_all(tmp_path):
    locals_too = GROUPS.replace("contract: reserve", "shifts: days")
    assert found(tmp_path, locals_too) == {"town": [0] * 96, "town·foreign": EIGHT_TO_FOUR, "town·other": EIGHT_TO_FOUR}


def test_where_all_answer_everything_nothing_is_said_of_it(tmp_path):
    everybody = GROUPS.replace(", answers: [foreign]", "").replace(", answers: [other]", "")
    (tmp_path / "town.yaml").write_text(town(everybody), encoding="utf-8")
    surgeline("staff", tmp_path / "town.yaml", *QUICK, "--out", tmp_path / "plan")
    done = StaffingPlan.read(tmp_path / "plan")
    assert done.manifest.cities["town"].pools is None
    assert not (tmp_path / "plan" / "pools_needed.parquet").exists()
    assert need.section(PlanView(done), WORDS["en"]).blocks[-1].title == WORDS["en"]("staff.need_table")


def test_a_target_that_not_every_kind_of_people_can_keep_stops_no_plan(tmp_path, monkeypatch):
    def refuse(trials):
        raise TargetError("at most 70 % can be had")
    monkeypatch.setattr(need_by_skill, "found_by", refuse)
    (tmp_path / "town.yaml").write_text(town(GROUPS), encoding="utf-8")
    said = surgeline("staff", tmp_path / "town.yaml", *QUICK, "--out", tmp_path / "plan")
    assert "no number of seats keeps the target for each kind of people" in " ".join(said.split())
    done = StaffingPlan.read(tmp_path / "plan")
    assert done.manifest.cities["town"].pools == ()
    assert WORDS["zh"]("staff.pools_none", place="小城") in answer.sentences(PlanView(done), WORDS["zh"])
