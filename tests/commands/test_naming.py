"""Cities and variants by their names on the command line, and what is known where a name means nothing."""
import pytest

from sim.reading.loading import load
from surgeline import usage
from surgeline.commands.naming import hint, key_of
from surgeline.commands.run import chosen
from surgeline.locale import in_lang


@pytest.mark.parametrize("said", ["nanjing", "南京", "Nanjing", "NANJING", "南 京"])
def test_a_city_is_known_by_its_key_and_its_names(said):
    assert key_of(said, load("nanjing-2021").cities) == "nanjing"


def test_a_name_that_two_have_means_neither():
    cities = load("two-cities").cities
    alike = {key: city.model_copy(update={"name": cities["east"].name}) for key, city in cities.items()}
    assert (key_of("东城", alike), key_of("west", alike)) == (None, "west")


@pytest.mark.parametrize(("lang", "told"), [("zh", "；可以写的有 east（东城）、west（西城）"),
                                            ("en", "; known are east (Eastville), west (Westville)")])
def test_what_is_known_is_listed_by_key_and_name(lang, told):
    with usage.speaking(["--lang", lang]):
        assert in_lang(hint("q", load("two-cities").cities), lang) == told


def test_a_variant_is_known_by_its_name():
    scenario = load("two-cities")
    key, variant = next(iter(scenario.variants.items()))
    assert chosen("two-cities", variant.name.zh) == chosen("two-cities", variant.name.en) == scenario.variant(key)
