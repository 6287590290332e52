"""Messages stay what they are, wherever they go, until somebody says them in a language."""
from __future__ import annotations

import pickle

import pytest

from sim.scenario.messages import Message, lines, printable, say
from sim.scenario.problems import RuleError, nearest, shortly

WORDS = {
    "must be {least:g} or more, got {got}": "不得小于 {least:g}，现为{got}", "nothing": "空", ", ": "、",
    "; did you mean {name}?": "；是否想写 {name}？", "; known are {names}": "；可用的有 {names}", "{names}": "{names}",
}
GOT = say("must be {least:g} or more, got {got}", least=2.5, got=shortly(None))


def test_a_message_is_its_english():
    assert GOT == "must be 2.5 or more, got nothing"
    assert isinstance(GOT, str)


def test_what_stands_in_a_message_is_translated_too():
    assert GOT.translated(WORDS) == "不得小于 2.5，现为空"


@pytest.mark.parametrize("message", [GOT + nearest("esat", ["east"]), "" + GOT + nearest("esat", ["east"])])
def test_messages_add_up_to_messages(message):
    assert message == 'must be 2.5 or more, got nothing; did you mean "east"?'
    assert message.translated(WORDS | {'"{text}"': "“{text}”"}) == "不得小于 2.5，现为空；是否想写“east”？"


def test_names_are_listed_as_a_language_does():
    hint = nearest("zzz", ["a", "b"])
    assert (hint, hint.translated(WORDS)) == ("; known are a, b", "；可用的有 a、b")


def test_an_error_carries_its_message():
    carried = str(RuleError(GOT, "seats"))
    assert isinstance(carried, Message)
    assert carried.translated(WORDS) == "不得小于 2.5，现为空"


def test_a_message_goes_from_process_to_process():
    again = pickle.loads(pickle.dumps(printable(GOT, 200)))
    assert (again, again.translated(WORDS), again.longest) == (GOT, "不得小于 2.5，现为空", 200)


def test_a_message_is_cut_short_in_every_language():
    long = say("{name} is no city", name="x" * 100)
    assert printable(long, 20) == "x" * 17 + "..."
    chinese = printable(printable(long, 20), 40).translated({"{name} is no city": "没有 {name} 这个城市"})
    assert chinese == "没有 " + "x" * 14 + "..."


def test_without_words_of_a_language_a_message_is_in_english():
    assert GOT.translated({}) == GOT


def test_what_is_no_name_stays_as_written():
    assert [shortly(value) for value in (True, 12, [], [1], {}, "a\x1bb")] == [
        "true", "12", "an empty list", "a list", "a mapping", '"a\\u001bb"']


# --- beside Chinese --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("template", "value", "text"), [
    ("应为 {x} 之一", "busy", "应为 busy 之一"), ("应为{x}之一", "busy", "应为 busy 之一"),
    ("应为 {x} 之一", "“busy”", "应为“busy”之一"), ("应为 {x} 之一", "文字", "应为文字之一"),
    ("应为 {x}", -3, "应为 -3"), ("应为{x}", 3, "应为 3"), ("{x}：{x}", "a", "a：a"), ("第 {x:02} 行", 3, "第 03 行"),
])
def test_spaces_stand_where_chinese_meets_other_letters(template, value, text):
    assert say("{x} is so", x=value).translated({"{x} is so": template}) == text


def test_what_a_file_says_is_shown_as_it_is():
    assert say("{x} is so", x="“南 京3号”").translated({"{x} is so": "是 {x}"}) == "是“南 京3号”"


def test_hundreds_of_lines_are_no_deeper_than_one():
    many = lines(say("{n} is so", n=n) for n in range(5000))
    assert many.count("\n") == many.translated({"{n} is so": "{n} 如此"}).count("\n") == 4999
