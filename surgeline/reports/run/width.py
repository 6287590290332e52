"""How wide the answer gets over the ranges of what is assumed, where a sensitivity study lies beside the run."""
from __future__ import annotations

from surgeline.folders.sensitivity import beside
from surgeline.reports.page import places
from surgeline.reports.page.words import Words
from surgeline.reports.run.view import RunView

MOST = 0.9  # of the points of the study lie in what is told


def of_run(view: RunView, w: Words) -> str:
    """A sentence for the first screen; nothing where nobody has studied it."""
    study = view.once("study", lambda: beside(view.run))
    if study is None or not study.manifest.anywhere:
        return ""
    low, high = view.once("spread", lambda: study.spread(MOST))
    names = [places.city(view.scenario, w, city) for city in study.manifest.cities]
    everywhere = len(names) == len(view.scenario.cities) > 1
    return w("answer.width", place=w("place.province") if everywhere else w.cities(names, 3),
             by=w(f"answer.by_{view.scenario.headline}"), low=w.percent(low), high=w.percent(high),
             most=w.percent(MOST, 0), n=study.manifest.anywhere)
