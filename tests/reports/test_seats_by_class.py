"""What a report says of groups that answer some classes of callers only, and of their seats."""
import html

import pytest
from click.testing import CliRunner

from sim.reading.loading import load
from surgeline.cli import main
from surgeline.reports.page import places
from surgeline.reports.page.words import Words

TOWN = """surgeline: 1
extends: two-cities
shifts: {desk: [{start: "08:00", hours: 10, share: 50 %}]}
people:
  east:
    groups:
      all-round: {name: {zh: 全能, en: all-round}, people: 10, shifts: desk, contract: volunteers}
      trained: {name: {zh: 培训, en: trained}, people: 8, shifts: desk, contract: volunteers, answers: [everyday]}
"""
SAID = {"zh": ("东城：全能 10 人、培训 8 人（只接日常）。", "东城 日常"),
        "en": ("Eastville: all-round (10), trained (8, for everyday only).", "Eastville everyday")}


@pytest.mark.parametrize("lang", SAID)
def test_a_report_says_who_answers_what(lang, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(TOWN, encoding="utf-8")
    done = CliRunner().invoke(main, ["run", "mine.yaml", "--replications", "1", "--out", "run", "--lang", lang])
    assert done.exit_code == 0, done.output
    page = html.unescape((tmp_path / "run" / "report.html").read_text(encoding="utf-8"))
    groups, pool = SAID[lang]
    assert groups in page
    assert pool in page  # beside the guests who helped
    assert places.pool(load("mine.yaml"), Words(lang), "east·everyday") == pool
