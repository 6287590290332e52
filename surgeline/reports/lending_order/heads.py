"""What stands above and below every sheet: number, issuer, addressee, receipt, ground, and by when it is answered."""
from __future__ import annotations

from surgeline.reports.lending_order.view import OrderView
from surgeline.reports.page.forms import BLANK, Fields
from surgeline.reports.page.words import Words


def head(view: OrderView, w: Words, to: str) -> Fields:
    return Fields(((w("order.number"), view.number), (w("order.issuer"), BLANK), (w("order.issued"), BLANK),
                   (w("order.addressee"), to), (w("order.received_by"), BLANK), (w("order.received"), BLANK),
                   (w("order.ground"), BLANK), (w("order.reply_by"), BLANK)))


def foot(w: Words) -> str:
    return w("order.foot")
