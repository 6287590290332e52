"""The front desk. An analyst finds here what reads the folders that commands leave.

``read_parquet`` gives a table of a folder as a DataFrame, whatever engines pandas has.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from surgeline.folders.tables import read_parquet

__all__ = ["read_parquet"]

INTERRUPTED = 130  # the exit code of a command that Ctrl-C ended


def __getattr__(name: str) -> Any:
    """Imported on first use: commands do not wait for pandas."""
    if name == "read_parquet":
        from surgeline.folders.tables import read_parquet
        return read_parquet
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
