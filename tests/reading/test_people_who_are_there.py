"""Groups in which nobody is, shifts that nobody could work, names that could mean either: what is refused, and how it
is said in both languages."""
import pytest

from sim.reading.loading import load, with_places
from sim.scenario.problems import ScenarioError
from surgeline.locale import in_lang

HEAD = "surgeline: 1\nextends: two-cities\nvariants: ~\nlending: ~\nhorizon: {start: 2021-08-02, end: 2021-08-03}\n"
SHIFTS = """shifts:
  plan: [{start: "08:00", hours: 8, code: A}, {start: "16:00", hours: 8, code: B}, {start: "00:00", hours: 8, code: C}]
"""
NO_LEVERS = "levers: ~\n"
SHARES = 'shifts: {{plan: [{{start: "08:00", hours: 8, share: 30 %, breaks: [{}]}}]}}\n'
ROTA = "rotas: {r: {shifts: plan, cycle: [CYCLE], start: 2021-08-02, crews: 2}}\n"
OF_ROTA = "people: {east: {groups: {g: {people: PEOPLE, rota: r}}}}\n"


@pytest.fixture
def found(tmp_path):
    """What is wrong with a file and its roster, or what is said of it, in English and in Chinese."""
    def told(more, *rows, head=HEAD + NO_LEVERS):
        (tmp_path / "roster.csv").write_text("\n".join(("姓名,组,2021-08-02,2021-08-03", *rows)), encoding="utf-8")
        (tmp_path / "mine.yaml").write_text(head + more, encoding="utf-8")
        try:
            problems = with_places(tmp_path / "mine.yaml")[1].notices
        except ScenarioError as error:
            problems = error.problems
        return "\n".join(str(one) for one in problems), "\n".join(in_lang(one.told, "zh") for one in problems)
    return told


def people(group="", rest=""):
    return (f"{SHIFTS}people: {{east: {{groups: {{g: {{shifts: plan, name: {{zh: 早班, en: early}}{group}}}}}, "
            f"roster: {{table: roster.csv}}{rest}}}}}\n")


# --- breaks ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("breaks", "en", "zh"), [
    ("{length: 1 h, window: [2, 4]}, {length: 1 h, window: [3, 5]}",
     "shifts.plan[0].breaks[1].window: begins 3 h after the start of the shift, and another break may last until 4 h",
     "谁也不能同时休息两次"),
    ("{length: 1 h, window: [3, 5]}, {length: 15 min, window: [1, 6]}", "shifts.plan[0].breaks[0].window: begins 3 h",
     "谁也不能同时休息两次"),
    ("{length: 4 h, window: [0, 4]}, {length: 4 h, window: [4, 8]}",
     "shifts.plan[0].breaks: last 8 h of 8 h: that leaves no time for work", "没有时间工作了"),
])
def test_breaks_that_nobody_could_take_are_refused(found, breaks, en, zh):
    english, chinese = found(SHARES.format(breaks))
    assert en in english
    assert zh in chinese


def test_breaks_one_after_the_other_are_taken(found):
    assert found(SHARES.format("{length: 15 min, window: [4, 6]}, {length: 1 h, window: [2, 4]}")) == ("", "")


