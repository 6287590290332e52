"""The notebook for analysts runs from its first cell to its last, as it stands."""
import ast
import json
from pathlib import Path

import pytest

NOTEBOOK = Path(__file__).resolve().parents[2] / "docs" / "analyst.ipynb"


def cells():
    """The code of each cell."""
    said = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in said["cells"] if cell["cell_type"] == "code"]


def run(cell, names):
    """What a cell shows: its last line, if that is an expression, as a notebook draws it."""
    *lines, last = ast.parse(cell).body
    exec(compile(ast.Module(lines, []), "cell", "exec"), names)
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    draw = getattr(value, "_repr_html_", None)
    return draw() if draw else repr(value)


@pytest.fixture(scope="module")
def shown():
    names = {"__name__": "__main__"}
    return [run(cell, names) for cell in cells()]


def test_every_cell_shows_something(shown):
    assert len(shown) == len(cells()) > 5
    assert all(shown)
    assert not any("nan" in text for text in shown[1:])


def test_results_studies_and_plans_draw_themselves(shown):
    result, study, *_, plan = shown
    assert "<svg" in result
    assert "none − base" in study
    assert "两座小城" in plan
    assert "<td>west</td>" in plan


def test_no_output_is_kept():
    said = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert not any(cell.get("outputs") for cell in said["cells"])
