"""The report of a staffing plan, its parts in their order."""
from __future__ import annotations

from surgeline.reports.page.report import Report
from surgeline.reports.staffing_plan import (
    answer,
    changes,
    ledger,
    lent,
    need,
    price,
    roster,
    service,
    sheets,
    shifts,
    standby,
)
from surgeline.reports.staffing_plan.view import PlanView

REPORT = Report(PlanView, answer.opening,
                (need.section, shifts.section, roster.section, changes.section, roster.call_in, lent.section,
                 ledger.section, standby.section, service.section, price.section), sheets.sheets)
