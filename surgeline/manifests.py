"""What comparison and sensitivity folders say of themselves, typed: a changed manifest is refused in words."""
from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from sim.problems import dotted
from sim.statistics import Figure
from surgeline import runs
from surgeline.runs import RunError


def with_nan(raw: object) -> object:
    """JSON has no nan: null stands for it."""
    if isinstance(raw, dict):
        return {key: with_nan(value) for key, value in raw.items()}
    return math.nan if raw is None else raw


Number = Annotated[float, BeforeValidator(with_nan)]
Mean = Annotated[Figure, BeforeValidator(with_nan)]


class Entry(BaseModel):
    """Part of a manifest."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Origin(Entry):
    """What was run, when, and with what."""

    format: Literal[1]
    name: str
    scenario_hash: str
    seed: int
    replications: int
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
    try:
        return kind.model_validate(runs.manifest_in(folder))
    except ValidationError as error:
        place = dotted(error.errors()[0]["loc"]) or "something"
        raise RunError(f"{folder} can't be read: {place} in its manifest is not as this version writes it") from None
