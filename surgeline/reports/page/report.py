"""One shape of report for whatever was done: a page, and a workbook where there are sheets."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from surgeline.locale import LANGS, Lang
from surgeline.reports.page import layout, workbook
from surgeline.reports.page.blocks import Section
from surgeline.reports.page.layout import Opening
from surgeline.reports.page.words import Words
from surgeline.reports.page.workbook import Sheet

D = TypeVar("D")
V = TypeVar("V")
Writer = Callable[[Any, Path], None]


@dataclass(frozen=True)
class Report(Generic[D, V]):
    """What is told of what was done: how it is seen, what stands above, the parts in their order, and the sheets."""

    view: Callable[[D], V]
    opening: Callable[[V, Words], Opening]
    sections: tuple[Callable[[V, Words], Section | None], ...]
    sheets: Callable[[V], Iterable[Sheet]] | None = None

    def files(self, name: str) -> dict[str, Writer]:
        """What writes each file of this report, by the file's name."""
        found: dict[str, Writer] = {f"{name}.html": self.write_html}
        return found | ({f"{name}.xlsx": self.write_xlsx} if self.sheets else {})

    def sentences(self, done: D, lang: Lang) -> list[str]:
        """What was done in a few sentences: those that the page begins with."""
        return self.opening(self.view(done), Words(lang)).sentences

    def sections_of(self, view: V, w: Words) -> list[Section]:
        """The parts that have something to say."""
        made = [section(view, w) for section in self.sections]
        return [section for section in made if section is not None]

    def write_html(self, done: D, path: Path) -> None:
        """One file that opens anywhere, without network."""
        view = self.view(done)
        openings = {lang: self.opening(view, Words(lang)) for lang in LANGS}
        text = layout.page(openings, {lang: self.sections_of(view, Words(lang)) for lang in LANGS})
        path.write_text(text, encoding="utf-8")

    def write_xlsx(self, done: D, path: Path) -> None:
        """The same figures as a workbook.

        :raises ValueError: if the report has no sheets.
        """
        if self.sheets is None:
            raise ValueError("this report has no workbook")
        workbook.write(self.sheets(self.view(done)), path)


def itself(done: D) -> D:
    """A view of what needs none: its manifest says all that is told."""
    return done
