"""What folders say of themselves, typed: a changed manifest is refused in words."""
from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sim.measures.statistics import Figure
from sim.scenario.lending_terms import NO_MORE
from sim.scenario.messages import printable, say
from sim.scenario.problems import dotted, reason
from surgeline.folders.tables import file_of
from surgeline.problems import RunError

FORMAT = 1
NAME = "manifest.json"


def with_nan(raw: object) -> object:
    """JSON has no nan: null stands for it."""
    if isinstance(raw, dict):
        return {key: with_nan(value) for key, value in raw.items()}
    return math.nan if raw is None else raw


Number = Annotated[float, BeforeValidator(with_nan)]
Mean = Annotated[Figure, BeforeValidator(with_nan)]


class Entry(BaseModel):
    """Part of a manifest."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, from_attributes=True)


class Origin(Entry):
    """What was run, when, and with what."""

    format: Literal[1]
    name: str
    scenario_hash: str
    seed: int = Field(ge=0)
    replications: int = Field(ge=1, lt=2**31)
    engine: str
    created: str
    seconds: float
    versions: dict[str, str]
    python: str
    platform: str


M = TypeVar("M", bound=Origin)


def read_manifest(folder: Path, kind: type[M]) -> M:
    """The manifest of a folder.

    :raises RunError: if there is none, or none of this kind.
    """
    said = without_terms_of_old(manifest_in(folder))
    missing = [key for key, field in kind.model_fields.items() if field.is_required() and key not in said]
    if missing:
        raise RunError(say("{folder} can't be read: its manifest lacks {names}",
                           folder=folder, names=', '.join(missing)))
    try:
        return kind.model_validate(said)
    except ValidationError as error:
        place = dotted(error.errors()[0]["loc"]) or say("something")
        raise RunError(say("{folder} can't be read: {place} in its manifest is not as this version writes it",
                           folder=folder, place=place)) from None


def without_terms_of_old(said: dict[str, Any]) -> dict[str, Any]:
    """A manifest without terms of lending that are none any more: a run stands on none of them."""
    lending = said["scenario"].get("lending") if isinstance(said.get("scenario"), dict) else None
    if isinstance(lending, dict):
        for name in NO_MORE:
            lending.pop(name, None)
    return said


def manifest_in(folder: Path) -> dict[str, Any]:
    """What a folder says of itself.

    :raises RunError: if it says nothing, or in a format that this version doesn't know.
    """
    try:
        manifest = json.loads(text_of(folder), parse_float=finite, parse_constant=finite)
        json.dumps(manifest, ensure_ascii=False).encode()  # half of a pair of letters is no text
    except (ValueError, RecursionError) as error:
        raise RunError(say("{folder} is no run folder: {why}", folder=folder, why=reason(error))) from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise RunError(say("{folder} was written by another version (format {format} is read)", folder=folder,
                           format=FORMAT))
    return manifest


def finite(text: str) -> float:
    """:raises ValueError: for a number that is none, or larger than any."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{printable(text)} is no number")
    return number


def text_of(folder: Path) -> str:
    """:raises RunError: if there is no manifest that can be read, or only a link to one."""
    try:
        return file_of(folder, NAME).read_text(encoding="utf-8")
    except (OSError, ValueError, RunError) as error:
        raise RunError(say("{folder} is no run folder: {why}", folder=folder, why=reason(error))) from None
