"""What is wrong in a file about further help that its terms offer, each with its place, in both languages."""
import beside
import pytest
from beside import HEAD
from click.testing import CliRunner

from sim.reading.loading import load
from surgeline.cli import main

problems, write, write_mine = beside.problems, beside.write, beside.write_mine
DESK = "kind: desk, name: far, cities: [east], seats: 3"
VOLUNTEERS = "kind: volunteers, city: east, people: 2"
NOON, LATE = "from: 2021-08-02 12:00, to: 2021-08-02 18:00", "from: 2021-08-02, to: 2021-08-02"
IDLE = ("answers in no whole block of 60 min of the time of help, 2021-08-02 12:00 to 2021-08-03 00:00, 08:00 to 20:00"
        "{}: offer it then, or leave it out")
AT = "lending.offers[0]"


@pytest.mark.parametrize(("offer", "told"), [
    (f"kind: desk, name: far, cities: [west], seats: 3, {NOON}", f"{AT}: west borrows nothing: leave it out"),
    (f"kind: cloud_seats, city: west, seats: 3, {NOON}", f"{AT}: west borrows nothing: leave it out"),
    (f"kind: desk, name: far, cities: [easst], seats: 3, {NOON}",
     f'{AT}.cities[0]: "easst" is no city; did you mean "east"?'),
    (f"kind: desk, name: far, cities: [east, east], seats: 3, {NOON}", f'{AT}.cities[1]: "east" stands here twice'),
    (f"{DESK}, classes: [nothing], {NOON}", f'{AT}.classes[0]: "nothing" is no class; known are urgent, everyday'),
    (f"{DESK}, presence: 0, {NOON}",
     f"{AT}.presence: 0 does nothing: leave the lever out, or give a number above 0"),
    (f"kind: desk, name: far, cities: [east], seats: 0, {NOON}",
     f"{AT}.seats: 0 does nothing: leave the lever out, or give a number above 0"),
    (f"{DESK}, from: 2021-08-04, to: 2021-08-05",
     f"{AT}.from: 2021-08-04 00:00 lies outside the horizon (2021-08-02 00:00 to 2021-08-03 00:00)"),
    (f"{DESK}, from: 2021-08-02 18:00, to: 2021-08-02 12:00",
     f"{AT}.from: must come before its end (2021-08-02 12:00)"),
    (f"{DESK}, {LATE}, hours: ['22:00', '06:00']", f"{AT}: {IDLE.format('')}"),
    (f"{DESK}, from: 2021-08-02 08:00, to: 2021-08-02 12:30", f"{AT}: {IDLE.format('')}"),   # not ready before noon
    (f"{DESK}, from: 2021-08-02 12:15, to: 2021-08-02 13:45", f"{AT}: {IDLE.format('')}"),   # no whole hour
    (f"{VOLUNTEERS}, training: 11 h, {LATE}", f"{AT}: {IDLE.format(', after a training of 11 h')}"),   # from ten on
    (f"{VOLUNTEERS}, training: 6 h, {NOON}", f"{AT}.training: lasts until 2021-08-02 18:00, and they leave on "
                                             "2021-08-02 18:00: train them earlier, or for less long"),
    (f"kind: volunteers, city: east, people: 30, training: 1 h, {NOON}",
     f"{AT}.people: east has 2 workplaces free on 2021-08-02 13:00, for 2 of these 30 people; bring in fewer, at other "
     "hours, or write place: elsewhere if they sit elsewhere"),
    (f"kind: cloud_seats, city: east, seats: 30, {NOON}",
     f"{AT}.seats: east has 10 people who sit in no hall on 2021-08-02 12:00, and they can man 10 of these 30 seats at "
     "home then; give fewer, or other hours"),
    (f"kind: lend, lender: west, borrower: east, seats: 2, {NOON}",
     f'{AT}.kind: "lend" cannot be offered: write one of desk, volunteers, cloud_seats'),
    ("kind: dek", f'{AT}.kind: "dek" is no lever; did you mean "desk"?'),
    ("seats: 2", f"{AT}.kind: is missing: one of desk, volunteers, cloud_seats"),
])
def test_an_offer_that_does_nothing_is_told_with_its_place(problems, offer, told):
    assert problems(f"lending: {{offers: [{{{offer}}}]}}\n") == [told]


