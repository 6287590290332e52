"""The scenario reference says what the fields say, in both languages, and stands in the docs as it is made."""
from pathlib import Path

import pytest

from sim.reading.schema import schema
from surgeline.commands.reference import BY_NAME, reference, words

DOCS = Path(__file__).parents[2] / "docs"
FILES = {"zh": DOCS / "reference.md", "en": DOCS / "reference.en.md"}


@pytest.fixture(scope="module")
def models():
    told = schema()
    return {"Scenario": told} | {name: one for name, one in told["$defs"].items() if not name.endswith(BY_NAME)}


@pytest.mark.parametrize("lang", FILES)
def test_the_docs_have_the_reference_as_it_is_made(lang):
    """Otherwise: surgeline schema --reference --lang zh > docs/reference.md, and en for reference.en.md."""
    assert FILES[lang].read_text(encoding="utf-8") == reference(lang)


def test_every_model_and_field_is_in_both_languages(models):
    for lang in FILES:
        lines = reference(lang).splitlines()
        for name, model in models.items():
            at = lines.index(f"## {name}")
            rows = [line for line in lines[at:at + len(model["properties"]) + 7] if line.startswith("| `")]
            assert [row.split("`")[1] for row in rows][:len(model["properties"])] == list(model["properties"])


def test_chinese_has_a_text_for_each_description_and_none_besides(models):
    described, named = set(), set()
    for model in models.values():
        for field, one in model["properties"].items():
            texts = [part["description"] for part in (one, *one.get("anyOf", ())) if "description" in part]
            described |= set(texts[:1])
            named |= set() if texts else {field}
    assert described == set(words()["descriptions"])
    assert named == set(words()["names"])
    assert set(models) == set(words()["models"])


def test_chinese_rows_are_in_chinese():
    rows = [line for line in reference("zh").splitlines() if line.startswith("| `")]
    assert len(rows) > 200
    assert [row for row in rows if not any("一" <= letter <= "鿿" for letter in row.split("|")[-2])] == []
