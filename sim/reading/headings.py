"""What a column of an ACD's or a duty manager's table is, and in what it counts, by its heading alone."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

HEADINGS: dict[str, tuple[str, ...]] = {
    "time": ("时间", "时段", "时刻", "小时", "time", "interval", "period", "hour", "start"),
    "date": ("日期", "date", "day"),
    "calls": ("话务量", "来电", "来话", "呼入", "进线", "拨打", "呼叫量", "calls", "dials", "offered", "callers",
              "inbound"),
    "answered": ("接通", "接听", "应答", "answered", "handled"),
    "busy": ("忙音", "占线", "blocked", "busy"),
    "abandoned": ("放弃", "早释", "abandoned"),
    "seats": ("座席", "坐席", "席位", "在席", "签入", "seats", "agents", "staffed"),
    "talk": ("通话时长", "通话总时长", "通话时间", "平均通话", "通话分钟", "通话秒", "talk"),
    "handle": ("处理时长", "处理总时长", "处理时间", "服务时长", "服务时间", "aht", "handle"),
}
LENGTH_OF = ("talk", "handle")
WHEN = ("date", "time")
RATES = re.compile(r"[率%比]|rate|share|percent")
LENGTHS = re.compile(r"时长|时间|duration|time|aht")
OF_OTHERS = re.compile(r"呼出|外呼|去电|去年|上年|同期|预测|目标|outbound|outgoing|forecast|target|lastyear")
ENDS = re.compile(r"结束|截止|^end|end$|endtime|until")
SUMS, MEANS = re.compile(r"总|合计|累计|total|sum"), re.compile(r"平均|均值|average|avg|mean")
SECONDS = ((re.compile(r"毫秒|\bms\b|msec|milli"), 0.001), (re.compile(r"秒|sec|\bs\b"), 1.0),
           (re.compile(r"分|min"), 60.0), (re.compile(r"小时|hour|\bh\b|\bhrs?\b"), 3600.0))
TIMES = ((re.compile("万"), 10_000.0), (re.compile("千"), 1000.0))


def kinds_of(row: list[Any], without: Collection[int] = ()) -> dict[str, list[int]]:
    """The columns that a row of headings names, by what they are.

    :param without: columns that are not looked at.
    """
    found: dict[str, list[int]] = {}
    for i, cell in enumerate(row):
        kind = "" if i in without else kind_of(cell)
        if kind:
            found.setdefault(kind, []).append(i)
    return found


def kind_of(heading: Any) -> str:
    """What a column is by its heading, nothing if it says nothing known. A rate is no count, and calls to others, of
    another year or as foreseen are not those of the table."""
    text = plain(heading)
    if not isinstance(heading, str) or len(text) > 30 or RATES.search(text) or OF_OTHERS.search(text):
        return ""
    for kind in LENGTH_OF:
        if any(word in text for word in HEADINGS[kind]):
            return kind
    kinds = [kind for kind in ("busy", "abandoned", "answered", "seats", "calls", *WHEN)
             if any(word in text for word in HEADINGS[kind])]
    if kinds and kinds[0] not in WHEN and LENGTHS.search(text):
        return ""
    return kinds[0] if kinds else ""


def whole(cell: Any) -> str:
    """Half-width, in small letters."""
    return unicodedata.normalize("NFKC", str(cell if cell is not None else "")).lower()


def plain(cell: Any) -> str:
    """The same without blanks and without what stands in brackets."""
    return re.sub(r"\(.*?\)|\s", "", whole(cell))


def fits(kinds: Mapping[str, Any], wanted: str) -> bool:
    return wanted in kinds and any(kind in kinds for kind in WHEN)


def worth(heading: str, kind: str) -> float:
    """How many seconds, or calls, one is of what a column counts in: minutes, ten thousands."""
    units = SECONDS if kind in LENGTH_OF else TIMES
    return next((one for unit, one in units if unit.search(whole(heading))), 1.0)


def is_of_all(heading: str) -> bool:
    """Whether a column of lengths has those of all calls of its row together, and not their mean."""
    return SUMS.search(plain(heading)) is not None and not MEANS.search(plain(heading))


def marks_ends(heading: str) -> bool:
    """Whether a time is the end of its row's calls, and not their beginning."""
    return ENDS.search(plain(heading)) is not None
