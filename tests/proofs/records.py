"""Every shipped scenario against its record, ten replications each: a table, and exit code 1 where one disagrees.

    python tests/proofs/records.py [NAME ...]
"""
import sys

from sim.reading.loading import load
from sim.scenario.shipped import shipped
from sim.studies.study import study
from sim.studies.validation import against_record, variants_of_record


def lines(name: str) -> list[tuple[str, bool]]:
    """One line an observation, and whether it holds."""
    scenario = load(name)
    done = study(scenario, variants_of_record(scenario))
    found = []
    for comparison in against_record(done.first, done.results):
        observed, figure = comparison.observed, comparison.figure
        when = f"{observed.start:%m-%d %H:%M}" if observed.start else "whole"
        bounds = f"{comparison.low:,.4g} to {comparison.high:,.4g}"
        simulated = f"{figure.mean:,.6g} ({figure.low:,.6g} to {figure.high:,.6g})"
        text = f"| {name} | {observed.metric} {observed.scope} {when} | {bounds} | {simulated} | "
        found.append((text + ("yes |" if comparison.agrees else "NO |"), comparison.agrees))
    return found


def main(names: list[str]) -> int:
    print("| scenario | what | recorded | simulated (95 % interval) | agrees |\n| --- | --- | --- | --- | --- |")
    wrong = 0
    for name in names or shipped():
        for text, agrees in lines(name):
            print(text, flush=True)
            wrong += not agrees
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
