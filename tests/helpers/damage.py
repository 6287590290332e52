"""Scenario files and tables made wrong in many ways, always the same ways for a seed. ``fuzz`` reads them."""
from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import openpyxl
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sim.scenario.shipped import SHIPPED, shipped

MAIN = "s.yaml"
TABLES = ("tables/calls.csv", "tables/calls.xlsx", "tables/staff.csv", "tables/talk.csv", "tables/roster.csv")
BEGIN = datetime(2021, 8, 2, 6)
Files = dict[str, bytes]
Luck = random.Random


class Damaged(NamedTuple):
    """Files that somebody may have spoilt, how, and as they were."""

    kinds: tuple[str, ...]
    files: Files
    before: Files


# --- values ----------------------------------------------------------------------------------------------------------

NUMBER = re.compile(r"([+-]?\d[\d_.]*)(.*)", re.DOTALL)
UNITS = ("", " s", " min", " h", " d", " days", " %", "%", " ms", " seconds", " 分钟", " 秒", "k", " pp", " people",
         "％", "‰")
NOT_FINITE = ("nan", ".nan", "NaN", "inf", ".inf", "-inf", "-.inf", "1e400", "-1e400", "1e308", "1e-400", "Infinity")
EMPTY = ("", '""', "~", "null", "[]", "{}", '" "')
HUGE = ("1e9", "1000000001", "999999999999", "9" * 400, "366 days", "367 days", "1e6 h", "x" * 10_000, "1e18", "65536")
OTHER_TYPES = ("true", "no", "7", "0.5", "text", "[1, 2]", "{a: 1}", "[[]]", "2021-08-02", '"12"', "~", "[~]",
               "{a: [b]}")
MOMENTS = ("2021-W31", "2021-08", "20210802", "2021/8/2", "2021-08-02T10:00Z", "2021-08-02 10:00+08:00", "2021-02-30",
           "2021-08-02 24:00", "2021-08-02 25:00", "8:00", "2021年8月2日", "2021-214", "2021-08-02 10:00:30",
           "02/08/2021", "2021-08-02 10:00 CST", "44410.375", "2021-08-02 09:10")
ODD_TEXT = ('"\\u0007"', '"\\ud800"', '"a\\nb"', "=1+1", "../../etc/passwd", "name=value", "东城", "*", "&a", "!tag",
            "'", '"', "%", "@", "`", "|", ">", "- ", "#", ": ", "?", "\t", "Null", "０", "🙂", "--- ", "...")


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def with_commas(text: str, luck: Luck) -> str:
    number, rest = parts_of(text)
    if not text[:1].isdigit():
        return text + ","
    return luck.choice((number.replace(".", ","), f"{number},5", f"1,{number.zfill(3)}", f"1.{number},5")) + rest


def parts_of(text: str) -> tuple[str, str]:
    found = NUMBER.fullmatch(text)
    return (found[1], found[2]) if found else ("5", text)


def other_year(text: str, luck: Luck) -> str:
    year = luck.choice(("2020", "2022", "2019", "1999", "2100", "0001", "9999", "21"))
    return re.sub(r"2021|2020|2022", year, text) if re.search(r"202[012]", text) else luck.choice(MOMENTS)


def per_cent(text: str, luck: Luck) -> str:
    number, _ = parts_of(text)
    return luck.choice((f"{number} %", f"{number}00 %", f"0.{number} %", f"-{number} %", "85", "100 %", "101 %", "0 %"))


ANEW: dict[str, Callable[[str, Luck], str]] = {
    "unit": lambda text, luck: parts_of(text)[0] + luck.choice(UNITS),
    "sign": lambda text, luck: luck.choice("-+−—") + text,
    "not finite": lambda text, luck: luck.choice(NOT_FINITE),
    "other year": other_year,
    "empty": lambda text, luck: luck.choice(EMPTY),
    "huge": lambda text, luck: luck.choice(HUGE),
    "full width": lambda text, luck: full_width(text),
    "per cent": per_cent,
    "other type": lambda text, luck: luck.choice(OTHER_TYPES),
    "moment": lambda text, luck: luck.choice(MOMENTS),
    "odd text": lambda text, luck: luck.choice(ODD_TEXT),
    "commas": with_commas,
    "zero": lambda text, luck: luck.choice(("0", "0 s", "0 %", "1", "0.0001")),
    "letters": lambda text, luck: misspelt(text, luck),
}
"""What may become of a value."""