@pytest.mark.parametrize("offer", [
    f"{DESK}, {NOON}", f"{DESK}, {LATE}, hours: ['19:00', '02:00']",           # an hour before eight in the evening
    f"{DESK}, from: 2021-08-02 12:15, to: 2021-08-02 14:00", f"{VOLUNTEERS}, training: 9 h, {LATE}",
    f"kind: desk, name: far, cities: [west, east], seats: 2.5, {NOON}"])
def test_an_offer_that_is_there_for_a_block_of_help_is_fine(problems, offer):
    assert problems(f"lending: {{offers: [{{{offer}}}]}}\n") == []


def test_what_is_no_lever_is_told_what_to_write(problems):
    assert problems("lending: {offers: [desk]}\n") == [f'{AT}: must be a lever such as {{kind: desk, ...}}, got "desk"']


def test_a_file_with_levers_that_take_up_its_offers_can_be_read(problems):
    """As that of a plan has."""
    offers, lever = f"lending: {{offers: [{{{DESK}, {NOON}}}]}}\n", f"levers: [{{{DESK}, {NOON}}}]"
    assert problems(f"{offers}{lever}\n") == []
    assert problems(f"{offers}variants: {{desk: {{name: {{zh: 席, en: desk}}, {lever}}}}}\n") == []


OFFERED = f"lending: {{offers: [{{{DESK}, {NOON}}}]}}\n"


@pytest.mark.parametrize(("change", "names"), [
    (f"{{add: [{{{VOLUNTEERS}, training: 1 h, {NOON}}}]}}", ["desk", "volunteers"]),
    (f"{{replace: [{{{VOLUNTEERS}, training: 1 h, {NOON}}}]}}", ["volunteers"]), ("{replace: []}", []), ("[]", [])])
def test_a_file_adds_to_the_offers_of_its_base_or_replaces_them(write, change, names):
    write("base.yaml", HEAD + OFFERED)
    mine = load(write("mine.yaml", f"surgeline: 1\nextends: base.yaml\nlending: {{offers: {change}}}\n"))
    assert [one.kind for one in mine.lending.offers] == names


def test_offers_of_other_days_than_those_of_a_shorter_horizon_are_left_out(write):
    days = "horizon: {start: 2021-08-02, end: 2021-08-03}\n"
    offers = f"{DESK}, from: 2021-08-03, to: 2021-08-03}}, {{{DESK}, {NOON}"
    write("base.yaml", f"{HEAD}{days}lending: {{to: 2021-08-03, offers: [{{{offers}}}]}}\nobserved: []\n")
    mine = load(write("mine.yaml", "surgeline: 1\nextends: base.yaml\n"
                                   "horizon: {start: 2021-08-02, end: 2021-08-02}\nlending: {to: 2021-08-02}\n"))
    assert [one.start.hour for one in mine.lending.offers] == [12]


def test_all_may_borrow_where_somebody_is_offered(problems):
    both = "borrowers: [east, west]"
    assert problems(f"lending: {{{both}}}\n") == [
        "lending: nobody is left to lend: every city borrows; name borrowers and lenders"]
    assert problems(f"lending: {{{both}, offers: [{{{DESK}, {NOON}}}]}}\n") == []


@pytest.mark.parametrize(("offer", "said"), [
    (f"kind: desk, name: far, cities: [west], seats: 3, {NOON}", "west 不受援：请删去"),
    (f"{DESK}, {LATE}, hours: ['22:00', '06:00']",
     "在支援时间（2021-08-02 12:00 至 2021-08-03 00:00，每天 08:00 至 20:00）内，"
     "没有一个 60 分钟的时段能全程接听：请改时间，或删去"),
    (f"{VOLUNTEERS}, training: 11 h, {LATE}", "培训 11 小时后，在支援时间"),
    (f"kind: lend, lender: west, borrower: east, seats: 2, {NOON}",
     ".kind：“lend”不能列入 offers：请写 desk、volunteers、cloud_seats 之一"),
    ("seats: 2", ".kind：缺少这一项：应为 desk、volunteers、cloud_seats 之一")])
def test_faults_are_told_in_chinese_with_line_and_column(write_mine, offer, said):
    name = write_mine(f"{HEAD}lending: {{offers: [{{{offer}}}]}}\n")
    done = CliRunner().invoke(main, ["--lang", "zh", "check", name])
    assert done.exit_code != 0
    assert "mine.yaml:3:" in done.output
    assert said in done.output.replace("\n", "")
