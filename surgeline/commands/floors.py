"""Whether variants keep what lenders owe their own citizens: each against not lending, on the luck of a comparison."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from optimizer.lending.inputs import province as provinces
from optimizer.lending.inputs.province import Province
from optimizer.lending.trials import floors as trials
from optimizer.lending.trials.replay import Counts, ReplicationCache
from sim.scenario.lending_terms import Agreement
from sim.scenario.levers import Lend, in_force
from sim.scenario.scenario import Scenario
from sim.studies.executors import Workers, at_work
from sim.studies.replication import digest
from sim.studies.selection import Choice, Selection, values_of
from sim.studies.study import Study
from surgeline.folders.lending_plan import Floor
from surgeline.folders.lending_plan import floor as as_written

HELP = ("lend", "recall", "route")  # kinds of levers by which cities help each other
ByVariant = dict[str, tuple[Floor, ...]]


@dataclass(frozen=True)
class Case:
    """A variant in which cities help each other, and what it is held against: the same without help."""

    variant: Scenario
    province: Province      # without help, open whenever seats may be away
    lent: tuple[Lend, ...]  # nothing where calls are routed: then every city that does not borrow gives

    def floors(self, alone: Counts, helped: Counts) -> tuple[Floor, ...]:
        """Every floor of everybody who gives."""
        found = trials.floors(self.province, [self.lent], alone, helped)
        return tuple(as_written(self.province, one) for one in found)


@dataclass
class FloorJudge:
    """Judges the floors of variants, on demand. No replication of any is simulated twice."""

    seed: int
    workers: Workers = None
    cases: dict[str, Case] = field(default_factory=dict)              # of the variants in which cities help
    lucks: dict[str, ReplicationCache] = field(default_factory=dict)  # by the digest of what is held against
    told: dict[int, ByVariant] = field(default_factory=dict)          # by replications

    @classmethod
    def of(cls, first: Scenario, variants: Mapping[str, Scenario], seed: int, workers: Workers = None) -> FloorJudge:
        """Of a scenario and its variants. One that says other things too, such as more callers, is held against the
        same with the levers of the scenario as it is."""
        cases = {name: case(one, without_help(one.model_copy(update={"levers": first.levers})))
                 for name, one in variants.items() if one.lending is not None}
        return cls(seed, workers, {name: one for name, one in cases.items() if one is not None})

    def floors(self, replications: int) -> ByVariant:
        """By variant, in so many replications. Those in which no city helps another have no floors."""
        if self.cases and replications not in self.told:
            few = replications - 1 in self.told  # a replication more of each is not worth a process
            with at_work(1 if few else self.workers) as executor:
                self.told[replications] = dict(self.judged(replications, executor))
        return self.told.get(replications, {})

    def judged(self, replications: int, executor: Executor) -> Iterator[tuple[str, tuple[Floor, ...]]]:
        """Variant by variant; all that are held against the same are simulated together."""
        for names in self.alike():
            luck = self.luck_of(self.cases[names[0]].province)
            luck.executor = executor
            alone, *each = luck.of([luck.province.scenario, *(self.cases[name].variant for name in names)],
                                   replications)
            yield from ((name, self.cases[name].floors(alone, helped))
                        for name, helped in zip(names, each, strict=True))

    def alike(self) -> list[list[str]]:
        """The variants, together with those that are held against the same."""
        found = defaultdict[str, list[str]](list)
        for name, one in self.cases.items():
            found[digest(one.province.scenario)].append(name)
        return list(found.values())

    def luck_of(self, province: Province) -> ReplicationCache:
        return self.lucks.setdefault(digest(province.scenario), ReplicationCache(self.seed, province))


@dataclass(frozen=True)
class Keeping:
    """Chooses the best of the variants that break no floor; of all, where every one breaks one."""

    selection: Selection
    judge: FloorJudge = field(repr=False, compare=False)  # it tells the same of the same scenarios

    def __call__(self, study: Study) -> bool:
        """The rule of a study that goes on until the best is told. Floors are looked at once all are told apart."""
        return self.selection(study) and self.choose(study).decided_after is not None

    def choose(self, study: Study) -> Choice:
        values, among = values_of(study), self.among(study)
        choice = self.selection.choose(values[:, among])
        out = dict(zip(among, choice.out_after, strict=True))
        return Choice(tuple(out.get(i) for i in range(values.shape[1])), choice.decided_after)

    def among(self, study: Study) -> list[int]:
        """The places of the variants that may be chosen."""
        broken = self.broken(study)
        return [i for i, name in enumerate(study.results) if name not in broken or len(broken) == len(study.results)]

    def broken(self, study: Study) -> list[str]:
        """The variants that break a floor."""
        floors = self.judge.floors(study.replications)
        return [name for name in study.results if any(floor.broken for floor in floors.get(name, ()))]


# --- what is held against what ---------------------------------------------------------------------------------------

def without_help(scenario: Scenario) -> Scenario:
    """The scenario with all its levers but those by which cities help each other."""
    return scenario.model_copy(update={"levers": tuple(one for one in scenario.levers if one.kind not in HELP)})


def case(variant: Scenario, alone: Scenario) -> Case | None:
    """None for a variant in which no city helps another more than without its levers."""
    lent = lent_by(variant)
    routes = variant.effects.routing.terms != alone.effects.routing.terms
    if not (lent or routes):
        return None
    province = everywhere(provinces.province(alone), lent, routes)
    return Case(variant, province, () if routes else in_whole_blocks(province, lent))


def lent_by(variant: Scenario) -> tuple[Lend, ...]:
    """What is lent, each loan only until it is called home."""
    return tuple(lever for lever in in_force(variant.levers)
                 if isinstance(lever, Lend) and float(lever.seats) > 0 and lever.start < lever.end)


def everywhere(province: Province, lent: tuple[Lend, ...], routes: bool) -> Province:
    """The province, open in every block: a floor is owed by whoever gives, whether or not the terms allow it."""
    giving = dict.fromkeys([*province.pairs, *(lever.pair for lever in lent)])
    if routes:
        giving |= dict.fromkeys((city, province.borrowers[0]) for city in province.cities
                                if province.borrowers and city not in province.borrowers)
    return replace(province, pairs=tuple(giving), open_blocks=list(range(len(province.blocks))))


def in_whole_blocks(province: Province, lent: tuple[Lend, ...]) -> tuple[Lend, ...]:
    """The levers from the start of the block in which they begin: floors are of every block in which seats are away."""
    return tuple(lever.model_copy(update={
        "start": start_of_block(province.agreement, lever.start),
        "hours": (minutes_of_block(province.agreement, lever.hours[0]), lever.hours[1])}) for lever in lent)


def start_of_block(terms: Agreement, at: datetime) -> datetime:
    minutes = minutes_of_block(terms, at.hour * 60 + at.minute)
    return datetime.combine(at.date(), time()) + timedelta(minutes=minutes)


def minutes_of_block(terms: Agreement, minutes: int) -> int:
    """The start of the block of the day in which a minute of the day lies."""
    return minutes * 60 // terms.block_s * terms.block_s // 60
