"""A fault is told, and not what follows from it: where people or their table can't be read, nobody knows who leads."""
import beside
import pytest
from beside import told
from test_rosters_for_plans import AUGUST, PEOPLE, TOWN

write = beside.write
TABLE = "姓名,组长,2021-08-01,2021-08-02,2021-08-03\n王一,是,早,早,早\n"
TERMS = AUGUST + "staffing: {leaders: 1, frozen_until: 2021-08-03}\n"


@pytest.mark.parametrize(("people", "table", "fault"), [
    (PEOPLE.replace("MORE", ", holidays: [2021-08-32]"), TABLE, "people.east.holidays[0]: must be a date"),
    (PEOPLE.replace("MORE", ", workplaces: many"), TABLE, "people.east.workplaces: "),
    (PEOPLE.replace("MORE", ""), TABLE.replace("姓名", "谁"), "roster.csv:1:1: the first row must name the columns"),
    (PEOPLE.replace("MORE", ""), TABLE.replace("是,早", "是,培训"), '2021-08-01: "培训" is no shift'),
    (PEOPLE.replace("MORE", "") + "cities: {east: {agents: 30}}\n", TABLE.replace("姓名", "谁"),
     "roster.csv:1:1: the first row must name the columns")])
def test_what_follows_from_a_fault_is_not_told(write, people, table, fault):
    write("roster.csv", table)
    [problem] = told(write("mine.yaml", TOWN + people + TERMS))
    assert fault in problem


def test_a_fault_of_its_own_is_told_too(write):
    """A name that there is not is wrong whatever else is."""
    write("roster.csv", TABLE)
    terms = TERMS.replace("leaders: 1", "leaders: 1, cities: [nowhere]")
    problems = told(write("mine.yaml", TOWN + PEOPLE.replace("MORE", ", holidays: [2021-08-32]") + terms))
    assert len(problems) == 2
    assert any("nowhere" in one for one in problems)


def test_how_many_people_there_are_is_known_beside_a_cell_that_means_nothing(write):
    write("roster.csv", TABLE.replace("是,早", "是,培训"))
    problems = told(write("mine.yaml", TOWN + PEOPLE.replace("MORE", "") + "cities: {east: {agents: 30}}\n" + TERMS))
    assert len(problems) == 2
    assert any("says 30, and the groups of east have 1 people" in one for one in problems)