def misspelt(text: str, luck: Luck) -> str:
    at = luck.randrange(len(text) + 1)
    return luck.choice((text[:at] + text[at + 1:], text[:at] + luck.choice("xE_ -:") + text[at:], text.upper(),
                        text[:at - 1] + text[at:at + 1] + text[at - 1:at] + text[at + 1:] if at else text.title()))


# --- a YAML file as the tree that it is ------------------------------------------------------------------------------

class Piece(NamedTuple):
    """A value, or a name with its value, and where in the text they are."""

    node: Node
    name: Node | None
    around: Node | None


def pieces(text: str) -> list[Piece]:
    root = YAML(typ="safe", pure=True).compose(text)
    return list(below(root)) if root is not None else []


def below(node: Node) -> Iterator[Piece]:
    for name, value in node.value if isinstance(node, MappingNode) else ():
        yield Piece(value, name, node)
        yield from below(value)
    for value in node.value if isinstance(node, SequenceNode) else ():
        yield Piece(value, None, node)
        yield from below(value)


def span(text: str, node: Node) -> tuple[int, int]:
    begin, end = node.start_mark.index, node.end_mark.index
    return begin, max(begin, len(text[:end].rstrip()) if end > begin else begin)


def replaced(text: str, node: Node, new: str) -> str:
    begin, end = span(text, node)
    return text[:begin] + new + text[end:]


def words_of(text: str, node: Node) -> str:
    begin, end = span(text, node)
    return text[begin:end]


def scalars(text: str) -> list[Piece]:
    return [piece for piece in pieces(text) if isinstance(piece.node, ScalarNode)]


def value_anew(change: Callable[[str, Luck], str]) -> Callable[[str, Luck], str]:
    """A change of one value, as a change of a file."""
    def changed(text: str, luck: Luck) -> str:
        node = luck.choice(scalars(text)).node
        return replaced(text, node, change(words_of(text, node), luck))
    return changed


def drop(text: str, luck: Luck) -> str:
    piece = luck.choice(pieces(text))
    begin, end = span(text, piece.node)
    begin = span(text, piece.name)[0] if piece.name else begin
    rest = text[end:].lstrip(" ")
    return text[:begin] + (rest[1:] if rest.startswith(",") else rest)


def double(text: str, luck: Luck) -> str:
    piece = luck.choice(pieces(text))
    begin, end = span(text, piece.node)
    first = span(text, piece.name)[0] if piece.name else begin
    inline = piece.around is not None and piece.around.flow_style
    indent = " " * (first - text.rfind("\n", 0, first) - 1)
    dash = "" if piece.name else "- "
    between = ", " if inline else "\n" + indent[:len(indent) - len(dash)] + dash
    return text[:end] + between + text[first:end] + text[end:]


def swap(text: str, luck: Luck) -> str:
    found = pieces(text)
    one, other = sorted((luck.choice(found).node for _ in range(2)), key=lambda node: node.start_mark.index)
    (a, b), (c, d) = span(text, one), span(text, other)
    return text if c < b else text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


def deepen(text: str, luck: Luck) -> str:
    node, levels = luck.choice(pieces(text)).node, luck.choice((1, 2, 29, 200))
    opens, closes = luck.choice((("[", "]"), ("{a: ", "}"), ("{value: ", ", source: x}"),
                                 ("{assume: ", ", range: [0, 1]}")))
    return replaced(text, node, opens * levels + words_of(text, node) + closes * levels)


def rename(text: str, luck: Luck) -> str:
    named = [piece for piece in pieces(text) if piece.name]
    name = luck.choice(named).name
    old = words_of(text, name)
    other = luck.choice(named).name
    return replaced(text, name, luck.choice((misspelt(old, luck), full_width(old), words_of(text, other), "~", "[a]")))