# --- nobody is there -------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("more", "rows", "en", "zh"), [
    (people(), ("甲,g,假,假", "乙,g,leave,休假"), 'roster.table: has everybody of "g" on leave on every day',
     "都在请假"),
    (people(", absence: 100 %"), ("甲,g,A,A",), "groups.g.absence: must be below 100 %", "须小于 100 %"),
    ("cities: {west: {absence: 1}}\n", (), "cities.west.absence: must be below 100 %", "须小于 100 %"),
    ("cities: {west: {shrinkage: 100 %}}\n", (), "cities.west.shrinkage: must be below 100 %", "谁也不在电话旁"),
    ("shifts: {none: []}\n", (), "shifts.none: has no shift: nobody would ever work", "谁也不会上班"),
    (SHIFTS + ROTA.replace("CYCLE", "休, 休") + OF_ROTA.replace("PEOPLE", "9"), (), "rotas.r.cycle: has no shift",
     "谁也不会上班"),
    (SHIFTS + ROTA.replace("CYCLE", "A, 休") + OF_ROTA.replace("PEOPLE", "1"), (),
     'groups.g.people: has 1 people, and its rota "r" falls into 2 crews', "分 2 班组"),
    (people(", people: 1"), ("甲,g,A,A", "乙,g,假,A"), "groups.g.people: has 1 people, and the roster has 2",
     "有 2 人"),
    (SHIFTS + "cities: {east: {agents: 1, shifts: plan}}\npeople: {east: {roster: {table: roster.csv}}}\n",
     ("甲,,A,A", "乙,,A,A"), "cities.east.agents: says 1, and the roster has 2 people", "而排班表有 2 人"),
    (people().replace("east:", "all:"), ("甲,g,A,A",), "people.all.roster: names people, who work for one city",
     "人属于一个城市"),
    (people(", call_in: {longest: 0 h, shortest: 0 h}"), ("甲,g,A,A",),
     "call_in.longest: must be above 0 and at most 24 h, got 0 h", "至多 24 小时"),
    (people(", call_in: {longest: 3 h, shortest: 5 h}"), ("甲,g,A,A",), "call_in.shortest: must be <= 3 h", "最长停留"),
])
def test_where_nobody_could_be_at_work_it_is_said(found, more, rows, en, zh):
    english, chinese = found(more, *rows)
    assert en in english
    assert zh in chinese


def test_who_is_on_leave_alone_is_taken(found):
    assert found(people(), "甲,g,假,假", "乙,g,A,A") == ("", "")


def test_a_roster_without_shifts_is_said_and_taken(found):
    english, chinese = found(people(), "甲,g,假,休", "乙,g,,")
    assert "has no shift on any day of the horizon" in english
    assert "谁何时上班由 `surgeline staff` 来排" in chinese


def test_a_fraction_of_a_person_is_one_in_a_roster(found):
    """As `surgeline staff` writes it for 1.5 people."""
    assert found(people(", people: 1.5"), "甲,g,A,A", "乙,g,A,A") == ("", "")


# --- names -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("other", "place"), [("name: {zh: 早 班, en: late}", "groups.h.name.zh"),
                                              ("name: {zh: 晚班, en: G}", "groups.h.name.en")])
def test_groups_that_a_roster_could_not_tell_apart_are_refused(found, other, place):
    english, chinese = found(people().replace("}, roster", f", h: {{people: 2, {other}}}}}, roster"), "甲,g,A,A")
    assert f"people.east.{place}: " in english
    assert 'is also the name of the group "g": give each a name of its own' in english
    assert "请各用各的名称" in chinese


def test_two_shifts_of_one_code_are_refused(found):
    english, _ = found(SHIFTS.replace("code: B", "code: A"))
    assert 'shifts.plan[1].code: "A" stands here twice' in english


@pytest.mark.parametrize(("shift", "en", "zh"), [
    ('code: " A"', "shifts.plan[0].code: begins or ends with a blank", "首尾有空格"),
    ("code: ＯＦＦ", "shifts.plan[0].code: ＯＦＦ stands for a day without a shift", "不上班的日子"),
    ("days: []", "shifts.plan[0].days: names no day", "没有写任何一天"),
    ("days: [mon, tue, mon]", "shifts.plan[0].days[2]: mon stands here twice", "出现了两次"),
])
def test_shifts_that_no_cell_could_name_or_no_day_has_are_refused(found, shift, en, zh):
    english, chinese = found(f'shifts: {{plan: [{{start: "08:00", hours: 8, share: 9 %, {shift}}}]}}\n')
    assert en in english
    assert zh in chinese


# --- too long --------------------------------------------------------------------------------------------------------

TOO_LONG = ("has 16 h of work with 0 h between B and C, and one may work 11 h a day, overtime included (law: Labour "
            "Law art. 41)")


