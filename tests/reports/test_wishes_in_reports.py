"""What a report says of wishes and of times without a leader, in both languages."""
from datetime import date, datetime

import pytest

from surgeline.folders.staffing_plan import AnsweredWish, WithoutLeader
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan import roster

WISHES = (AnsweredWish(name="王一", day=date(2021, 8, 2), wish="愿休", granted=True),
          AnsweredWish(name="李二", day=date(2021, 8, 2), wish="愿早", granted=False),
          AnsweredWish(name="李二", day=date(2021, 8, 3), wish="不夜", granted=True),
          AnsweredWish(name="李二", day=date(2021, 8, 4), wish="愿休", granted=False))
TIMES = tuple(WithoutLeader(start=datetime(2021, 8, day, 23), end=datetime(2021, 8, day + 1), missing=2)
              for day in range(1, 30))


@pytest.mark.parametrize(("lang", "note", "refused"), [
    ("zh", "共 4 个愿望，满足 2 个", "8/2 愿早、8/4 愿休"), ("en", "2 of 4 wishes are granted", "8/2 愿早, 8/4 愿休")])
def test_who_is_refused_something_is_named(lang, note, refused):
    table = roster.wishes_table(Words(lang), WISHES)
    assert table.rows == (("李二", "3", "1", refused),)
    assert note in table.note


@pytest.mark.parametrize(("lang", "note"), [("zh", "缺组长合计 58 小时。"),
                                            ("en", "Leaders are missing for 58 hours in all.")])
def test_times_without_a_leader_are_listed(lang, note):
    table = roster.leaders_table(Words(lang), TIMES)
    assert [row[1:] for row in table.rows] == [("23:00–00:00", "2")] * 29
    assert table.note == note


def test_no_more_times_are_listed_than_anybody_reads():
    table = roster.leaders_table(Words("en"), TIMES * 2)
    assert len(table.rows) == roster.MOST_ROWS
    assert f" {58 - roster.MOST_ROWS} more are in manifest.json." in table.note