def kind_for_kind(text: str, luck: Luck) -> str:
    """A list where a mapping stands, and the other way round."""
    found = [piece.node for piece in pieces(text) if isinstance(piece.node, MappingNode | SequenceNode)]
    node = luck.choice(found)
    inner = [words_of(text, part[1] if isinstance(part, tuple) else part) for part in node.value]
    if isinstance(node, MappingNode):
        return replaced(text, node, f"[{', '.join(inner)}]")
    return replaced(text, node, "{" + ", ".join(f"a{i}: {part}" for i, part in enumerate(inner)) + "}")


def lines_anew(text: str, luck: Luck) -> str:
    lines = text.split("\n")
    i, j = luck.randrange(len(lines)), luck.randrange(len(lines))
    line = lines[i]
    lines[i:i + 1] = luck.choice((
        [], [line, line], [" " + line], [line[1:]], ["\t" + line], [line.replace(": ", ":", 1)], [line + ","],
        [line.replace(",", "，")], [line.replace(":", "：", 1)], [line.replace('"', "“")], [line[:len(line) // 2]],
        [lines[j]], [line.replace("{", "", 1)], [line.replace("]", "", 1)], ["- " + line], ["---"], [line, "..."],
        [line + " # " + full_width(line)], [line.replace("- ", "-", 1)]))
    return "\n".join(lines)


TREE: dict[str, Callable[[str, Luck], str]] = {
    "drop": drop, "double": double, "swap": swap, "deepen": deepen, "rename": rename, "list for map": kind_for_kind,
    "line": lines_anew, **{f"value: {kind}": value_anew(change) for kind, change in ANEW.items()},
}
"""What may become of a YAML file."""


# --- tables ----------------------------------------------------------------------------------------------------------

def rows_of(data: bytes) -> list[list[str]]:
    return [row for row in csv.reader(io.StringIO(data.decode("utf-8-sig", "replace"))) if row]


def cells_anew(rows: list[list[str]], luck: Luck, kind: str) -> list[list[str]]:
    i, k = luck.randrange(len(rows)), luck.randrange(len(rows[0]))
    several = range(len(rows)) if luck.random() < 0.3 else (i,)
    return [[ANEW[kind](cell, luck) if r in several and c == k else cell for c, cell in enumerate(row)]
            for r, row in enumerate(rows)]


def rows_anew(rows: list[list[str]], luck: Luck) -> list[list[str]]:
    i, j, k = luck.randrange(len(rows)), luck.randrange(len(rows)), luck.randrange(len(rows[0]))
    return luck.choice((
        rows[:i] + rows[i + 1:], [*rows[:i], rows[i], *rows[i:]], rows[1:], rows[:1], [rows[0], *reversed(rows[1:])],
        rows[:i] + rows[j:j + 1] + rows[i + 1:], [row[:k] + row[k + 1:] for row in rows], rows[:1] + rows[1::2],
        [[str(n), *row] for n, row in enumerate(rows)], [[*row, *row] for row in rows], [*rows, ["total", "999"]],
        [["a report"], *rows], [[*row, ""] for row in rows], [*rows[:i], [], *rows[i:]], rows[:1] + rows[2:],
        [[cell + " " for cell in row] for row in rows], [*rows[:i], [*rows[i], "5"], *rows[i + 1:]],
        [rows[0], *(moved(row, luck) for row in rows[1:])]))


def moved(row: list[str], luck: Luck) -> list[str]:
    """A row a day, a week or half an interval away."""
    try:
        at = datetime.fromisoformat(row[0]) + timedelta(days=luck.choice((-1, 0, 0, 1)), minutes=luck.choice((0, 0, 7)))
    except ValueError:
        return row
    return [f"{at:%Y-%m-%d %H:%M}", *row[1:]]


def csv_of(rows: list[list[str]], luck: Luck) -> bytes:
    """A table as a CSV file, sometimes as other programs write it."""
    stream = io.StringIO()
    usual = luck.random() < 0.7
    csv.writer(stream, delimiter="," if usual else luck.choice(",;\t|"), quoting=csv.QUOTE_MINIMAL if usual
               else luck.choice((csv.QUOTE_ALL, csv.QUOTE_MINIMAL))).writerows(rows)
    encoding = "utf-8" if usual else luck.choice(("utf-8-sig", "gb18030", "utf-16", "utf-8", "latin-1"))
    return stream.getvalue().encode(encoding, "replace")


def csv_anew(data: bytes, luck: Luck) -> tuple[str, bytes]:
    kind = luck.choice((*ANEW, "rows", "rows", "rows"))
    rows = rows_of(data)
    return f"table: {kind}", csv_of(rows_anew(rows, luck) if kind == "rows" else cells_anew(rows, luck, kind), luck)


def typed(cell: str) -> object:
    """A cell as a workbook has it."""
    for read in (float, datetime.fromisoformat):
        try:
            return read(cell)
        except ValueError:
            continue
    return cell


def book_of(rows: list[list[str]], luck: Luck | None = None) -> bytes:
    """A table as a workbook, spoilt if there is luck for it."""
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append([clean(typed(cell)) for cell in row])
    if luck:
        spoil_book(book, luck)
    book.save(stream)
    return stream.getvalue()


def clean(cell: object) -> object:
    return re.sub(r"[\x00-\x1f]", "", cell)[:30_000] if isinstance(cell, str) else cell


def spoil_book(book: openpyxl.Workbook, luck: Luck) -> None:
    sheet, (i, k) = book.active, (luck.randint(1, book.active.max_row), luck.randint(1, book.active.max_column))

    def another(title: str, state: str) -> None:
        more = book.create_sheet(title, luck.choice((0, 1)))
        more.sheet_state = state
        for row in (("start", "callers"), (BEGIN, 1000.0)):
            more.append(row)
    luck.choice((
        lambda: another("old", "hidden"), lambda: another("老", "veryHidden"), lambda: another("notes", "visible"),
        lambda: setattr(sheet.row_dimensions[i], "hidden", True),
        lambda: setattr(sheet.column_dimensions["AB"[k % 2]], "hidden", True),
        lambda: sheet.merge_cells(start_row=i, end_row=i + 1, start_column=1, end_column=2),
        lambda: sheet.cell(i, k, "=A2+1/48"), lambda: sheet.cell(i, k, "#REF!"),
        lambda: setattr(sheet.cell(i, k), "number_format", '"x"0.00'), lambda: sheet.insert_rows(1, 2),
        lambda: sheet.insert_cols(1), lambda: sheet.cell(200_000, 1).__setattr__("number_format", "0.00"),
        lambda: setattr(book, "epoch", datetime(1904, 1, 1)), lambda: setattr(sheet, "sheet_state", "hidden")
        if another("b", "visible") is None else None))()


def book_anew(data: bytes, luck: Luck) -> tuple[str, bytes]:
    """A workbook with other cells, other rows, other habits, or a damaged part."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    kind = luck.choice((*ANEW, "rows", "rows", "book", "book", "part", "part"))
    if kind == "part":
        return "workbook: part", part_damaged(data, luck)
    if kind == "book":
        return "workbook: book", book_of(rows, luck)
    return f"workbook: {kind}", book_of(rows_anew(rows, luck) if kind == "rows" else cells_anew(rows, luck, kind))


def part_damaged(data: bytes, luck: Luck) -> bytes:
    """One part of the archive has damaged bytes, is missing, or is there twice."""
    found = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as new:
        hit, way = luck.choice(old.namelist()), luck.random()
        for name in old.namelist():
            if name == hit and way < 0.2:
                continue
            new.writestr(name, bytes_anew(old.read(name), luck) if name == hit else old.read(name))
    return found.getvalue()


# --- bytes -----------------------------------------------------------------------------------------------------------

def bytes_anew(data: bytes, luck: Luck) -> bytes:
    at, to = sorted(luck.randrange(len(data) + 1) for _ in range(2))
    some = bytes(luck.randrange(256) for _ in range(luck.choice((1, 2, 8))))
    return luck.choice((
        lambda: data[:at], lambda: data[at:], lambda: data[:at] + some + data[at:], lambda: data[:at] + data[to:],
        lambda: data[:at] + some + data[at + len(some):], lambda: data[:at] + b"\0" + data[at:],
        lambda: b"\xef\xbb\xbf" + data, lambda: data.decode("utf-8", "replace").encode("utf-16"), lambda: data * 2,
        lambda: data.decode("utf-8", "replace").encode("gb18030", "replace"), lambda: data.replace(b"\n", b"\r"),
        lambda: data.replace(b"\n", b"\r\n"), lambda: b"", lambda: data[:at] + data[at:to] * 3 + data[to:],
        lambda: data.replace(b" ", b"\xc2\xa0", 3), lambda: data + "\u2028\u200b".encode()))()


# --- all together ----------------------------------------------------------------------------------------------------

EVERYTHING = Path(__file__).parents[1] / "data" / "everything.yaml"

ROSTER = """姓名,组,组长,本月加班,夜班结余,周末结余,2021-08-01,2021-08-02,2021-08-03
王一,全职,是,,2,1,早,早,
李二,全职,,12,,,中,休,不夜
张三,全职,是,,,,休,早,早
赵四,全职,,,,2,休,!中,中
钱五,全职,,,-1,,夜,休,愿早
孙六,全职,,30,,,早,中,休
周七,全职,,,,,休,夜,休
吴八,全职,,,,,休,假,假
"""


@cache
def tables() -> Files:
    """The tables beside ``EVERYTHING``: half-hours of callers, hours of seats, durations, who works when."""
    at = [f"{BEGIN + timedelta(minutes=30 * i):%Y-%m-%d %H:%M}" for i in range(84)]
    calls = [["start", "callers"], *([at[i], str(10 + i % 7)] for i in range(36))]
    staff = [["start", "north", "south"], *([at[i], str(8 if 4 <= i < 28 else 3), "6" if 4 <= i < 28 else "2"]
                                            for i in range(0, 84, 2))]
    talk = [["seconds"], *([str(60 + 7 * i % 200)] for i in range(40))]
    return dict(zip(TABLES, (plain_csv(calls), book_of(calls), plain_csv(staff), plain_csv(talk), ROSTER.encode()),
                    strict=True))


def plain_csv(rows: list[list[str]]) -> bytes:
    return "".join(",".join(row) + "\n" for row in rows).encode()


@cache
def sound_files() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The texts of what ships, and of what it stands on."""
    bases = tuple(path.read_text(encoding="utf-8") for path in sorted((SHIPPED / "provinces").glob("*.yaml")))
    return tuple(path.read_text(encoding="utf-8") for path in shipped().values()), bases


def sound(luck: Luck) -> Files:
    """Files without a fault: mostly small ones, which say as much in less time."""
    way = luck.random()
    if way < 0.75:
        return {MAIN: EVERYTHING.read_bytes(), **tables()}
    if way < 0.9:
        return {MAIN: (SHIPPED / "two-cities.yaml").read_bytes()}
    return {MAIN: luck.choice(sound_files()[0]).encode()}


def damaged(seed: int, number: int) -> Damaged:
    """One to three faults in files that were sound."""
    luck = Luck(f"{seed} {number}")
    before, kinds = sound(luck), list[str]()
    files = dict(before)
    for _ in range(luck.choice((1, 1, 1, 1, 2, 3))):
        kinds.append(damage(files, luck))
    return Damaged(tuple(kinds), files, before)


def damage(files: Files, luck: Luck) -> str:
    """Spoil one of the files, and say how."""
    name = luck.choice([MAIN, MAIN, MAIN, *files])
    data, way = files[name], luck.random()
    if way < 0.07:
        files[name] = bytes_anew(data, luck)
        return "bytes"
    if name.endswith((".csv", ".xlsx")):
        try:
            kind, files[name] = (csv_anew if name.endswith(".csv") else book_anew)(data, luck)
        except Exception:  # what is spoilt already can't be opened here
            kind, files[name] = "bytes", bytes_anew(data, luck)
        return kind
    kind = luck.choice(list(TREE))
    try:
        files[name] = TREE[kind](data.decode(), luck).encode("utf-8", "surrogatepass")
    except Exception:  # no tree is left to spoil
        kind, files[name] = "bytes", bytes_anew(data, luck)
    return kind