def test_sixteen_hours_in_a_row_are_refused_in_a_roster(found):
    shifts = people()
    english, chinese = found(shifts, "甲,g,B,C", "乙,g,A,A")
    assert f"roster.csv:2:1: people.east.roster.rows[0]: 甲 {TOO_LONG}" in english
    assert "连续工作 16 小时" in chinese
    for rules in ("emergency: true", "comprehensive: month"):
        english, _ = found(shifts.replace("roster.csv}", f"roster.csv}}, rules: {{{rules}}}"), "甲,g,B,C")
        assert "has 16 h of work" not in english
        assert "11 h are usual" in english


def test_sixteen_hours_in_a_row_are_refused_in_a_rota(found):
    shifts = SHIFTS
    rota = ROTA.replace("CYCLE", "B, C, 休, 休") + OF_ROTA.replace("PEOPLE", "9")
    assert f"people.east.groups.g.rota: {TOO_LONG}" in found(shifts + rota)[0]
    assert "of work with" not in found(shifts + rota.replace("B, C, 休, 休", "C, 休, B, 休"))[0]


def test_rules_of_all_cities_hold_for_one_that_says_none(found):
    """An approval for all stands in `all`; a city with groups of its own has it too."""
    long = ('shifts: {plan: [{start: "08:00", hours: 12, code: A}]}\n'
            "people: {all: {rules: {comprehensive: month}}, east: {groups: {g: {shifts: plan}}, "
            "roster: {table: roster.csv}}}\n")
    assert "has a shift of 12 h" not in found(long, "甲,g,A,休")[0]
    assert "has a shift of 12 h" in found(long.replace("comprehensive: month", ""), "甲,g,A,休")[0]


@pytest.mark.parametrize(("longer", "wrong"), [(30, True), (13, True), (12, False)])
def test_nobody_stays_beyond_a_day_in_an_emergency(found, longer, wrong):
    more = (f"levers: {{replace: [{{kind: overtime, city: east, longer: {longer}, share: 20 %, from: 2021-08-02, "
            "to: 2021-08-02}]}\npeople: {east: {rules: {emergency: true}}}\ncities: {east: {seats: 40}}\n")
    english, chinese = found(more, head=HEAD)
    assert (f"levers[0].longer: {longer} h after a shift of 12 h are beyond a day" in english) == wrong
    assert ("须 ≤ 12 小时" in chinese) == wrong


def test_fewer_than_are_called_in_by_a_roster_are_said_and_not_refused(found, tmp_path):
    """Days of a roster differ, and it is edited: those come who can."""
    lever = ("levers: {replace: [{kind: call_in, city: east, group: g, people: 2, from: 2021-08-02 08:00, "
             "to: 2021-08-03 16:00}]}\n")
    text = people(", call_in: {willing: 100 %, notice: 1 h}") + lever
    english, chinese = found(text, "甲,g,A,休", "乙,g,休,休", "丙,g,休,休", head=HEAD)
    assert "levers[0].people: east has people for 1 of these 2 on 2021-08-02 17:00" in english
    assert "只够这 2 人中的 1 人" in chinese
    nobody, _ = found(text, "甲,g,A,A", "乙,g,假,假", head=HEAD)
    assert "levers[0].people: east has people for 0 of these 2" in nobody
    assert load(tmp_path / "mine.yaml").levers


def test_seats_that_a_roster_has_too_few_people_for_are_said_and_those_without_places_refused(found, tmp_path):
    lever = ("levers: {replace: [{kind: lend, lender: east, borrower: west, seats: SEATS, from: 2021-08-02 08:00, "
             "to: 2021-08-03 16:00}]}\n")
    text = people() + lever
    english, _ = found(text.replace("SEATS", "4"), "甲,g,A,休", "乙,g,休,休", head=HEAD)
    assert "levers[0].seats: east has" in english
    assert load(tmp_path / "mine.yaml").levers
    assert "but has 12" in found(text.replace("SEATS", "400"), "甲,g,A,休", head=HEAD)[0]
    with pytest.raises(ScenarioError):
        load(tmp_path / "mine.yaml")


