"""A sheet of levers, a row each: how its columns and words are called, and how rows are read back."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from sim.reading.roster_rows import cell_in, text_of
from sim.reading.shift_counts import city_of as city_named
from sim.reading.table import Table, name_columns, number, refuse_hidden, refuse_torn
from sim.reading.yaml_places import Document
from sim.scenario.lending_terms import Agreement
from sim.scenario.levers import Desk, Lend
from sim.scenario.messages import both, printable, say
from sim.scenario.people import folded
from sim.scenario.problems import Place, nearest, shortly
from sim.scenario.scenario import Scenario
from surgeline.folders.order_hours import KINDS, Ordered, at_work, number_of

HEADS: dict[str, tuple[str, str]] = {
    "number": ("编号", "no"), "kind": ("做什么", "kind"), "city": ("出人的市", "city"),
    "borrower": ("受援市", "borrower"), "many": ("席数或人数", "seats or people"), "start": ("从", "from"),
    "end": ("到", "to"), "opens": ("每天从", "opens"), "closes": ("每天到", "closes"),
    "serves": ("接谁的来电", "serves"), "keep_idle": ("留空闲席", "keep_idle"),
    "resume_idle": ("再帮的空闲席", "resume_idle"), "group": ("班组", "group"),
    "classes": ("只接", "classes"), "off_duty": ("谁来坐", "who sits"),
    "there": ("到岗（自动推算）", "at work (computed)")}
"""Columns by what they say of a lever: in Chinese and in English."""
NEEDED = ("kind", "city", "many", "start", "end")
OF_LEND = ("borrower", "serves", "keep_idle", "resume_idle", "off_duty")
KIND_WORDS = {"lend": "支援", "call_in": "召回", "standby": "备勤", "volunteers": "志愿者", "desk": "增设座席",
              "cloud_seats": "云坐席"}
SERVES_WORDS = {"borrower": "只接受援市", "both": "按需兼顾", "home_first": "本市优先"}
WHO_WORDS = {"on_duty": "在岗", "called_in": "召回"}
SHARE_CALLED = {"on_duty": 0, "called_in": 1}
"""The share of lent seats that is manned by people called in from days off."""
IN_SHEET = {"lend": ("kind", "lender", "borrower", "seats", "from", "to", "hours", "serves", "keep_idle",
                     "resume_idle", "classes"),
            "desk": ("kind", "name", "cities", "seats", "from", "to", "hours", "classes"),
            "cloud_seats": ("kind", "city", "seats", "from", "to", "hours")}
OF_PEOPLE = ("kind", "city", "people", "from", "to", "hours", "group", "classes")
OF_TERMS = ("first", "presence", "speed")
"""What a new row takes from the terms."""
BETWEEN = str.maketrans("、，;；", ",,,,")


def shown(word: str, words: Mapping[str, str]) -> str:
    """A word of the file format as the sheet has it: 支援 lend."""
    return f"{words[word]} {word}" if word in words else word


def key_of(text: str, words: Mapping[str, str]) -> str:
    """The word of the file format that a cell means; what means none stays, and is told when it is read."""
    keys = {folded(name): key for key, chinese in words.items() for name in (key, chinese)}
    meant = {keys[folded(word)] for word in text.split() if folded(word) in keys}
    return meant.pop() if len(meant) == 1 else text


def field_of(cell: Any) -> str:
    """What a heading names, in one language or in both; nothing if it names no column."""
    said = folded(text_of(cell))
    return next((name for name, (zh, en) in HEADS.items() if said in map(folded, (zh, en, f"{zh} {en}"))), "")


def is_levers(first: list[Any]) -> bool:
    """Whether a sheet may be one of levers by its first row."""
    return {"kind", "many"} <= {field_of(cell) for cell in first}


@dataclass
class LeverRows:
    """Levers as a file would say them, each with the columns of its cells and its line."""

    levers: list[dict[str, Any]] = field(default_factory=list)
    places: dict[tuple[str | int, ...], Place] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """What rows stand on: levers of the plan by their numbers, as files say them, what terms say of new ones that lend,
    and whom they offer besides."""

    levers: Sequence[dict[str, Any]]
    new: dict[str, Any]
    offers: Sequence[dict[str, Any]] = ()


def read(document: Document, table: Table, known: Known, after: int) -> LeverRows:
    """The levers of a sheet; what is wrong is noted in the table.

    :param after: levers that stand before those of the sheet in the scenario.
    """
    name_columns(table)
    columns = columns_of(table)
    refuse_torn(table)
    refuse_hidden(table, columns.values())
    found = LeverRows()
    if not set(NEEDED) <= columns.keys():
        table.wrong(table.top, -1, say("the first row must name the columns, {wanted} among them, got {got}{remedy}",
                                       wanted=both([" ".join(HEADS[name]) for name in NEEDED]),
                                       got=printable(say("{names}", names=table.header)), remedy=say("")))
        return found
    for line, row in table.cells.rows:
        reader = RowReader(document, table, known, columns, line, row)
        lever = {} if reader.is_left_out else reader.lever()
        if lever.get("kind") in KINDS:
            where = ("levers", after + len(found.levers))
            found.levers.append(lever)
            found.places |= {(*where, *path): Place(table.shown, line, column + 1)
                             for path, column in reader.places().items()}
    return found


def columns_of(table: Table) -> dict[str, int]:
    """The columns by what they are about; of headings that mean nothing, that they do."""
    found: dict[str, int] = {}
    for i, heading in enumerate(table.header):
        name = field_of(heading)
        if name and found.setdefault(name, i) != i:
            table.wrong(table.top, i, say("stands here twice"))
        elif heading and not name:
            table.wrong(table.top, i, say("is no known name{hint}", hint=nearest(heading, [
                " ".join(one) for one in HEADS.values()])))
    return found


@dataclass(frozen=True)
class RowReader:
    """One row."""

    document: Document
    table: Table
    known: Known
    columns: dict[str, int]
    line: int
    row: list[Any]

    def cell(self, name: str) -> Any:
        return cell_in(self.row, self.columns[name]) if name in self.columns else None

    def text(self, name: str) -> str:
        return text_of(self.cell(name))

    @property
    def kind(self) -> str:
        return key_of(self.text("kind"), KIND_WORDS)

    @property
    def lends(self) -> bool:
        return self.kind == "lend"

    @property
    def is_left_out(self) -> bool:
        """Nought of something is no order."""
        return self.text("many") in ("0", "0.0")

    def lever(self) -> dict[str, Any]:
        """What the row says, on what its lever had that no column tells."""
        said = self.who() | {"kind": self.kind, self.unit: self.many(), "from": self.moment("start"),
                             "to": self.moment("end"), "hours": self.hours(), "classes": self.classes()}
        if self.lends:
            said |= {"borrower": self.city("borrower"), "serves": key_of(self.text("serves"), SERVES_WORDS) or None,
                     "keep_idle": self.cell("keep_idle"), "resume_idle": self.cell("resume_idle"),
                     "off_duty": self.share_called()}
        else:
            self.refuse_of_lend()
        found = {name: value for name, value in said.items() if value is not None and value != ""}
        return self.before(found) | found

    def who(self) -> dict[str, Any]:
        """Whose people they are: a lender's, a city's own and of which group, or a desk's and whom it helps."""
        group = self.text("group") or None
        if self.kind == "desk":
            if group is None:
                self.wrong("group", say("a desk goes by a name: write it here, such as {name}", name="province"))
            return {"cities": self.cities(), "name": group}
        return {"lender" if self.lends else "city": self.city("city"), "group": group}

    @property
    def unit(self) -> str:
        return "seats" if self.kind in ("lend", "desk", "cloud_seats") else "people"

    def before(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """What the lever of this number had beside; of a new one what the terms say."""
        lever = self.of_number()
        if lever is None or lever["kind"] != self.kind:
            if self.lends:
                return dict(self.known.new)
            lever = next((one for one in self.known.offers if offers(one, said)), {})
        told = IN_SHEET.get(self.kind, OF_PEOPLE)
        return {name: value for name, value in lever.items() if name not in told}

    def of_number(self) -> dict[str, Any] | None:
        if not self.text("number"):
            return None
        at = number(self.table, self.line, self.row, self.columns["number"])
        if at != at:
            return None
        if at != int(at) or not 1 <= at <= len(self.known.levers):
            self.wrong("number", say("{got:g} is no number of the plan, which has 1 to {most}: leave it empty in a new "
                                     "row", got=at, most=len(self.known.levers)))
            return None
        return self.known.levers[int(at) - 1]

    def wrong(self, name: str, message: Any) -> None:
        self.table.wrong(self.line, self.columns.get(name, -1), message)

    def city(self, name: str) -> str | None:
        """The key of a city; nothing where the cell names none, which is told."""
        if name not in self.columns:
            return None
        return city_named(self.document, self.table, self.line, self.columns[name], self.text(name)) or None

    def cities(self) -> list[str] | None:
        """The keys of all cities that a cell names."""
        if "city" not in self.columns:
            return None
        column = self.columns["city"]
        named = [city_named(self.document, self.table, self.line, column, one)
                 for one in parts_of(self.text("city")) or [""]]
        return [one for one in named if one] or None

    def many(self) -> float | int | None:
        found = number(self.table, self.line, self.row, self.columns["many"])
        return None if found != found else int(found) if found == int(found) else found

    def moment(self, name: str) -> str:
        """As files have it: a day of a sheet is a bare date."""
        cell = self.cell(name)
        if isinstance(cell, datetime):
            return f"{cell:%Y-%m-%d}" if cell.time() == time.min else f"{cell:%Y-%m-%d %H:%M}"
        return self.text(name)

    def hours(self) -> list[str] | None:
        opens, closes = self.text("opens"), self.text("closes")
        if bool(opens) != bool(closes):
            self.wrong("closes" if opens else "opens", say("is empty: write both times of day, or none of them"))
        return [opens, closes] if opens and closes else None

    def share_called(self) -> Any:
        """Of lent seats, those manned by people called in: in words, or a share; nothing where the cell says none."""
        return SHARE_CALLED.get(key_of(self.text("off_duty"), WHO_WORDS), self.cell("off_duty"))

    def classes(self) -> list[str] | None:
        """Keys of classes from keys or names."""
        known = self.document.data.get("classes")
        keys = {folded(name): key for key, one in (known.items() if isinstance(known, dict) else ())
                for name in (key, *names_in(one))}
        return [keys.get(folded(one), one) for one in parts_of(self.text("classes"))] or None

    def refuse_of_lend(self) -> None:
        if self.kind not in KINDS:
            self.wrong("kind", say("{got} is nothing that an order can ask for{hint}", got=shortly(self.text("kind")),
                                   hint=nearest(self.text("kind"), (*KIND_WORDS, *KIND_WORDS.values()))))
            return
        for name in OF_LEND:
            if self.text(name):
                self.wrong(name, say("means nothing here: only seats that are lent have it; empty this cell"))

    def places(self) -> dict[tuple[str | int, ...], int]:
        """The column of each part of the lever; of what has none, that of its kind."""
        names = {"kind": "kind", "lender": "city", "city": "city", "cities": "city", "borrower": "borrower",
                 "seats": "many", "people": "many", "from": "start", "to": "end", "hours": "opens", "serves": "serves",
                 "keep_idle": "keep_idle", "resume_idle": "resume_idle", "group": "group", "name": "group",
                 "classes": "classes", "off_duty": "off_duty"}
        found: dict[tuple[str | int, ...], int] = {(): self.columns["kind"]}
        found |= {(name,): self.columns[column] for name, column in names.items() if column in self.columns}
        if "closes" in self.columns:
            found["hours", 1] = self.columns["closes"]
        return found


def parts_of(text: str) -> list[str]:
    """What a cell lists."""
    return [one.strip() for one in text.translate(BETWEEN).split(",") if one.strip()]


def offers(offer: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Whether an offer, as files say it, is of those whom a row asks for: a desk by its name, others by their city."""
    whose = "name" if offer["kind"] == "desk" else "city"
    return bool(offer["kind"] == said.get("kind") and offer[whose] == said.get(whose))


def names_in(one: Any) -> list[str]:
    name = one.get("name") if isinstance(one, dict) else None
    return [text for text in name.values() if isinstance(text, str)] if isinstance(name, dict) else []


def cells_of_lever(scenario: Scenario, lever: Ordered, names: Mapping[str, str], no: int) -> dict[str, Any]:
    """The cells of a lever's row by column, as they are read back; but for when people are at work, which follows from
    when they are called."""
    found: dict[str, Any] = {
        "number": no, "kind": shown(lever.kind, KIND_WORDS), "start": f"{lever.start:%Y-%m-%d %H:%M}",
        "end": f"{lever.end:%Y-%m-%d %H:%M}", "opens": clock(lever.hours[0]), "closes": clock(lever.hours[1]),
        "classes": "、".join(names_of_classes(scenario, getattr(lever, "classes", ()))),
        "there": next((f"{begin:%Y-%m-%d %H:%M}" for begin, _ in at_work(scenario, lever).stretches()), None)}
    if isinstance(lever, Lend):
        return found | {"city": names[lever.lender], "borrower": names[lever.borrower], "many": float(lever.seats),
                        "serves": shown(lever.serves, SERVES_WORDS), "keep_idle": float(lever.keep_idle),
                        "resume_idle": None if lever.resume_idle is None else float(lever.resume_idle),
                        "off_duty": who_sits(float(lever.off_duty))}
    if isinstance(lever, Desk):
        return found | {"city": "、".join(names[city] for city in lever.cities), "many": float(lever.seats),
                        "group": lever.name}
    return found | {"city": names[lever.city], "many": number_of(lever), "group": getattr(lever, "group", None)}


def who_sits(share: float) -> str | float:
    """在岗 on_duty, 召回 called_in; a share where some of the seats are manned by people called in."""
    return next((shown(word, WHO_WORDS) for word, part in SHARE_CALLED.items() if part == share), share)


def names_of_classes(scenario: Scenario, keys: Iterable[str]) -> list[str]:
    """In Chinese, or as they are where two classes have one name."""
    known = Counter(folded(one.name.zh) for one in scenario.classes.values())
    return [key if known[folded(scenario.classes[key].name.zh)] > 1 else scenario.classes[key].name.zh for key in keys]


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def of_terms(terms: Agreement | None, written_as: Any) -> dict[str, Any]:
    """What the terms say of every seat that is lent, as files say it, where it is not as usual.

    :param written_as: how a value is written, by its name and the value.
    """
    if terms is None:
        return {}
    usual = Lend.model_fields
    return {name: written_as(name, value) for name in OF_TERMS for value in [getattr(terms, name)]
            if value != usual[name].default}
