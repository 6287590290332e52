"""One language: its texts, and how it writes numbers, days, durations and places."""
from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from sim.measures.statistics import Figure
from sim.scenario.quantities import Name
from surgeline.locale import Lang, texts

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS_WHOLE = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                "November", "December")
NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
TIGHT = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
MINUS, HARD_SPACE = "−", "\u00a0"
SHARES, SECONDS = "share", "s"
FEW = 9.95  # a mean of less is told to a tenth


class Words:
    """The words of one language. ``w("flow.title")`` is a text, the methods write values."""

    def __init__(self, lang: Lang):
        self.lang, self.texts = lang, texts(lang)

    def __call__(self, key: str, **values: object) -> str:
        section, _, name = key.partition(".")
        text: str = self.texts[section][name].format(**values)
        return TIGHT.sub("", text) if self.lang == "zh" else text

    def knows(self, key: str) -> bool:
        section, _, name = key.partition(".")
        return name in self.texts[section]

    def name(self, name: Name) -> str:
        return getattr(name, self.lang) or name.zh or name.en

    def said(self, note: str) -> str:
        """This language's half of a note that says "中文 | English"; a note of one half serves both."""
        zh, _, en = note.partition(" | ")
        return en if en and self.lang == "en" else zh

    def ordinal(self, n: int) -> str:
        """The number of a section."""
        return f"{NUMERALS[n - 1]}、" if self.lang == "zh" else f"{n}. "

    def list(self, names: Sequence[str], most: int = 99, more: str = "number.more") -> str:
        """Names in a row; of a long one the first few and how many there are."""
        shown = self("number.listing").join(names[:most])
        rest = self(more, n=len(names)) if len(names) > most else ""
        return f"{shown}{'' if self.lang == 'zh' or not rest else ' '}{rest}"

    def joined(self, sentences: Iterable[str]) -> str:
        """Sentences one after another; those that say nothing are left out."""
        return ("" if self.lang == "zh" else " ").join(said.strip() for said in sentences if said)

    def cities(self, names: Sequence[str], most: int = 99) -> str:
        return self.list(names, most, "number.more_cities")

    # --- numbers -----------------------------------------------------------------------------------------------------

    def count(self, x: float) -> str:
        """How many, as one says it: 100.8 万, or 1.01 million."""
        if missing(x):
            return self("number.none")
        return chinese_count(self, x) if self.lang == "zh" else english_count(self, x)

    def exact(self, x: float) -> str:
        """How many, to the last one: 1,008,000. Means of a few keep a decimal: 0.5."""
        return self("number.none") if missing(x) else signed(whole(x))

    def change(self, x: float) -> str:
        """How many more, or fewer."""
        return self("number.none") if missing(x) else signed(("+" if x > 0 else "") + whole(x))

    def few(self, x: float) -> str:
        """A small number that need not be whole: seats, dials a person."""
        return self("number.none") if missing(x) else signed(f"{x:,.0f}" if abs(x) >= 100 else trimmed(f"{x:.1f}"))

    def number_or_none(self, x: float) -> str:
        return self("number.none") if missing(x) else f"{x:.1f}"

    def ratio(self, x: float) -> str:
        """How many each: 1.13, 7.1."""
        return self.few(x) if missing(x) or abs(x) >= 3 else f"{x:.2f}"

    def per_hundred(self, share: float) -> str:
        """Of every hundred: 2.7, 21, 96.4."""
        return self("number.none") if missing(share) else signed(trimmed(f"{100 * share:.1f}"))

    def percent(self, share: float, digits: int = 1) -> str:
        if missing(share):
            return self("number.none")
        if digits == 1 and 0 < share < 0.0005:
            return self("number.under", x=f"0.1{HARD_SPACE}%")
        return f"{signed(f'{100 * share:.{digits}f}')}{HARD_SPACE}%"

    def target(self, share: float) -> str:
        """A share that is asked for, with the decimals that it has: 80 %, 99.9 %."""
        return f"{100 * share:.6g}{HARD_SPACE}%"

    def spread(self, low: str, high: str) -> str:
        """From one number to another; one of them, if they are written alike."""
        return low if low == high else self("number.span", start=low, end=high)

    def points(self, change: float) -> str:
        """A change of a share, in percentage points."""
        return self("number.none") if missing(change) else signed(f"{100 * change:+.1f}")

    def duration(self, seconds: float) -> str:
        """A time with the unit that suits it."""
        if missing(seconds):
            return self("number.none")
        unit, size = time_unit(seconds)
        return self(f"number.{unit}", x=in_unit(seconds, size)).replace(" ", HARD_SPACE)

    def number(self, x: float, unit: str) -> str:
        """A metric's value, by its unit."""
        if unit == SHARES:
            return self.percent(x)
        if unit == SECONDS:
            return self.duration(x)
        return self.exact(x) if abs(x) >= 100 else self.few(x)

    def range_of(self, figure: Figure, write: Callable[[float], str], key: str = "number.interval") -> str:
        """The interval, in brackets or as the key says it; nothing where there was one replication."""
        if missing(figure.low):
            return ""
        return self(key, low=write(figure.low), high=write(figure.high))

    # --- time --------------------------------------------------------------------------------------------------------

    def day(self, at: datetime) -> str:
        return self("number.day", day=at.day, month=self.month(at, MONTHS_WHOLE))

    @staticmethod
    def times(start: datetime, end: datetime) -> str:
        """From when to when of a day, whose end is 24:00."""
        return f"{start:%H:%M}–{'24:00' if end.date() > start.date() else f'{end:%H:%M}'}"

    @staticmethod
    def times_of_day(start: int, end: int) -> str:
        """From minute to minute of a day."""
        return f"{start // 60:02}:{start % 60:02}–{end // 60:02}:{end % 60:02}"

    def day_short(self, at: datetime) -> str:
        return self("number.day_short", day=at.day, month=self.month(at, MONTHS))

    def date(self, at: datetime) -> str:
        return self("number.date", day=at.day, month=self.month(at, MONTHS_WHOLE), year=at.year)

    def month(self, at: datetime, names: tuple[str, ...]) -> object:
        return at.month if self.lang == "zh" else names[at.month - 1]

    def hour(self, at: datetime) -> str:
        return self("number.hour", hour=at.hour)

    def period(self, start: datetime, end: datetime) -> str:
        """First to last day; a day for a day."""
        last = end - timedelta(seconds=1)
        if start.date() == last.date():
            return self.day(start)
        return self("page.period", start=self.day(start), end=self.day(last))

    def moments(self, start: datetime, end: datetime) -> str:
        """A span that may begin and end within a day."""
        whole = start.time() == end.time() == datetime.min.time()
        if whole:
            return self.period(start, end)
        if start.date() == (end - timedelta(seconds=1)).date():
            return f"{self.day(start)} {start:%H:%M}–{end:%H:%M}"
        return f"{self.day(start)} {start:%H:%M} – {self.day(end)} {end:%H:%M}"


