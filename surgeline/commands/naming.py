"""Cities and variants as people name them on the command line: by their key, or by their name in either language."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from sim.scenario.messages import Message, say
from sim.scenario.people import folded
from sim.scenario.problems import MOST_KNOWN, probably
from sim.scenario.quantities import Name
from surgeline import usage

MOST_LISTED = 20


class Named(Protocol):
    @property
    def name(self) -> Name: ...


def key_of(said: str, parts: Mapping[str, Named]) -> str | None:
    """The key of the part that is meant; None for no part, and for a name that several have."""
    if said in parts:
        return said
    meant = [key for key, part in parts.items() if folded(said) in map(folded, (key, part.name.zh, part.name.en))]
    return meant[0] if len(meant) == 1 else None


def hint(said: str, parts: Mapping[str, Named]) -> Message:
    """A hint at the part that was probably meant, by its key and its name."""
    names = {name: key for key, part in list(parts.items())[:MOST_KNOWN]
             for name in (part.name.zh, part.name.en, key)}
    close = probably(said, names)
    if close is not None:
        return say("; did you mean {name}?", name=shown(names[close], parts))
    listed = [shown(key, parts) for key in parts]
    return say("; known are {names}", names=listed) if 0 < len(listed) <= MOST_LISTED else say("")


def shown(key: str, parts: Mapping[str, Named]) -> Message:
    return say("{key} ({name})", key=key, name=getattr(parts[key].name, usage.language()))
