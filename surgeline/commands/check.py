"""What scenario files say, without running any: list, check and schema. Imports only what reading takes."""
from __future__ import annotations

import json
import sys
from datetime import timedelta

from sim.scenario.messages import printable
from sim.scenario.problems import ScenarioError
from sim.scenario.shipped import headers
from surgeline.locale import Lang, in_lang, texts
from surgeline.problems import LONGEST_PATH, listed


def show_list(lang: Lang, as_json: bool) -> None:
    """The shipped scenarios, with their titles and spans."""
    if as_json:
        print(json.dumps([{"name": one.name, "title": one.title, "start": one.start.isoformat(),
                           "end": one.end.isoformat(), "variants": one.variants} for one in headers()],
                         ensure_ascii=False))
        return
    from surgeline.terminal import show_table
    words = texts(lang)["cli"]
    rows = [(one.name, one.title[lang], f"{one.start:%Y-%m-%d} – {one.end - timedelta(seconds=1):%m-%d}",
             ", ".join(one.variants) or "–") for one in headers()]
    show_table([words[key] for key in ("name", "title", "span", "variants")], rows, "nwnw")


def check(names: tuple[str, ...], lang: Lang) -> int:
    """Print every problem of every file, and what is to be noted of files without one. Returns how many have some."""
    from sim.reading.loading import with_places
    words, wrong = texts(lang)["cli"], 0
    for name in names:
        try:
            _, document = with_places(name)
            told = words["can_be_run"].format(n=len(document.notices)) if document.notices else words["no_problems"]
            print(f"{printable(name, LONGEST_PATH)}: {told}")
            for notice in document.notices:
                print(f"  {in_lang(notice.told, lang)}")
        except ScenarioError as error:
            wrong += 1
            print(in_lang(listed(error), lang), file=sys.stderr)
    return wrong


def show_schema() -> None:
    """The JSON schema of scenario files."""
    from sim.reading.schema import schema
    print(json.dumps(schema(), ensure_ascii=False, indent=1))
