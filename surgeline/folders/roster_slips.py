"""A person's own sheet: shifts of the days that are planned, what comes besides, and what was before."""
from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from surgeline.folders.roster_rows import Beside, RosterBook, Row
from surgeline.folders.roster_styles import A4, Styles, moment_of, write_heads
from surgeline.folders.roster_wall import DAY_MARKS, MARKS, WEEKDAYS, words

HEADS = ("日期 date", "星期", "班次 shift", "上班 from", "下班 to", "用餐 meal", "工时 hours", "愿望 wish",
         "另有 besides")
BESIDE_HEADS = ("日期 date", "星期", "安排 what", "从 from", "至 to", "加班工时 hours more", "地点 where",
                "最迟通知 told by", "说明 note")
GRANTED, REFUSED = "✓", "✗"
LINE_HEIGHT = 15
HOURS, AT_HOME = 6, "本市 own city"
WIDTHS = (12, 9, 16, 9, 9, 14, 11, 17, 20)


def write_person(page: Worksheet, roster: RosterBook, row: Row, styles: Styles) -> None:
    """A line a day; what is added up below them is exactly those lines."""
    page.write_string(0, 0, f"{row.name}  {row.group_label}", styles.title)
    page.write_string(1, 0, f"推演期内 planned {roster.period}", styles.section)
    line = write_days(page, 2, roster, row, range(roster.planned, len(roster.dates)), styles)
    line = write_totals(page, line, roster, row, styles)
    line = write_besides(page, line + 1, roster.of_person(row.name), styles)
    if any(code in roster.by_code for code in row.codes[:roster.planned]):
        page.write_string(line + 1, 0, "推演期以前 before（不计入上面的合计 not counted above）", styles.note)
        write_days(page, line + 2, roster, row, range(roster.planned), styles)
    for column, width in enumerate(WIDTHS):
        page.set_column(column, column, width)
    page.set_portrait()
    page.set_paper(A4)
    page.fit_to_pages(1, 1)


def write_days(page: Worksheet, top: int, roster: RosterBook, row: Row, places: Sequence[int],
               styles: Styles) -> int:
    """Headings and a line a day; the line after them."""
    write_heads(page, top, HEADS, styles)
    for line, place in enumerate(places, top + 1):
        write_day(page, line, roster, row, place, styles)
    return top + 1 + len(places)


def write_day(page: Worksheet, line: int, roster: RosterBook, row: Row, place: int, styles: Styles) -> None:
    """One day: what is before the horizon is grey."""
    day, code, before = roster.dates[place], row.codes[place], place < roster.planned
    shift, text = roster.by_code.get(code), styles.before_text if before else styles.text
    page.write_datetime(line, 0, moment_of(day), styles.before_date if before else styles.date)
    page.write_string(line, 1, f"{WEEKDAYS[day.weekday()]} {DAY_MARKS[roster.day_kind(day)]}".rstrip(), text)
    page.write_string(line, 2, code, styles.before if before else styles.cell(code))
    for column, said in enumerate((shift.start, shift.end, shift.meal) if shift else ("", "", ""), 3):
        page.write_string(line, column, said, text)
    page.write_number(line, HOURS, shift.hours if shift else 0.0, styles.before_number if before else styles.number)
    wishes = (f"{one.text} {GRANTED if one.granted else REFUSED}" for one in row.wishes if one.day == day)
    page.write_string(line, 7, "、".join(wishes), text)
    besides = [words(one) for one in roster.of_person(row.name) if one.day == day]
    page.write_string(line, 8, "\n".join(besides), styles.besides if besides else text)
    if besides[1:]:
        page.set_row(line, LINE_HEIGHT * len(besides))


def write_totals(page: Worksheet, line: int, roster: RosterBook, row: Row, styles: Styles) -> int:
    """Hours and nights of the lines above; the line after them."""
    for more, (label, value, style) in enumerate((
            (f"推演期内（{roster.period}）工时 hours", roster.hours(row), styles.total),
            (f"推演期内（{roster.period}）夜班 nights", roster.nights(row), styles.total_count))):
        page.merge_range(line + more, 0, line + more, HOURS - 1, label, styles.total_text)
        page.write_number(line + more, HOURS, value, style)
    over = sorted({shift.handover for code in row.codes if (shift := roster.by_code.get(code)) and shift.handover})
    if over:
        page.write_string(line + 2, 0, f"下班时间与工时含交接班 {'、'.join(map(str, over))} 分钟 "
                                       "handing over is included in the end and the hours", styles.note)
    return line + 3


def write_besides(page: Worksheet, top: int, besides: Sequence[Beside], styles: Styles) -> int:
    """Calls, standby and lent seats, and the hours that they add; the line after them."""
    if not besides:
        return top
    page.write_string(top, 0, "另有安排：调回、备勤、支援 besides: calls, standby, lent seats", styles.section)
    write_heads(page, top + 1, BESIDE_HEADS, styles)
    page.set_row(top + 1, 2 * LINE_HEIGHT)
    for line, one in enumerate(besides, top + 2):
        write_beside(page, line, one, styles)
    end = top + 2 + len(besides)
    page.merge_range(end, 0, end, 4, "另加工时 hours more", styles.total_text)
    page.write_number(end, 5, sum(one.hours for one in besides), styles.total)
    return end + 1


def write_beside(page: Worksheet, line: int, one: Beside, styles: Styles) -> None:
    page.write_datetime(line, 0, moment_of(one.day), styles.date)
    page.write_string(line, 1, WEEKDAYS[one.day.weekday()], styles.text)
    page.write_string(line, 2, MARKS[one.kind][1], styles.wrapped)
    page.write_string(line, 3, one.start, styles.text)
    page.write_string(line, 4, one.end, styles.text)
    page.write_number(line, 5, one.hours, styles.number)
    page.write_string(line, 6, one.place or AT_HOME, styles.wrapped)
    if one.tell_by:
        page.write_datetime(line, 7, one.tell_by, styles.moment)
    else:
        page.write_string(line, 7, "", styles.text)
    page.write_string(line, 8, one.note, styles.wrapped)
    page.set_row(line, 2 * LINE_HEIGHT)
