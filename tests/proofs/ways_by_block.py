"""What it would bring to change at some times of day whom a lender's seats serve:
``python tests/proofs/ways_by_block.py SCENARIO SCENARIO@DAY ...``.

A plan lets each lender's seats answer in one way, the one in which they bring most over the day: so many stay idle for
their own city, none or two. Here each block of the day has the way in which they bring most in it, as trials measured
both, and what that is more is printed: by how much a plan could be better if an ACD were set anew during the day.
"""
from __future__ import annotations

import sys
from datetime import date

import numpy as np
from ten_seeds import scenario_of

from optimizer.lending.inputs.estimates import Estimates, knowledge
from optimizer.lending.inputs.province import province
from optimizer.lending.menu.drafts import Trying
from optimizer.lending.menu.making import harm_of_lending
from optimizer.lending.menu.stances import STANCES, Stance
from optimizer.lending.trials import limits
from optimizer.lending.trials.limits import Harm
from optimizer.lending.trials.proof import replications_of
from optimizer.lending.trials.replay import ReplicationCache
from sim.core.arrays import Floats
from sim.studies.executors import at_work


def measured(estimates: Estimates) -> list[Harm]:
    """What lending does in each way, as a plan has it measured."""
    with at_work(None) as executor:
        number = limits.replications(estimates.province)
        trying = Trying(ReplicationCache(1, estimates.province, executor), number,
                        replications_of(estimates.province) / number)
        return harm_of_lending(estimates, STANCES, trying)


def worth(estimates: Estimates, harms: list[Harm], stance: Stance) -> Floats:
    """[ways, lenders, open blocks] what all the seats bring that floors leave, in seats that answer for nobody else."""
    names = [name for name in estimates.province.lenders if name not in estimates.surfaces]
    most = [{name: limits.most_of(estimates.province, harm.levels, name, stance.drops) for name in names}
            for harm in harms]
    brings = [limits.at_level(estimates.province, harm.levels, of).brings for harm, of in zip(harms, most, strict=True)]
    return np.array([[part * np.where(of[name] > harm.way.keep_idle, of[name], 0) for name in names]
                     for harm, of, part in zip(harms, most, brings, strict=True)])


def main() -> int:
    print("| scenario | plan | ways | by lender | by lender and block | more |\n| --- | --- | --- | --- | --- | --- |")
    for word in sys.argv[1:]:
        name, _, day = word.partition("@")
        estimates = knowledge(province(scenario_of(name, date.fromisoformat(day) if day else None)))
        harms = measured(estimates)
        for stance in STANCES[:2]:
            found = worth(stance.known(estimates), harms, stance)
            one, each = float(found.sum(axis=2).max(axis=0).sum()), float(found.max(axis=0).sum())
            more = max(each / one - 1, 0)
            print(f"| {word} | {stance.name} | {len(harms)} | {one:,.1f} | {each:,.1f} | {more:.1%} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
