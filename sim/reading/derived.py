"""What follows from other values of a file, so that nobody has to reckon it by hand."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.reading.yaml_places import Document
from sim.scenario.lever import PRESENCE
from sim.scenario.messages import say
from sim.scenario.problems import RuleError, Where
from sim.scenario.quantities import KINDS, share

REST = "rest"
"""In ``off_duty``: lent seats that are there for a part of the hour take no more of the lender's than that part; the
rest of the hour is as if colleagues off duty manned them."""


def give_rest(document: Document) -> None:
    """Reckon ``off_duty: rest``: what presence leaves of a seat that takes breaks, in whole per cent."""
    for where, part, lenders in lent(document):
        said = part.get("off_duty")
        if said == REST or (isinstance(said, dict) and said.get("assume") == REST):
            share_of_rest = rest(document, (*where, "off_duty"), part, lenders)
            part["off_duty"] = {**said, "assume": share_of_rest} if isinstance(said, dict) else share_of_rest


def lent(document: Document) -> Iterator[tuple[Where, dict[str, Any], list[str]]]:
    """Every part of a file that lends, and who may be the lender."""
    cities, variants = (document.data.get(name) for name in ("cities", "variants"))
    lists: list[tuple[Where, Any]] = [(("levers",), document.data.get("levers"))]
    if isinstance(variants, dict):
        lists += [(("variants", name, "levers"), one["levers"]) for name, one in variants.items()
                  if isinstance(one, dict) and "levers" in one]
    for where, levers in lists:
        for i, lever in enumerate(levers if isinstance(levers, list) else ()):
            if isinstance(lever, dict) and isinstance(lever.get("lender"), str):
                yield (*where, i), lever, [lever["lender"]]
    if isinstance(document.data.get("lending"), dict):
        yield ("lending",), document.data["lending"], list(cities) if isinstance(cities, dict) else []


def rest(document: Document, where: Where, part: dict[str, Any], lenders: list[str]) -> str:
    """The share of a seat's time at the telephone in which it is not there for the borrower."""
    cities = document.data.get("cities", {})
    breaks = {number(cities[name].get("shrinkage")) for name in lenders
              if isinstance(cities, dict) and isinstance(cities.get(name), dict)}
    if len(breaks) > 1:
        document.note(where, say("can't be reckoned for all lenders: their shrinkage differs; write a share"))
    presence = number(part["presence"]) if "presence" in part else float(PRESENCE)
    at_the_phone = 1 - next(iter(breaks), 0.0)
    return f"{max(0, round(100 * (1 - presence / at_the_phone)) if at_the_phone else 0)} %"


def number(raw: Any) -> float:
    """A share as written, 0 for what is none: that is told elsewhere."""
    value = next((raw[key] for key in KINDS if key in raw), None) if isinstance(raw, dict) else raw
    try:
        return share(value)
    except RuleError:
        return 0.0
