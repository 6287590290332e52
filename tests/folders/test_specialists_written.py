"""A plan with people who answer some classes only, on paper: read back, edited, replayed and planned again."""
import json

import openpyxl
import pytest
from linguists import MORNING, NOON, halves, town
from one_city import surgeline

from sim.reading.loading import load
from sim.world.build import build
from surgeline.folders.staffing_plan import StaffingPlan
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan import answer, need, roster, shifts
from surgeline.reports.staffing_plan.view import PlanView

QUICK = ("--city", "town", "--seconds", "16", "--replications", "2")
SAID = {"zh": "小城只接外语的 4 人单独排班：这些来电要他们开 16 席·小时，照现在的班缺 8，排后缺 0；",
        "en": "The 4 people in Town who answer foreign languages only get shifts of their own: their callers need 16 "
              "seat-hours of them, of which today's shifts lack 8 and the new ones 0. Of these callers 100"}
PLACE = {"zh": "小城，只接外语", "en": "Town, foreign languages only"}


def seats(scenario):
    """By pool: [half-hours]."""
    setting = build(scenario)
    return {pool.name: setting.world.seats[:, p].tolist() for p, pool in enumerate(setting.names.pools)}


def planned_seats(folder):
    table = StaffingPlan.read(folder).pools_needed
    return {pool: part["planned"].tolist() for pool, part in table.groupby("pool")}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    here = tmp_path_factory.mktemp("specialists")
    (here / "town.yaml").write_text(town(), encoding="utf-8")
    surgeline("staff", here / "town.yaml", *QUICK, "--out", here / "plan")
    return here / "plan"


def test_the_scenario_beside_the_roster_opens_the_seats_that_are_promised(made):
    assert planned_seats(made) == {"town": halves(MORNING), "town·foreign": halves(NOON)}
    assert seats(load(made / "staffed.yaml")) == planned_seats(made)


def test_the_book_has_everybody_once(made):
    book = openpyxl.load_workbook(made / "roster.xlsx")
    rows = [row[:2] for row in book["排班表"].iter_rows(min_row=2, values_only=True)]
    assert rows == [(f"综合{n:03}", "综合") for n in range(1, 7)] + [(f"外语{n:03}", "外语") for n in range(1, 5)]
    assert all(name in book.sheetnames for name, _ in rows)
    people = {row[0]: row[2] for row in book["每人 people"].iter_rows(min_row=4, values_only=True)}
    assert sum(people[name] for name, group in rows if group == "外语") == 16     # a shift a day


def test_an_edited_roster_is_read_back(made, tmp_path):
    """A linguist who has the first day's shift does not come."""
    book = openpyxl.load_workbook(made / "roster.xlsx")
    cells = [cell for row in book["排班表"].iter_rows(min_row=2) if row[1].value == "外语" for cell in row[2:]]
    first = next(cell for cell in cells if cell.value == "白1200" and cell.column == 4)
    first.value = "休"
    for file in made.iterdir():
        if file.is_file() and file.name != "roster.xlsx":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    book.save(tmp_path / "roster.xlsx")
    assert seats(load(tmp_path / "staffed.yaml"))["town·foreign"] == [0] * 48 + halves(NOON, days=1)


def test_a_plan_of_the_plan_changes_nothing(made, tmp_path):
    said = surgeline("staff", made / "staffed.yaml", *QUICK, "--json", "--out", tmp_path / "again")
    changes = json.loads(said.splitlines()[-1])["cities"]["town"]["roster"]["changes"]
    assert (changes["published"], changes["frozen"], changes["cells"]) == (20, 10, [])    # the evening is frozen
    assert seats(load(tmp_path / "again" / "staffed.yaml")) == seats(load(made / "staffed.yaml"))


def test_the_command_for_an_ill_linguist_names_who_answers_the_same(made):
    name = next(row.name for row in load(made / "staffed.yaml").people["town"].roster.rows
                if row.group == "linguists" and row.codes[1] == "白1200")
    said = json.loads(surgeline("staff", made / "staffed.yaml", "--city", "town", "--ill", f"{name}@2021-08-02 06:40",
                                "--replications", "2", "--json").splitlines()[-1])
    asked = {one["name"] for one in (*said["candidates"], *said["refused"])}
    assert len(asked) == 9


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_says_what_is_planned_for_whom(made, lang):
    view, w = PlanView(StaffingPlan.read(made)), Words(lang)
    said = answer.sentences(view, w)
    assert any(one.startswith(SAID[lang]) for one in said)
    assert w("staff.pools_above") in said
    covers = need.section(view, w).blocks[-1]
    assert [row[1:6] for row in covers.rows] == [("16", "16", "0", "0", w("number.none"))] * 2
    assert [row[7] for row in covers.rows] == [w.percent(1.0)] * 2
    titles = [table.title for section in (shifts.section(view, w), roster.section(view, w)) for table in section.blocks]
    assert {w("staff.shifts_table", place=PLACE[lang]), w("staff.roster_table", place=PLACE[lang])} < {*titles}
    costs = shifts.section(view, w).blocks[-1]
    assert [row[0] for row in costs.rows] == [view.place(w, "town"), PLACE[lang]]


@pytest.mark.parametrize(("lang", "said"), [("zh", "标准工时只够平常所需的 31 %"),
                                            ("en", "give 31 % of what is needed in ordinary time:")])
def test_the_report_says_which_part_of_the_need_their_hours_give(made, lang, said):
    view, w = PlanView(StaffingPlan.read(made)), Words(lang)
    town = view.cities["town"]
    some = town.pools[1].model_copy(update={"plan": town.pools[1].plan.model_copy(
        update={"part": 0.31, "of_ordinary": True})})
    view.cities["town"] = town.model_copy(update={"pools": (town.pools[0], some)})
    table = next(one for one in roster.section(view, w).blocks if one.title.startswith(PLACE[lang]))
    assert said in table.note.replace("\xa0", " ")
