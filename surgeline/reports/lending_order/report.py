"""All sheets of an order in one page for the printer: the province first, then cities, then requests."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from surgeline.folders.lending_plan import LendingPlan
from surgeline.locale import LANGS
from surgeline.reports.lending_order import city, grid, request, second_surges
from surgeline.reports.lending_order.view import OrderView
from surgeline.reports.lending_plan import report as lending_plan
from surgeline.reports.page import forms
from surgeline.reports.page.forms import Sheet
from surgeline.reports.page.layout import Opening
from surgeline.reports.page.report import Report
from surgeline.reports.page.words import Words


def sheets(view: OrderView, w: Words) -> list[Sheet]:
    found = grid.sheets(view, w)
    found += second_surges.sheets(view, w, len(found) + 1)
    found += [city.sheet(view, w, name, k) for k, name in enumerate(view.cities, len(found) + 1)]
    return found + [request.sheet(view, w, name, k) for k, name in enumerate(view.borrowers, len(found) + 1)]


@dataclass(frozen=True)
class Order(Report[LendingPlan, OrderView]):
    """A report that is printed, filled in and signed."""

    def write_html(self, done: LendingPlan, path: Path) -> None:
        view = self.view(done)
        text = forms.write(Words(LANGS[0])("order.title", number=view.number),
                           {lang: sheets(view, Words(lang)) for lang in LANGS})
        path.write_text(text, encoding="utf-8")


def opening(view: OrderView, w: Words) -> Opening:
    """What is said of the plan: the sentences that its report begins with."""
    return lending_plan.opening(view.done, w)


ORDER = Order(OrderView, opening, ())
