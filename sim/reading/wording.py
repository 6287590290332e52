"""Broken rules in plain words, at their places."""
from __future__ import annotations

import typing
from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from sim.reading.findings import Finding, is_model, names_in, value_at
from sim.reading.yaml_places import Document
from sim.scenario.changes import members
from sim.scenario.lending_terms import NO_MORE, OFFER_KINDS
from sim.scenario.levers import KINDS as LEVER_KINDS
from sim.scenario.levers import LEVERS
from sim.scenario.levers import NO_MORE as NO_LEVERS
from sim.scenario.messages import Message, either, say, some
from sim.scenario.problems import MOST_PROBLEMS, Problem, RuleError, Where, nearest, probably, shortly
from sim.scenario.quantities import Distribution, Name, Quantity, instead, without_commas

WHAT_KEYS_ARE = say("a name has up to 40 lower-case letters, digits, - and _, and begins with a letter")
RENAMED = {"unsettled": "repeat_contact", "strikes": "second_surges"}
"""What names of old are called now."""
INSTEAD = {"pairs": say("is no term any more: name borrowers and lenders instead"),
           "off_duty": say("is no term any more: a plan says itself who is called in; leave it out")}
TAKEN_OUT: dict[Where, Message] = {("lending", name): INSTEAD.get(name, say("is no term any more: leave it out"))
                                   for name in NO_MORE}
EXAMPLES: dict[Any, Message] = {
    str: say("text"), int: say("a whole number"), float: say("a number"), bool: say("true or false"),
    date: say("a date such as 2021-08-07"), Quantity: say("a number"),
    Distribution: say("a law such as {{law: exponential, mean: 4 min}}"),
    Name: say("a name in both languages, such as {{zh: 南京, en: Nanjing}}"),
}


def in_words(document: Document, found: Finding) -> Problem:
    """A finding in plain words, at its place."""
    where, context = found.where, found.error.get("ctx", {})
    if found.type == "value_error":
        return broken_by(document, where, context["error"])
    if found.type == "extra_forbidden":
        torn = torn_number(document, where)
        return document.problem(where, torn, of_name=True) if torn else unknown_name(document, where,
                                                                                     names_in(found.around))
    if found.type == "missing":
        return missing(document, found)
    if found.type == "union_tag_invalid":
        return document.problem((*where, "kind"), no_such_kind(value_at(document.data, (*where, "kind")),
                                                               kinds_at(where)))
    if found.type == "union_tag_not_found" and isinstance(found.error["input"], dict):
        return document.problem((*where, "kind"), say("is missing: one of {names}", names=kinds_at(where)))
    if found.type in ("string_pattern_mismatch", "string_too_long"):
        return document.problem(where, WHAT_KEYS_ARE, of_name=True)
    return document.problem(where, broken_rule(found, context), found.of_name)


def kinds_at(where: Where) -> tuple[str, ...]:
    """The kinds of levers that there may be at a place."""
    return OFFER_KINDS if "offers" in where else LEVER_KINDS


def no_such_kind(kind: object, known: tuple[str, ...]) -> Message:
    if isinstance(kind, str) and kind in NO_LEVERS:
        return NO_LEVERS[kind]
    if kind in LEVER_KINDS:
        return say("{kind} cannot be offered: write one of {names}", kind=shortly(kind), names=known)
    hint = nearest(kind, known) if isinstance(kind, str) else say("; known are {names}", names=known)
    return say("{kind} is no lever{hint}", kind=shortly(kind), hint=hint)


def broken_by(document: Document, where: Where, error: Exception) -> Problem:
    if isinstance(error, RuleError):
        return document.problem((*where, *error.at), error.message, error.of_name)
    return document.problem(where, say("{error}", error=error))


def unknown_name(document: Document, where: Where, known: Iterable[str]) -> Problem:
    known = list(known)
    if where[-1] in RENAMED and RENAMED[str(where[-1])] in known:
        return document.problem(where, say("is called {name} now", name=RENAMED[str(where[-1])]), of_name=True)
    if where[-2:] in TAKEN_OUT:
        return document.problem(where, TAKEN_OUT[where[-2:]], of_name=True)
    if where[-1] in known:  # of the short form of a surge
        return document.problem(where, say("goes with times: 3 only, in a surge: leave it out"), of_name=True)
    return document.problem(where, say("is no known name{hint}", hint=nearest(str(where[-1]), known)), of_name=True)


