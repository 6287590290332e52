"""What a cell of a roster says of a day: a shift, off, leave; that it stays so; or what somebody wishes."""
from __future__ import annotations

import re
from typing import Any, NamedTuple

from sim.reading.roster_words import code_meant
from sim.reading.table import Table, unsaved
from sim.reading.yaml_places import Document
from sim.scenario.messages import Message, say
from sim.scenario.people import LEAVE, NIGHTS, OFF, WORDS_OF_LEAVE, WORDS_OF_OFF, folded
from sim.scenario.problems import shortly
from sim.scenario.staffing_terms import StaffingTerms

FIXES = re.compile(r"(?:[!！]|定|fixed(?:\s|$))\s*(.*)", re.IGNORECASE)
WISHES = re.compile(r"(愿|wish(?:\s|$))\s*(.*)|(?:不|not(?:\s|$))\s*(.*)", re.IGNORECASE)
WITH_A_WISH = re.compile(r"(.+?)\s+((?:愿|不|wish\s|not\s).*)", re.IGNORECASE)
WORDS_OF_NIGHTS = ("夜", "夜班", "night", "nights")
WORDS_OF_STANDBY = ("备班", "备勤", "待命", "standby", "on call")


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
    """The codes of a group's shifts, None where what is wrong with them is told elsewhere; kinds of shift that may be
    planned; codes of shifts by what they have in common but for their meals; and whose row it is."""

    codes: list[str] | None
    kinds: list[str]
    meals: dict[str, list[str]] = {}
    name: str = ""

    @property
    def shown(self) -> list[str]:
        """The codes, those that differ by the time of their meal as one."""
        marked = {code: base for base, codes in self.meals.items() for code in codes}
        return list(dict.fromkeys(marked.get(code, code) for code in self.codes or ()))

    @property
    def wishes(self) -> list[str]:
        """What may be wished besides days off and nights."""
        return list(dict.fromkeys((*(self.codes or ()), *self.meals, *self.kinds)))


def kinds_of_shift(document: Document) -> list[str]:
    """The codes of the kinds of shift that a file lets be planned."""
    terms = document.data.get("staffing")
    kinds = terms.get("shift_types") if isinstance(terms, dict) else None
    if not isinstance(kinds, list):
        return [kind.code for kind in StaffingTerms().shift_types]
    return [str(kind["code"]) for kind in kinds if isinstance(kind, dict) and kind.get("code") is not None]


def cell_of(table: Table, line: int, column: int, said: str, known: Known) -> RosterCell:
    """What a cell says; and a problem where it says nothing that is known. A day that is laid down may have a wish."""
    if not said:
        return RosterCell(OFF, free=True)
    if (found := laid_down(said, known)) is not None:
        return found
    both = WITH_A_WISH.fullmatch(said)
    if both and (found := laid_down(both[1], known)) is not None and (wish := WISHES.fullmatch(both[2])):
        return found._replace(wish=wish_of(table, line, column, wish, known))
    if fixed := FIXES.fullmatch(said):
        refuse(table, line, column, fixed[1], known, said)
        return RosterCell(OFF, fixed=True)
    if wish := WISHES.fullmatch(said):
        return RosterCell(OFF, free=True, wish=wish_of(table, line, column, wish, known))
    refuse(table, line, column, said, known)
    return RosterCell(OFF, free=True)


def laid_down(said: str, known: Known) -> RosterCell | None:
    """A code, or one that stays so; None where it is neither."""
    if (code := code_in(said, known)) is not None:
        return RosterCell(code)
    fixed = FIXES.fullmatch(said)
    code = code_in(fixed[1], known) if fixed else None
    return RosterCell(code, fixed=True) if code is not None else None


def code_in(said: str, known: Known) -> str | None:
    """The code of a shift, of a day off or on leave; None where it is none of them."""
    codes = (*(known.codes or ()), *known.meals)
    said = code_meant(said, codes, (*WORDS_OF_OFF, *WORDS_OF_LEAVE))
    if known.codes is not None and said in codes:
        return said
    if said.lower() in WORDS_OF_OFF:
        return OFF
    if said.lower() in WORDS_OF_LEAVE:
        return LEAVE
    return said if known.codes is None and said and not FIXES.fullmatch(said) and not WISHES.fullmatch(said) else None


def wish_of(table: Table, line: int, column: int, wish: re.Match[str], known: Known) -> Wished | None:
    """What somebody wishes, or would not have."""
    what = wish[2] if wish[1] else wish[3]
    if what in known.wishes or (known.codes is None and what):
        return Wished(what, bool(wish[1]))
    for words, name in ((WORDS_OF_OFF, OFF), (WORDS_OF_NIGHTS, NIGHTS)):
        if what.lower() in words:
            return Wished(name, bool(wish[1]))
    table.wrong(line, column, say(
        "{got} is no wish: after 愿 (wish) or 不 (not) stands one of {names}, {off} (off) or {nights} (any night)",
        got=shortly(wish[0]), names=list(dict.fromkeys((*known.shown, *known.kinds))), off=OFF, nights=NIGHTS))
    return None


def refuse(table: Table, line: int, column: int, word: str, known: Known, whole: str = "") -> None:
    """Note a word that is no shift."""
    if not word:
        table.wrong(line, column, say("{got} says that a day stays as it is, and not what it is: write a code, {off} "
                                      "(off) or {leave} (leave) behind it", got=shortly(whole), off=OFF, leave=LEAVE))
    else:
        table.wrong_word(line, column, word, unknown_code(word, known) + unsaved(word), known.name)


def unknown_code(said: str, known: Known) -> Message:
    if folded(said) in map(folded, WORDS_OF_STANDBY):
        return say("{got} is no shift: who is on standby is planned beside the roster, by staffing.standby; write "
                   "{off} (off)", got=shortly(said), off=OFF)
    if not known.codes:
        return say("{got} is no shift: its group's shifts have no code; give each a code", got=shortly(said))
    return say("{got} is no shift: known are {names}, {off} (off) and {leave} (leave)", got=shortly(said),
               names=known.shown, off=OFF, leave=LEAVE)


def in_row(cells: list[RosterCell]) -> dict[str, Any]:
    """The cells of a person as a row of a roster has them."""
    wishes = [{"day": i, "what": cell.wish.what, "wanted": cell.wish.wanted}
              for i, cell in enumerate(cells) if cell.wish is not None]
    return {"codes": [cell.code for cell in cells], "free": [i for i, cell in enumerate(cells) if cell.free],
            "fixed": [i for i, cell in enumerate(cells) if cell.fixed], "wishes": wishes}
