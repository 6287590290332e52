"""What a cell of a roster says of a day: a shift, off, leave; that it stays so; or what somebody wishes."""
from __future__ import annotations

import re
from typing import Any, NamedTuple

from sim.reading.roster_words import code_meant
from sim.reading.table import Table, unsaved
from sim.reading.yaml_places import Document
from sim.scenario.messages import Message, say
from sim.scenario.people import LEAVE, NIGHTS, OFF, WORDS_OF_LEAVE, WORDS_OF_OFF
from sim.scenario.problems import shortly
from sim.scenario.staffing_terms import StaffingTerms

FIXES = re.compile(r"(?:[!！]|定|fixed\s)\s*(.*)", re.IGNORECASE)
WISHES = re.compile(r"(愿|wish\s)\s*(.*)|(?:不|not\s)\s*(.*)", re.IGNORECASE)
WORDS_OF_NIGHTS = ("夜", "夜班", "night", "nights")


class Wished(NamedTuple):
    """A shift, a kind of shift, any night or a day off; wanted or not."""

    what: str
    wanted: bool


class RosterCell(NamedTuple):
    """The code of a day, whether anything is said of it, whether it stays so, and what is wished."""

    code: str
    free: bool = False
    fixed: bool = False
    wish: Wished | None = None


class Known(NamedTuple):
    """The codes of a group's shifts, None where what is wrong with them is told elsewhere; and kinds of shift that may
    be planned."""

    codes: list[str] | None
    kinds: list[str]


def kinds_of_shift(document: Document) -> list[str]:
    """The codes of the kinds of shift that a file lets be planned."""
    terms = document.data.get("staffing")
    kinds = terms.get("shift_types") if isinstance(terms, dict) else None
    if not isinstance(kinds, list):
        return [kind.code for kind in StaffingTerms().shift_types]
    return [str(kind["code"]) for kind in kinds if isinstance(kind, dict) and kind.get("code") is not None]


def cell_of(table: Table, line: int, column: int, said: str, known: Known) -> RosterCell:
    """What a cell says; and a problem where it says nothing that is known."""
    if not said:
        return RosterCell(OFF, free=True)
    if (plain := code_in(said, known)) is not None:
        return RosterCell(plain)
    if fixed := FIXES.fullmatch(said):
        if (code := code_in(fixed[1], known)) is None:
            table.wrong(line, column, unknown_code(fixed[1], known.codes or []))
        return RosterCell(code or OFF, fixed=True)
    if wish := WISHES.fullmatch(said):
        return RosterCell(OFF, free=True, wish=wish_of(table, line, column, wish, known))
    table.wrong(line, column, unknown_code(said, known.codes or []) + unsaved(said))
    return RosterCell(said)


def code_in(said: str, known: Known) -> str | None:
    """The code of a shift, of a day off or on leave; None where it is none of them."""
    said = code_meant(said, known.codes or (), (*WORDS_OF_OFF, *WORDS_OF_LEAVE))
    if known.codes is not None and said in known.codes:
        return said
    if said.lower() in WORDS_OF_OFF:
        return OFF
    if said.lower() in WORDS_OF_LEAVE:
        return LEAVE
    return said if known.codes is None and said and not FIXES.fullmatch(said) and not WISHES.fullmatch(said) else None


def wish_of(table: Table, line: int, column: int, wish: re.Match[str], known: Known) -> Wished | None:
    """What somebody wishes, or would not have."""
    what = wish[2] if wish[1] else wish[3]
    if what in (*(known.codes or ()), *known.kinds) or (known.codes is None and what):
        return Wished(what, bool(wish[1]))
    for words, name in ((WORDS_OF_OFF, OFF), (WORDS_OF_NIGHTS, NIGHTS)):
        if what.lower() in words:
            return Wished(name, bool(wish[1]))
    table.wrong(line, column, say(
        "{got} is no wish: after 愿 (wish) or 不 (not) stands one of {names}, {off} (off) or {nights} (any night)",
        got=shortly(wish[0]), names=list(dict.fromkeys((*(known.codes or ()), *known.kinds))), off=OFF, nights=NIGHTS))
    return None


def unknown_code(said: str, known: list[str]) -> Message:
    if not known:
        return say("{got} is no shift: its group's shifts have no code; give each a code", got=shortly(said))
    return say("{got} is no shift: known are {names}, {off} (off) and {leave} (leave)", got=shortly(said), names=known,
               off=OFF, leave=LEAVE)


def in_row(cells: list[RosterCell]) -> dict[str, Any]:
    """The cells of a person as a row of a roster has them."""
    wishes = [{"day": i, "what": cell.wish.what, "wanted": cell.wish.wanted}
              for i, cell in enumerate(cells) if cell.wish is not None]
    return {"codes": [cell.code for cell in cells], "free": [i for i, cell in enumerate(cells) if cell.free],
            "fixed": [i for i, cell in enumerate(cells) if cell.fixed], "wishes": wishes}
