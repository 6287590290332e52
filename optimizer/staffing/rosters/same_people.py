"""Rows of cover to which the same people contribute: together one cost of how many are there, which bends at each need.

With three shifts a day most half-hours have the people of another one, and layers of a half-hour all do: a program has
one row for all of them.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from optimizer.staffing.rosters.problem import Floats, Ints


@dataclass(frozen=True)
class Together:
    """Rows from the greatest need to the least."""

    rows: Ints          # [n] places in the cover
    missing: Floats     # [n] price per person missing of each
    surplus: Floats     # [n] per person too many

    @property
    def slopes(self) -> Floats:
        """[n] price of one person less, where so many needs are not reached that the first one is, or two, ..."""
        found: Floats = self.missing.cumsum() - (self.surplus.sum() - self.surplus.cumsum())
        return found

    def below(self, need: Floats) -> Floats:
        """[n] people between a need and the next smaller one; without end below the last."""
        own = need[self.rows]
        return np.append(own[:-1] - own[1:], np.inf)

    def at_the_top(self, need: Floats) -> float:
        """What it costs to have as many as the greatest need."""
        own = need[self.rows]
        return float(self.surplus @ (own[0] - own))

    def apart(self, price: float) -> Floats:
        """[n] the worth of one person more in all of them, as worth in each, inside its prices: that of the rows with
        the greatest needs first."""
        whole = self.missing + self.surplus
        found: Floats = np.clip(price + self.surplus.sum() - (whole.cumsum() - whole), 0.0, whole) - self.surplus
        return found


def together(at: sp.csr_array, counted: Floats, need: Floats, missing: Floats, surplus: Floats) -> list[Together]:
    """All rows of cover.

    :param at: [rows, cells] who contributes.
    :param counted: [signatures, rows] which people count.
    """
    found: dict[object, list[int]] = {}
    for k in range(len(need)):
        cells = at.indices[at.indptr[k]:at.indptr[k + 1]]
        found.setdefault((np.sort(cells).tobytes(), counted[:, k].tobytes()), []).append(k)
    ordered = (np.array(sorted(rows, key=lambda k: -need[k])) for rows in found.values())
    return [Together(rows, missing[rows], surplus[rows]) for rows in ordered]
