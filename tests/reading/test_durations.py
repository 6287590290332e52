"""Durations from data: the column that has them, and nothing else."""
from datetime import time, timedelta

import beside
import pytest
from beside import TALK, told, workbook

from sim.reading.loading import load

write = beside.write
COUNTED = "".join(f"{i}\n" for i in range(1, 41))
NEWEST_FIRST = "".join(f"{i}\n" for i in range(1040, 1000, -1))


def seconds(write, content, name="talk.csv"):
    if content is not None:
        write(name, content)
    return load(write("mine.yaml", TALK.replace("TABLE", name))).classes["urgent"].talk.samples_s


@pytest.mark.parametrize("content", [
    "120\n90.5\n", "seconds\n120\n90.5\n", "call_id,talk\n1,120\n2,90.5\n", "编号,通话时长\n1,120\n2,90.5\n",
    "工号,通话时长（秒）\n8001,120\n8002,90.5\n", "talk,seconds\n1,120\n2,90.5\n", "AHT (sec)\n120\n90.5\n",
    "agent_id,start,duration\n7,2021-08-02 08:00,120\n8,2021-08-02 09:00,90.5\n", "Li Wei,120\nWang Fang,90.5\n",
    "2021-08-02 08:00,120\n2021-08-02 08:15,90.5\n", "\n\n120\n\n90.5\n", ",120\n,90.5\n",
    "talk\n00:02:00\n0:01:30.5\n", "0:02:00\n0:01:30.5\n",
])
def test_durations(write, content):
    assert seconds(write, content) == (120.0, 90.5)


ABOVE = "put a row of names above, with seconds above the durations"
MANY = f"has 2 columns that may be durations: {ABOVE}, and write 2,5 as 2.5"
NAMES = "durations by name: call the one that is meant seconds"
PARTS = "none is as long as 0.1 s: sheets keep times as parts of a day; write seconds or h:mm:ss"
UNIT = "by its name: give durations in seconds, and call the column seconds"


@pytest.mark.parametrize(("content", "says"), [
    ("1,205\n2,300\n3,400\n", f"1:1: {MANY}"), ("2,5\n3,1\n", f"1:1: {MANY}"), ("A17,205\nA18,300\n", f"1:1: {MANY}"),
    ("1001,3:25\n1002,4:10\n", f"1:1: {MANY}"), ("7,205 s\n8,300 s\n", f"1:1: {MANY}"),
    ("call_id\n1\n2\n", f"1:1: no column of call_id is {NAMES}"),
    ("工号\n1\n2\n", f"1:1: no column of 工号 is {NAMES}"),
    ("start\n2021-08-02\n", f"1:1: no column of start is {NAMES}"),
    ("通话开始时间,编号\n8,9\n", f"1:1: no column of 通话开始时间, 编号 is {NAMES}"),
    ("talk,wrap_up\n1,2\n", f"1:1: talk and wrap_up are all {NAMES}"),
    ("通话时长（秒）,振铃时长（秒）\n205,3\n", f"1:1: 通话时长（秒） and 振铃时长（秒） are all {NAMES}"),
    ("id;seconds\n1;205\n", "1:1: no column of id;seconds is durations by name: put commas between the columns"),
    ("编号，时长\n1，205\n", "1:1: no column of 编号，时长 is durations by name: put commas between the columns"),
    ("minutes\n3\n", f"1:1: minutes: is in minutes {UNIT}"),
    ("id,talk_min\n1,3\n", f"1:2: talk_min: is in minutes {UNIT}"),
    ("通话时长（分钟）\n3\n", f"1:1: 通话时长（分钟）: is in minutes {UNIT}"),
    ("talk_ms\n3000\n", f"1:1: talk_ms: is in milliseconds {UNIT}"),
    ("耗时（毫秒）\n9\n", f"1:1: 耗时（毫秒）: is in milliseconds {UNIT}"),
    ("2021-08-02\n2021-08-03\n", f"1:1: has no column of numbers: {ABOVE}"),
    (COUNTED, "1:1: counts up by 1 from row to row, as the numbers of calls do: put seconds in a row above if these "
              "are durations"),
    (NEWEST_FIRST, "1:1: counts down by 1 from row to row, as the numbers of calls do: put seconds in a row above if "
                   "these are durations"),
    ("talk\n3:25\n", '2:1: talk: must be seconds or h:mm:ss, got "3:25"; write 205 if these are minutes and seconds'),
    ("talk\n3分25秒\n", '2:1: talk: must be seconds or h:mm:ss, got "3分25秒"; write 205'),
    ("talk\n0.0023726\n0\n", f"2:1: talk: {PARTS}"), ("0.0023726\n0.0034722\n", f"1:1: {PARTS}"),
    ("talk\n205,3\n", "2:2: this row has more cells than the first; write 205.3"),
    ("talk\n2.5 min\n", '2:1: talk: must be a number without a unit, got "2.5 min"; write 150'),
    ("seconds\n-5\n", "2:1: seconds: must be >= 0, got -5"),
    ("seconds\n900000000\n", "2:1: seconds: must be <= 366 days in seconds, got \"900000000\""),
    ("seconds\n", "1:1: seconds: has no durations"),
])
def test_what_may_not_be_durations_is_refused(write, content, says):
    write("talk.csv", content)
    assert told(write("mine.yaml", TALK.replace("TABLE", "talk.csv"))) == [f"talk.csv:{says}"]


def test_durations_that_count_up_are_taken_when_they_are_called_so(write):
    assert seconds(write, "seconds\n" + COUNTED) == tuple(range(1, 41))
    assert seconds(write, "1\n2\n3\n") == (1, 2, 3)


def test_times_of_a_sheet_are_what_it_shows(write):
    def change(book):
        book.active["B5"].number_format, book.active["B6"].number_format = "mm:ss", "[h]:mm:ss"
    workbook("talk.xlsx", [["编号", "时长"], [1, timedelta(minutes=3, seconds=25)], [2, time(0, 4, 10)], [3, 205],
                           [4, 205.5 / 86400], [5, 1.5]], change=change)
    assert seconds(write, None, "talk.xlsx") == (205, 250, 205, 205.5, 129600)


def test_hours_and_minutes_of_a_sheet_may_have_been_meant_as_minutes_and_seconds(write):
    workbook("talk.xlsx", [["talk"], [time(3, 25)]],
             change=lambda book: setattr(book.active["A2"], "number_format", "h:mm"))
    assert told(write("mine.yaml", TALK.replace("TABLE", "talk.xlsx"))) == [
        'talk.xlsx:2:1 (A2): talk: must be seconds or h:mm:ss, got "3:25"; write 205 if these are minutes and seconds']


def test_a_hidden_column_of_durations(write):
    workbook("talk.xlsx", [["id", "talk"], [1, 205]],
             change=lambda book: setattr(book.active.column_dimensions["B"], "hidden", True))
    assert told(write("mine.yaml", TALK.replace("TABLE", "talk.xlsx"))) == [
        "talk.xlsx:1:2 (B1): talk: this column is hidden: show it if it is meant, and delete it if not"]
