"""Numbers that change only on purpose. Refresh with ``python tests/core/test_golden.py`` and say so in CHANGELOG.md."""
import json
from pathlib import Path

from sim.core import rules
from sim.core.engines import engine
from sim.measures.facts import FLOW_FIELDS
from sim.reading.loading import load
from sim.world.build import build
from sim.world.callers import draw_callers

GOLDEN = Path(__file__).parents[1] / "data" / "golden.json"


def counts() -> dict[str, dict[str, int]]:
    """What becomes of the dials of the tutorial and of a week of Jiangsu, on the luck of seed 1."""
    found = {}
    for name in ("two-cities", "jiangsu-everyday"):
        setting = build(load(name))
        outcomes = engine("kernel")(setting.world, draw_callers(setting, 1, 0))
        found[name] = dict(zip(FLOW_FIELDS, outcomes.flows.sum(axis=(0, 1)).tolist(), strict=True))
        found[name]["wait_ms"] = int(rules.waited_ms(outcomes.answers).sum())
    return found


def test_numbers_are_those_of_the_last_release():
    assert counts() == json.loads(GOLDEN.read_text())


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(counts(), indent=1) + "\n")