def missing(x: float | None) -> bool:
    return x is None or math.isnan(x)


def signed(text: str) -> str:
    """A minus as wide as a plus; nothing before a nought."""
    if not any(digit in text for digit in "123456789"):
        return text.lstrip("+-")
    return text.replace("-", MINUS)


def time_unit(seconds: float) -> tuple[str, int]:
    """The unit that suits a time, and its seconds."""
    units = (("days", 86400, 86400), ("hours", 3600, 7200), ("minutes", 60, 900))
    return next(((unit, size) for unit, size, enough in units if seconds >= enough), ("seconds", 1))


def whole(x: float) -> str:
    """To the last one; a mean of less than ten that is not whole, to a tenth."""
    return f"{x:,.0f}" if abs(x) >= FEW or x == round(x) else f"{x:.1f}"


def in_unit(seconds: float, size: int) -> str:
    x = seconds / size
    return f"{x:,.0f}" if x >= 100 else trimmed(f"{x:.1f}")


def trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def three_digits(x: float) -> float:
    """As exact as one says a number."""
    return round(x, 2 - math.floor(math.log10(abs(x)))) if abs(x) >= 1000 else x


def chinese_count(w: Words, x: float) -> str:
    if abs(three_digits(x)) < 10_000:
        return signed(whole(three_digits(x)))
    if abs(x) < 1e8:
        return signed(w("number.ten_thousand", x=f"{x / 1e4:,.1f}"))
    return signed(w("number.hundred_million", x=f"{x / 1e8:,.2f}"))


def english_count(w: Words, x: float) -> str:
    rounded = three_digits(x)
    if abs(rounded) >= 1e6:
        return signed(w("number.hundred_million", x=trimmed(f"{rounded / 1e6:,.2f}")))
    return signed(whole(rounded))
