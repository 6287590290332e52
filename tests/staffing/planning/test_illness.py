"""Somebody of a roster is ill: the hole, who may fill it, and what callers notice."""
from datetime import datetime
from pathlib import Path

import pytest
from one_city import PEOPLE, ROSTER, loaded

from optimizer.staffing.planning.illness import moment, who_takes
from optimizer.staffing.planning.plannable import plannable
from optimizer.staffing.planning.worth_of_calls import worth_of_a_call
from sim.reading.loading import load
from sim.scenario.problems import UserError

FEW = {"seed": 1, "replications": 4, "workers": 1}


def town(folder, roster=ROSTER, people=PEOPLE, **numbers):
    """One person sits at the telephone from eight to four."""
    (folder / "roster.csv").write_text(roster, encoding="utf-8")
    return loaded(folder, people, lambda text: text.replace("hours: 8, share: 50 %", "hours: 8, code: 白"), **numbers)


@pytest.fixture(scope="module")
def ill(tmp_path_factory):
    """At four in the morning."""
    return who_takes(town(tmp_path_factory.mktemp("ill")), "town", "王一", datetime(2021, 8, 2, 4, 0), **FEW)


def test_the_shift_is_open(ill):
    assert (moment(ill, ill.answer.start), moment(ill, ill.answer.end)) == (
        datetime(2021, 8, 2, 8, 0), datetime(2021, 8, 2, 16, 0))
    assert ill.answer.duty == "白"


def test_who_is_off_may_come_and_who_is_on_leave_never(ill):
    assert {one.person for one in ill.answer.candidates} == {"李二", "赵四"}
    assert {one.person for one in ill.answer.refused} == {"张三"}
    assert {reason.name for one in ill.answer.refused for tried in one.tried for reason in tried.reasons} == {"leave"}


def test_who_takes_it_is_there_in_time_and_paid_as_on_a_day_off(ill):
    for one in ill.answer.candidates:
        assert (one.kind, one.extra, one.rate, one.pay) == ("call_in", 480, 2.0, pytest.approx(8 * 2 * 68))
        assert moment(ill, one.call_by) == datetime(2021, 8, 2, 6, 0)       # nobody is phoned at home before six
        assert moment(ill, one.earliest) == datetime(2021, 8, 2, 8, 0)      # two hours' notice


def test_nobody_answers_if_nobody_takes_it_and_all_is_as_it_was_if_somebody_does(ill):
    """The only one at the telephone is missing: the day's 200 callers lose the only seat there is."""
    assert ill.needed
    assert -220 < ill.undone.mean < -180
    assert ill.undone.high < 0
    taken = ill.taken.answered
    assert (taken.mean, taken.low, taken.high) == (0, 0, 0)


def test_what_is_left_of_a_shift_is_open_and_notice_is_kept(tmp_path):
    found = who_takes(town(tmp_path), "town", "王一", datetime(2021, 8, 2, 10, 0), **FEW)
    assert moment(found, found.answer.start) == datetime(2021, 8, 2, 10, 0)
    assert {moment(found, one.start) for one in found.answer.candidates} == {datetime(2021, 8, 2, 12, 0)}
    assert found.undone.mean < found.taken.answered.mean < 0


def test_where_the_last_shift_of_the_horizon_is_nobodys_none_is_missed(tmp_path):
    """At the weekend nobody calls: whoever is ill is missed by nobody."""
    scenario = town(tmp_path, calls=200)
    quiet = scenario.model_copy(update={"profiles": {"plain": scenario.profiles["plain"].model_copy(update={
        "day": (0.0,) * 16 + (1.0,) * 8})}})
    found = who_takes(quiet, "town", "王一", datetime(2021, 8, 2, 7, 0), **FEW)
    assert (found.undone.mean, found.undone.low, found.undone.high) == (0, 0, 0)
    assert not found.needed


def test_nobody_can_take_it_where_all_are_on_leave_or_unwilling(tmp_path):
    everybody = ROSTER.replace("休,休,白", "休,假,白").replace("赵四,休,休,休", "赵四,休,假,休")
    found = who_takes(town(tmp_path, everybody), "town", "王一", datetime(2021, 8, 2, 4, 0), **FEW)
    assert (found.answer.candidates, found.taken) == ((), None)
    assert len(found.answer.refused) == 3
    stays = who_takes(town(tmp_path, people=PEOPLE.replace("100 %", "0")), "town", "王一", datetime(2021, 8, 2, 4, 0),
                      **FEW)
    assert "call_in" not in {one.kind for one in stays.answer.candidates}


@pytest.mark.parametrize(("name", "at", "words"), [
    ("王二", (2, 4), "王二 is not in the roster of town"),
    ("赵四", (2, 4), "赵四 has no shift at 2021-08-02 04:00 nor later on that day"),
    ("王一", (2, 17), "王一 has no shift at 2021-08-02 17:00 nor later on that day"),
    ("张三", (2, 9), "张三 has no shift at 2021-08-02 09:00 nor later on that day"),
])
def test_what_cannot_be_told_is_said(tmp_path, name, at, words):
    with pytest.raises(UserError) as caught:
        who_takes(town(tmp_path), "town", name, datetime(2021, 8, *at), **FEW)
    assert words in str(caught.value)


