"""Before anything is simulated: are there people for the seats of a file, and does a table plan the whole horizon."""
import pytest
from beside import HEAD, wrong_with

NO_LEVERS = "levers: []\nvariants: {none: {levers: []}, at-once: {levers: []}, longer-shared: {levers: []}}\n"
LEND = "kind: lend, lender: west, borrower: east, from: 2021-08-02, to: 2021-08-02"
CLOUD = "kind: cloud_seats, city: west, from: 2021-08-02, to: 2021-08-02"
ALL_DAY = 'hours: ["00:00", "24:00"]'


@pytest.fixture
def problems(tmp_path):
    """What is wrong with the two cities and something more; ``staff`` are rows of a table beside the file."""
    def told(more, staff=()):
        (tmp_path / "staff.csv").write_text("\n".join(staff) + "\n")
        (tmp_path / "mine.yaml").write_text(HEAD + more, encoding="utf-8")
        return wrong_with(tmp_path / "mine.yaml")
    return told


def levers(*lines):
    return "levers:\n  replace:\n" + "".join(f"  - {{{line}}}\n" for line in lines)


# --- seats that are lent or at home ----------------------------------------------------------------------------------

OPEN = "seats: west has 3 seats open on 2021-08-02 {}, less breaks, and can lend {} seats then; lend fewer, at "
FEWER = "other hours, or say in off_duty which part is manned by colleagues called in"
HALL = "seats: west has {} people who sit in no hall on 2021-08-02 00:00, and they can man {} seats at home then; give "


@pytest.mark.parametrize(("lines", "told"), [
    ([f"{LEND}, {ALL_DAY}, seats: 14"],
     "levers[0]." + OPEN.format("00:00", "4 of these 14") + FEWER),
    ([f"{LEND}, seats: 5"],
     "levers[0]." + OPEN.format("20:00", "4 of these 5") + FEWER),
    ([f"{LEND}, seats: 4, presence: 100 %"],
     "levers[0]." + OPEN.format("20:00", "3 of these 4") + FEWER),
    ([f"{LEND}, seats: 3", f"{LEND}, seats: 2, serves: both"],
     "levers[1]." + OPEN.format("20:00", "1 of these 2") + FEWER),
    ([f"{LEND}, seats: 9", f"{LEND}, seats: 9"], "levers[1].seats: west lends 18 seats at once but has 14"),
    ([f"{LEND}, seats: 14, off_duty: 100 %"],
     "levers[0].seats: west has 13 people off duty on 2021-08-02 08:00 and can call them in for 13 of these 14 seats "
     "then; lend fewer, or a smaller part of them off_duty"),
    ([f"{CLOUD}, seats: 23"],
     "levers[0]." + HALL.format(22, "22 of these 23") + "fewer, or other hours"),
    ([f"{LEND}, {ALL_DAY}, seats: 10, off_duty: 100 %", f"{CLOUD}, seats: 13"],
     "levers[1]." + HALL.format(12, "12 of these 13") + "fewer, or other hours"),
])
def test_more_than_there_are(problems, lines, told):
    assert problems(levers(*lines)) == [told]
    head = "variants:\n  v:\n    name: {zh: 甲, en: A}\n    levers:"
    variant = levers(*lines).replace("levers:\n  replace:", head).replace("  - ", "      - ")
    assert problems(variant) == [f"variants.v.{told}"]


@pytest.mark.parametrize("lines", [
    [f"{LEND}, seats: 4"], [f'{LEND}, seats: 13, hours: ["08:00", "20:00"]'], [f"{LEND}, seats: 12, off_duty: 70 %"],
    [f"{LEND}, seats: 4", "kind: recall, lender: west, borrower: east, at: 2021-08-02 12:00", f"{LEND}, seats: 4"],
    [f"{LEND}, seats: 5", "kind: standby, city: west, people: 2, response: 0 s, from: 2021-08-02 20:00, "
                          "to: 2021-08-02 22:00"],
    [f"{CLOUD}, seats: 13"],
])
def test_as_many_as_there_are(problems, lines):
    assert problems(levers(*lines)) == []


def test_where_absences_leave_nobody_a_loan_is_told(problems):
    absent = "absences:\n  - {city: west, from: 2021-08-02, to: 2021-08-02, share: 100 %}\n"
    alone = "variants: {none: {levers: []}, at-once: {levers: []}, longer-shared: {levers: []}}\n"
    assert problems(alone + absent + levers(f"{LEND}, seats: 4")) == [
        "levers[0].seats: west has nobody to man these seats in all the time: see absences"]
    assert problems(absent.replace("100 %", "60 %") + levers(f"{LEND}, seats: 4")) == []


