"""Notes: a text that is said once under a name, and named wherever it holds."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.reading.yaml_places import Document
from sim.scenario.messages import say
from sim.scenario.problems import shortly

TEXTS = ("source", "why", "to", "note", "who")
"""What may be a text in words."""


def give_notes(document: Document) -> None:
    """Put the text of a note where its name stands, and say which notes stand nowhere."""
    notes = document.data.pop("notes", None)
    if notes is None:
        return
    if not isinstance(notes, dict):
        document.note(("notes",), say("must be a mapping of names to texts, got {got}", got=shortly(notes)))
        return
    for name in [name for name, text in notes.items() if isinstance(text, dict | list | None)]:
        document.note(("notes", name), say("must be text, got {got}", got=shortly(notes.pop(name))))
    used = set()
    for part, key in texts(document.data):
        if part[key] in notes:
            used.add(part[key])
            part[key] = str(notes[part[key]])
    for name in notes:
        if name not in used and document.is_of_this_file(("notes", name)):
            document.note(("notes", name), say("does nothing: no source, why, to, note or who names it"), of_name=True)


def texts(data: Any) -> Iterator[tuple[dict[str, Any], str]]:
    """Every text of a file, as the mapping in which it stands and its name there."""
    if isinstance(data, dict):
        yield from ((data, key) for key in TEXTS if isinstance(data.get(key), str))
    for inner in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from texts(inner)