def test_a_city_without_a_roster_is_told_where_one_comes_from(tmp_path):
    with pytest.raises(UserError) as caught:
        who_takes(loaded(tmp_path), "town", "王一", datetime(2021, 8, 2, 4), **FEW)
    assert str(caught.value) == ("town has no roster: name one under people.town.roster, as `surgeline staff` writes "
                                 "it")


def test_overtime_of_the_month_and_holidays_count_for_who_takes_it(tmp_path):
    """Whoever has had 36 hours has none left; a holiday is paid three times."""
    table = ROSTER.replace("姓名,", "姓名,本月加班,").replace("王一,", "王一,,").replace("李二,", "李二,36,").replace(
        "张三,", "张三,,").replace("赵四,", "赵四,4,")
    people = PEOPLE.replace("roster.csv}", "roster.csv}, holidays: [2021-08-02]")
    found = who_takes(town(tmp_path, table, people), "town", "王一", datetime(2021, 8, 2, 4, 0), **FEW)
    assert [(one.person, one.rate, one.extra_so_far) for one in found.answer.candidates] == [("赵四", 3.0, 4 * 60)]
    reasons = {one.person: {reason.name for tried in one.tried for reason in tried.reasons}
               for one in found.answer.refused}
    assert "overtime_a_month" in reasons["李二"]


# --- what is left ----------------------------------------------------------------------------------------------------

DEAR = "staffing:\n  prices: {missing: 100, hour: 100}\n"


def test_nobody_at_the_telephone_while_people_call_must_not_be(tmp_path):
    """Ten calls a day are not worth a day's pay, and still somebody has to be there."""
    town(tmp_path)
    quiet = loaded(tmp_path, PEOPLE, lambda text: text.replace("hours: 8, share: 50 %", "hours: 8, code: 白").replace(
        "staffing:\n", DEAR), calls=10)
    found = who_takes(quiet, "town", "王一", datetime(2021, 8, 2, 7, 0), **FEW)
    assert not any(found.pays(one) for one in found.brought)
    assert found.left.nobody == ((1440 + 8 * 60, 1440 + 16 * 60),)
    assert found.needed
    assert found.chosen.left.nobody == ((1440 + 8 * 60, 1440 + 9 * 60),)    # two hours' notice


def the_town():
    """The week of National Day, of which 30 September is planned."""
    return load(Path(__file__).parents[3] / "docs" / "examples" / "roster" / "town.yaml")


def test_the_emptiest_half_hours_count_meals_and_who_else_is_there():
    """钱五, who leads, and 褚明 are on at night: without 钱五 the other is alone until seven, and goes to a meal."""
    found = who_takes(the_town(), "town", "钱五", datetime(2021, 9, 30, 20, 30), **FEW)
    alone = 1440 + 22 * 60 + 30, 2880 + 7 * 60
    assert (found.left.at_work, found.left.at_work_in, found.left.at_phones) == (1, (alone,), 0)
    [(start, end)], [meal] = found.left.nobody, found.left.at_phones_in
    assert meal[0] <= start < end <= meal[1] == meal[0] + 60    # a part of it may be the other's meal too
    assert found.left.leaderless == (alone,)
    assert found.needed
    assert found.chosen.left.nobody == ()
    leaders = [one.leads for one in found.answer.candidates if one.kind == "call_in" and not one.priced]
    assert leaders == sorted(leaders, reverse=True)
    assert len(set(leaders)) == 2


def test_who_does_not_lead_leaves_no_leader_lacking():
    found = who_takes(the_town(), "town", "赵四", datetime(2021, 9, 30, 6, 40), **FEW)
    assert found.answer.duty.startswith("早")
    assert found.answer.candidates
    assert found.left.leaderless == ()


def test_where_no_leader_is_asked_for_none_is_lacking():
    town = the_town()
    town = town.model_copy(update={"staffing": town.staffing_terms.model_copy(update={"leaders": 0})})
    found = who_takes(town, "town", "钱五", datetime(2021, 9, 30, 20, 30), **FEW)
    assert found.left.leaderless == ()


def test_a_call_is_worth_the_same_whoever_is_on_duty(tmp_path):
    """A roster of one day or of the whole week, planned or not: the town is the same."""
    town = plannable(the_town(), ["town"])
    roster = town.workforce("town").roster
    off = roster.model_copy(update={"rows": tuple(row.model_copy(update={"codes": ("休",) * len(row.codes)})
                                                  for row in roster.rows)})
    empty = town.model_copy(update={"people": {**town.people, "town": town.workforce("town").model_copy(
        update={"roster": off})}})
    one = worth_of_a_call(town, "town")
    assert worth_of_a_call(empty, "town") == one
    assert one.yuan == pytest.approx(680 / one.calls_an_hour)
    assert 5 < one.calls_an_hour < 3600 / 180     # a seat that is busy with 180 s a call answers 20 at the most
