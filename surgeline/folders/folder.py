"""One folder of any kind: a typed manifest that says what was found, and data beside it."""
from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from surgeline.folders.manifests import NAME, Origin, read_manifest
from surgeline.folders.whole import whole_folder

NOT_SUMMED_UP = {"scenario", "versions", "python", "platform"}
F = TypeVar("F", bound="Folder")


@dataclass(frozen=True)
class Folder:
    """What a command found, read from its folder. A kind of its own says what its manifest is, and reads its data."""

    KIND: ClassVar[str | None] = None  # as manifests name it
    MANIFEST: ClassVar[type[Origin]] = Origin

    folder: Path
    manifest: Origin

    @classmethod
    def read(cls: type[F], folder: Path) -> F:
        """A folder of this kind.

        :raises RunError: if it is none, not whole, or of a format that this version doesn't know.
        """
        return cls(folder, read_manifest(folder, cls.MANIFEST))

    def write(self: F, write_reports: Callable[[F], None], write_data: Callable[[Path], object] | None = None) -> F:
        """Write the manifest, the data and the reports. The folder appears whole or not at all.

        :raises RunError: if the folder is there already or can't be written.
        """
        with whole_folder(self.folder) as part:
            being_made = replace(self, folder=part)
            being_made.write_manifest()
            if write_data is not None:
                write_data(part)
            write_reports(being_made)
        return self

    def write_manifest(self) -> None:
        """Into a folder that is there."""
        text = self.manifest.model_dump_json(by_alias=True, indent=1)
        (self.folder / NAME).write_text(text, encoding="utf-8")

    def summary(self) -> dict[str, Any]:
        """For machines: where it is, and everything that its manifest says but the scenario."""
        text = self.manifest.model_dump_json(by_alias=True, exclude=NOT_SUMMED_UP)
        return {"folder": str(self.folder), **json.loads(text)}
