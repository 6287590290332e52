"""Run folders: written whole, read again, and asked for figures."""
from datetime import datetime

import pytest

from sim.reading.loading import load
from sim.studies.study import simulate
from surgeline.folders import run as run_folder
from surgeline.problems import RunError

SHORT = """
surgeline: 1
extends: two-cities
surges: []
levers: []
horizon: {{start: "{start}", end: "{end}", interval: 15 min}}
"""


def written(folder, start, end):
    """A run of a horizon, read from its folder, and what was found."""
    file = folder / "short.yaml"
    file.write_text(SHORT.format(start=start, end=end), encoding="utf-8")
    result = simulate(load(file), replications=2)
    run_folder.write(result, [], folder / "run", None, [], lambda run: None)
    return run_folder.Run.read(folder / "run"), result


@pytest.mark.parametrize(("start", "end", "days"), [
    ("2021-08-02 10:00", "2021-08-02 12:00", ["2021-08-02"]),
    ("2021-08-02 09:00", "2021-08-03 00:15", ["2021-08-02 09:00", "2021-08-03"]),
    ("2021-08-02", "2021-08-03", ["2021-08-02", "2021-08-03"]),
])
def test_each_day_of_a_horizon_has_its_figures(tmp_path, start, end, days):
    run, result = written(tmp_path, start, end)
    for k, day in enumerate(days):
        found = run.value("dials", "city:east", result.levels["day"].periods[k].start)
        assert result.levels["day"].periods[k].start.date() == datetime.fromisoformat(day).date()
        assert found.mean == pytest.approx(result.value("dials", "city:east", "day", k).mean, rel=1e-6)
    assert run.value("dials").mean == pytest.approx(result.value("dials").mean, rel=1e-6)
    assert len(result.levels["day"].periods) == len(days)


def test_rows_of_calls_come_back(tmp_path):
    result = simulate(load("two-cities"), replications=1, keep_calls=True)
    run_folder.write(result, [], tmp_path / "run", None, [], lambda run: None)
    back = run_folder.read_parquet(tmp_path / "run" / "calls.parquet")
    assert back["outcome"].value_counts().to_dict() == {
        name: n for name, n in result.calls["outcome"].value_counts().items() if n}
    assert back["waited_ms"].sum() == result.calls["waited_ms"].sum()


def test_a_folder_appears_whole_or_not_at_all(tmp_path):
    result = simulate(load("two-cities"), replications=1)

    def fail(run):
        raise OSError(28, "No space left on device")

    with pytest.raises(RunError, match="No space left"):
        run_folder.write(result, [], tmp_path / "run", None, [], fail)
    assert list(tmp_path.iterdir()) == []