def torn_number(document: Document, where: Where) -> Message:
    """What to say of a name that is the rest of a number: {mean: 2,5 min} has the names ``mean`` and ``5 min``."""
    around, name = value_at(document.data, where[:-1]), str(where[-1])
    if not name[:1].isdigit() or where not in document.keys or around[name] is not None or len(around) > MOST_PROBLEMS:
        return say("")
    keys = as_they_stand(document, where[:-1], name, around)
    rests = [key[:1].isdigit() and around[key] is None for key in keys]
    at = keys.index(name)
    first = next((i for i in range(at, -1, -1) if not rests[i]), 0)
    last = next((i for i in range(at, len(keys)) if not rests[i]), len(keys)) - 1
    number, unit = around[keys[first]], keys[last].lstrip("0123456789")
    if type(number) is not int:
        return say("")
    meant = without_commas(",".join([str(number), *keys[first + 1:last], keys[last].removesuffix(unit)]))
    return say("is no known name, but the rest of a number{hint}", hint=instead([one + unit for one in meant]))


def as_they_stand(document: Document, where: Where, name: str, around: dict[str, Any]) -> list[str]:
    """The names of a mapping that stand in the file of one of them, in the order of that file."""
    places = {key: document.keys[(*where, key)] for key in around if (*where, key) in document.keys}
    return sorted((key for key in places if places[key].file == places[name].file), key=places.__getitem__)


def missing(document: Document, found: Finding) -> Problem:
    if isinstance(found.where[-1], int):
        return document.problem(found.where[:-1], say("must have {number} items",
                                                      number=len(typing.get_args(found.around))))
    wanted = found.kinds[0] if found.kinds else None
    is_explained = wanted in (Distribution, Name) or typing.get_origin(wanted) is Literal
    return document.problem(found.where, say("is missing: {such_as}", such_as=expected([wanted])) if is_explained else
                            say("is missing"))


def broken_rule(found: Finding, context: dict[str, Any]) -> Message:
    value = found.error.get("input")
    got, length = shortly(value), context.get("actual_length")
    rules = {
        "greater_than_equal": say("must be >= {least}, got {got}", least=f"{context.get('ge', 0):,.12g}", got=got),
        "less_than_equal": say("must be <= {most}, got {got}", most=f"{context.get('le', 0):,.12g}", got=got),
        "too_short": say("must have {least} or more items, got {got}", least=context.get("min_length"), got=length),
        "too_long": say("may have at most {most} items, got {got}", most=context.get("max_length"),
                        got=length or say("more")),
        "finite_number": say("must be a finite number, got {got}", got=got),
    }
    return rules.get(found.type) or (say("must be {such_as}, got {got}", such_as=expected(found.kinds), got=got)
                                    + closest(found.kinds, value))


# --- what may stand there instead ------------------------------------------------------------------------------------

def expected(kinds: list[Any]) -> Message:
    """What may stand somewhere, in words."""
    if kinds and all(kind in LEVERS for kind in kinds):
        return say("a lever such as {{kind: {name}, ...}}", name=LEVER_KINDS[LEVERS.index(kinds[0])])
    return either(dict.fromkeys(map(expected_one, kinds))) if kinds else say("something else")


def expected_one(kind: Any) -> Message:
    origin = typing.get_origin(kind)
    if origin is Literal:
        words = [shortly(word) for word in typing.get_args(kind)]
        return say("one of {names}", names=words) if len(words) > 2 else either(words)
    if origin is tuple:
        of_mappings = is_model(members(typing.get_args(kind)[0])[0])
        return say("a list of mappings") if of_mappings else say("a list such as [a, b]")
    if is_model(kind) and kind not in EXAMPLES:
        return say("a mapping with {names}", names=some(names_in(kind), 4))
    return EXAMPLES.get(kind) or say("a mapping of names to values")


def closest(kinds: list[Any], value: object) -> Message:
    """A hint at the word that was probably meant, or at quotation marks."""
    words = [word for kind in kinds if typing.get_origin(kind) is Literal for word in typing.get_args(kind)]
    meant = probably(value, map(str, words)) if isinstance(value, str) else None
    if meant is not None:
        if meant in words:
            return say("; did you mean {name}?", name=shortly(meant))
        quoted = isinstance(value, str) and value.strip() == meant
        return say("; write {meant}, without quotes", meant=meant) if quoted else say("; write {meant}", meant=meant)
    if float in kinds and isinstance(value, str):
        return instead(without_commas(value.strip()))
    return say("; put it in quotes") if str in kinds and isinstance(value, int | float | date) else say("")


def likely(document: Document, name: str, known: Iterable[str] | None) -> Message:
    """A hint at the key of what is called so in Chinese or in English, otherwise at the nearest."""
    known = list(known or ())
    sections = [document.data.get(section) for section in ("cities", "classes")]
    parts = {key: part for section in sections if isinstance(section, dict) for key, part in section.items()}
    called = [key for key in known if name in said_names(parts.get(key))]
    return say("; did you mean {name}?", name=shortly(called[0])) if called else nearest(name, known)


def said_names(part: Any) -> list[Any]:
    names = part.get("name") if isinstance(part, dict) else None
    return list(names.values()) if isinstance(names, dict) else []