def test_a_file_that_stands_on_one_with_a_shorter_horizon_is_cut_to_it_too(tmp_path):
    """Whatever it says of the horizon besides its ends."""
    lever = "{kind: divert, cities: [east], share: 10 %, from: 2021-08-02, to: 2021-08-02}"
    base = HEAD.replace("horizon: {start: 2021-08-02, ", "horizon: {") + f"levers: {{replace: [{lever}]}}\n"
    (tmp_path / "long.yaml").write_text(base, encoding="utf-8")
    shorter = "surgeline: 1\nextends: long.yaml\nhorizon: {start: 2021-08-03, end: 2021-08-03}\n"
    (tmp_path / "short.yaml").write_text(shorter, encoding="utf-8")
    assert load(tmp_path / "short.yaml").levers == ()
    for more in ("horizon: {interval: 30 min}\n", "title: {zh: 甲, en: A}\n"):
        (tmp_path / "above.yaml").write_text(f"surgeline: 1\nextends: short.yaml\n{more}", encoding="utf-8")
        assert load(tmp_path / "above.yaml").levers == ()


# --- what can't be planned -------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("more", "en", "zh"), [
    ("staffing: {cities: [east]}\n", "", ""),
    ("horizon: {end: 2021-08-03 12:00}\nstaffing: {cities: [east]}\n",
     "horizon.end: people are planned for whole days", "整天"),
    ("horizon: {interval: 60 min}\nstaffing: {cities: [east]}\n", "", ""),
    ("horizon: {interval: 60 min}\nsurges: {replace: [{city: east, class: urgent, profile: plain, table: hours.csv}]}\n"
     "staffing: {cities: [east]}\n", "horizon.interval: people are planned by the half hour", "30 分钟"),
    ('staffing: {shift_types: [{code: 白, from: ["08:00", "12:00"], hours: [9]}]}\n',
     "staffing.shift_types: no type of shift is at work at 21:00-08:00", "没有一种班次在 21:00-08:00 上班"),
    ('staffing: {shift_types: [{code: 夜, from: ["22:00", "02:00"], hours: [8]}]}\n', "at work at 10:00-22:00",
     "10:00"),
])
def test_what_could_not_be_planned_is_said_of_a_file_that_asks_for_it(tmp_path, found, more, en, zh):
    head = HEAD.replace("horizon: {start: 2021-08-02, end: 2021-08-03}\n", "") if "horizon" in more else HEAD
    (tmp_path / "hours.csv").write_text("start,callers\n" + "".join(f"2021-08-02 {i:02}:00,5\n" for i in range(24)))
    english, chinese = found(more, head=head + NO_LEVERS)
    assert en in english
    assert zh in chinese
    assert bool(english) == bool(en)


def test_a_city_to_plan_stands_once(found):
    assert 'staffing.cities[1]: "east" stands here twice' in found("staffing: {cities: [east, east]}\n")[0]


# --- days, and cities -----------------------------------------------------------------------------------------------

def test_days_of_the_week_have_no_use_where_a_roster_says_who_begins(found):
    english, chinese = found(people().replace("code: A", "code: A, days: [sun]"), "甲,g,A,A")
    assert "shifts.plan[0].days: has no use: the rota, the roster or the table says on which days people" in english
    assert "没有用处" in chinese


def test_one_table_is_of_one_city(found):
    both = people().replace("people: {", "people: {west: {groups: {g: {shifts: plan}}, roster: {table: roster.csv}}, ")
    english, chinese = found(both, "甲,g,A,A")
    assert "people.east.roster.table: is the roster of west too, and nobody works in two cities" in english
    assert "请各写一份表" in chinese


def test_who_has_no_shifts_has_no_codes(found):
    reserves = people().replace("}, roster", ", h: {contract: reserve}}, roster")
    english, _ = found(reserves, "甲,g,A,A", "乙,h,A,休")
    assert "roster.csv:3:1: people.east.roster.rows[1]: 乙 has the shift A, and h has no shifts" in english
    assert found(reserves, "甲,g,A,A", "乙,h,休,假") == ("", "")
