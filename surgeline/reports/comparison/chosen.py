"""How the choice was made, and what was run."""
from __future__ import annotations

from surgeline.folders.comparison import Variant
from surgeline.reports.comparison.answer import quoted, zone
from surgeline.reports.comparison.view import ComparisonView
from surgeline.reports.page.blocks import Cell, Column, Section, Table, YesNo
from surgeline.reports.page.words import Words
from surgeline.reports.run.defined import run_facts


def section(comparison: ComparisonView, w: Words) -> Section:
    choice = comparison.manifest.choice
    method = w("compare.method", first=choice.first_stage, zone=zone(comparison, w),
               sure=w.percent(choice.probability, 0)) + (w("compare.method_floors") if comparison.judged else "")
    return Section(w("compare.choice_title"), method, (table(comparison, w),))


def table(comparison: ComparisonView, w: Words) -> Table:
    """What became of each variant."""
    columns = (Column(w("compare.variant")),
               Column(w(f"compare.rate_{comparison.manifest.objective.weights}"), "number"),
               Column(w("compare.verdict"), "long"))
    rows = tuple((w.name(one.name), w.number_or_none(100 * comparison.rate(one).mean), verdict(comparison, w, one))
                 for one in comparison.manifest.variants)
    return Table(outcome(comparison, w), columns, rows)


def outcome(comparison: ComparisonView, w: Words) -> str:
    """What the procedure said in the end."""
    choice, n = comparison.manifest.choice, comparison.manifest.replications
    if choice.decided_after is not None:
        return w("compare.outcome_decided", n=choice.decided_after, best=w.name(comparison.best.name))
    if n < choice.first_stage:
        return w("compare.outcome_few", n=n, first=choice.first_stage)
    key = "outcome_capped" if comparison.manifest.capped else "outcome_undecided"
    return w(f"compare.{key}", n=n, left=quoted(comparison, w, choice.left))


def verdict(comparison: ComparisonView, w: Words, one: Variant) -> Cell:
    """What became of a variant."""
    if one.variant in comparison.manifest.choice.barred:
        return YesNo(w("compare.barred"), False)
    if one.out_after is not None:
        return YesNo(w("compare.out", n=one.out_after), False)
    if not comparison.decided:
        return w("compare.may_be")
    return YesNo(w("compare.chosen" if one is comparison.best else "compare.chosen_same"), True)


def run_section(comparison: ComparisonView, w: Words) -> Section:
    columns = (Column(w("run.what")), Column(w("run.value"), "long"))
    return Section(w("compare.run_title"), "",
                   (Table(w("run.table"), columns, tuple(facts(comparison, w)), small=True),))


def facts(comparison: ComparisonView, w: Words) -> list[tuple[str, str]]:
    """Enough to run it again: the scenario as it is, then each variant with the name of its folder."""
    variants = [(w("compare.folder", folder=one.variant),
                 w.name(one.name) + w("number.bracket", x=one.scenario_hash)) for one in comparison.manifest.variants]
    return [fact for fact in run_facts(comparison.view, w) if fact[0] != w("run.variant")] + variants