# --- tables of planned seats -----------------------------------------------------------------------------------------

STAFF = NO_LEVERS + "staff: {table: staff.csv}\n"
HEADER = "start,east,west"
DAY_PLANNED = "the horizon is 2021-08-02 00:00 to 2021-08-03 00:00: give it rows for that time"


@pytest.mark.parametrize(("rows", "told"), [
    (["2022-08-02 00:00,5,6", "2022-08-02 08:00,9,9"],
     f"plans 2022-08-02 00:00 to 2022-08-03 00:00, and {DAY_PLANNED}"),
    (["2020-08-02 00:00,10,10", "2020-08-02 20:00,2,2"],
     f"plans 2020-08-02 00:00 to 2020-08-03 16:00, and {DAY_PLANNED}"),
    (["2021-08-01 20:00,3,3"], f"plans 2021-08-01 20:00 to 2021-08-02 00:00, and {DAY_PLANNED}"),
    (["2021-08-02 08:00,5,6"],
     "begins on 2021-08-02 08:00, and the horizon on 2021-08-02 00:00: add a row for what is open then"),
])
def test_a_table_that_does_not_plan_the_horizon(problems, rows, told):
    assert problems(STAFF, [HEADER, *rows]) == [f"staff.table: {told}"]


def test_the_last_row_holds_to_the_end_of_its_day_and_not_for_ever(problems):
    days, rows = "horizon: {end: 2021-08-05}\n", [HEADER, "2021-08-02 00:00,2,2", "2021-08-02 08:00,9,9"]
    assert problems(days + STAFF, rows) == [
        "staff.table: ends with a row of 2021-08-02 08:00, which holds until 2021-08-03 00:00, and the horizon ends on "
        "2021-08-06 00:00: add rows up to there"]
    each = [f"2021-08-0{day} 08:00,9,9" for day in (3, 4, 5)]
    assert problems(days + STAFF, [*rows, *each]) == []
    assert problems(days + STAFF, [*rows, each[0], each[2]]) == [
        "staff.table: has rows for 2021-08-03 and for 2021-08-05 but none for 2021-08-04: add one, also where seats "
        "stay as they are"]
    assert problems(days + STAFF, [f"2021-08-0{day},9,9" if day else HEADER for day in (0, 2, 5)]) == []


def test_weekly_rows_hold_for_a_week(problems):
    days = "horizon: {start: 2021-08-02, end: 2021-08-14}\n"
    surge = "surges: {replace: [{city: east, class: everyday, profile: plain, by_day: {2021-08-02: 9}}]}\n"
    assert problems(days + surge + STAFF, [HEADER, "2021-08-01 00:00,2,2", "2021-08-08 00:00,9,9"]) == []


def test_rows_of_before_and_after_do_no_harm(problems):
    assert problems(STAFF, [HEADER, "2021-08-01 20:07,5,6", "2021-08-02 08:00,5,6", "2021-08-09,1,1"]) == []


def test_a_row_between_intervals(problems):
    assert problems(STAFF, [HEADER, "2021-08-02,5,6", "2021-08-02 08:07,5,6"]) == [
        "staff.rows[1]: 2021-08-02 08:07 is not where an interval of 15 min starts"]


def test_rows_that_are_lacking(problems):
    rows = [f"2021-08-02 {i // 4:02}:{i % 4 * 15:02},5,6" for i in range(96)]
    assert problems(STAFF, [HEADER, *rows[:30], *rows[40:]]) == [
        "staff.table: has a row every 15 min but none between 2021-08-02 07:15 and 2021-08-02 10:00: add what is open "
        "from 2021-08-02 07:30 on"]
    closed = [row.replace("5,6", "0,0") if i == 0 else row for i, row in enumerate(rows) if not 0 < i < 28]
    assert problems(STAFF, [HEADER, *closed]) == []


def test_lent_from_a_table(problems):
    """Four seats that are lent are missed as three, less breaks of 20 %."""
    staff = [HEADER, "2021-08-02 00:00,5,3"]
    assert problems("staff: {table: staff.csv}\n" + levers(f"{LEND}, seats: 4"), staff) == []
    assert problems(NO_LEVERS.replace("levers: []\nv", "v") + "staff: {table: staff.csv}\n" + levers(
        f"{LEND}, seats: 5"), staff) == [
        "levers[0]." + OPEN.format("08:00", "4 of these 5") + FEWER]
