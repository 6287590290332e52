"""The two small cities under terms of help, or with levers, that tests agree upon."""
from pydantic import TypeAdapter

from sim.reading.loading import load
from sim.scenario.lending_terms import Agreement
from sim.scenario.levers import AnyLever

TERMS = {"agreed": "2021-08-02 10:00", "connect": "1 h", "rehearsal": "1 h", "to": "2021-08-02", "block": "1 h",
         "hours": ["08:00", "20:00"], "share": "60 %"}


def with_terms(**more):
    scenario = load("two-cities")
    return scenario.model_copy(update={"lending": Agreement.model_validate(TERMS | more)})


def with_levers(*levers):
    """With these levers and no others."""
    read = TypeAdapter(tuple[AnyLever, ...]).validate_python(levers)
    return load("two-cities").model_copy(update={"levers": read})
