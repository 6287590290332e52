"""The two small cities under terms of help, or with levers, that tests agree upon."""
from sim.reading.loading import load
from sim.scenario.lending_terms import Agreement

TERMS = {"agreed": "2021-08-02 10:00", "connect": "1 h", "rehearsal": "1 h", "to": "2021-08-02", "block": "1 h",
         "hours": ["08:00", "20:00"], "share": "60 %"}


def with_terms(**more):
    scenario = load("two-cities")
    return scenario.model_copy(update={"lending": Agreement.model_validate(TERMS | more)})


def with_levers(*levers):
    """With these levers and no others."""
    return load("two-cities").with_levers(levers)
