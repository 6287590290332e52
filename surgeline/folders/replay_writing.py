"""What a plan has beside its roster as variants of the scenario that replays it, and what manifests say of them."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from surgeline.folders.lending_plan import instead
from surgeline.locale import LANGS, in_lang, texts

if TYPE_CHECKING:  # the solver takes long to load
    from optimizer.staffing.planning.replays.variants import Replay

OURS = ("plan-called", "plan-not-lent", "plan-lent-by-roster", "plan-lent", "plan-standby")
"""What the variants of a plan are called; those of the last plan make room for those of the next."""


def variants_of(replays: Sequence[Replay]) -> dict[str, Any]:
    """As a file writes them."""
    return {one.key: {"name": named(one), "levers": instead(*one.levers),
                      **({"change": whole_numbers(one.change)} if one.change else {})}
            for one in replays if one.refused is None}


def named(one: Replay) -> dict[str, str]:
    """With how far it is off the plan by name."""
    words = {lang: texts(lang)["replay"] for lang in LANGS}
    return {lang: said[one.key] + (said["off"].format(hours=f"{one.off:,.1f}") if one.off else "")
            for lang, said in words.items()}


def whole_numbers(change: dict[str, float]) -> dict[str, float | int]:
    return {path: int(value) if value == int(value) else value for path, value in change.items()}


def with_room(variants: dict[str, Any], known: Collection[str], fall_away: Collection[str]) -> dict[str, Any]:
    """The variants of a file: those of before that fall away are taken away by name, as those of the last plan are."""
    return {**{key: None for key in known if key in (*fall_away, *OURS) and key not in variants}, **variants}


def told(replays: Sequence[Replay]) -> list[dict[str, Any]]:
    """For manifests."""
    return [{"variant": one.key, "levers": len(one.levers), "off": one.off, "change": one.change,
             "refused": None if one.refused is None else " | ".join(in_lang(one.refused, lang) for lang in LANGS)}
            for one in replays]
