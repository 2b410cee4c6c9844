"""Loops and tasks as sections; a section as text and as HTML."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from loopcheck.records import LoopRecord, Place, TaskGroup
from loopcheck.report import html, sections, text
from loopcheck.report.sections import Section

KERNEL = LoopRecord(label="the kernel's loop", owner="machinery", state="running")
CONTROL = LoopRecord(label="the kernel's control loop", owner="machinery", state="running")
MINE = LoopRecord(
    label="loop 1",
    role="module loop of tests/test_cart.py",
    state="running",
    kind="asyncio.unix_events._UnixSelectorEventLoop",
    thread="main thread",
    made_at=Place("cell 3", 1),
)
HOSTILE = "\x1b[31m\u202eSELECT\n<script>alert(1)</script>\x00\ud800" + "x" * 100_000


def group(count: int = 50, coroutine: str = "worker", **known: Any) -> TaskGroup:
    shown: dict[str, Any] = {
        "loop": "the kernel's loop",
        "owner": "user",
        "waits_at": Place("cell 3", 2),
        "waits_for": "asyncio.locks.Event",
    }
    return TaskGroup(count=count, coroutine=coroutine, **(shown | known))


def test_a_group_reads_as_a_sentence() -> None:
    said = text.section(sections.tasks([group()], 50))
    assert said.splitlines()[2].strip() == (
        "50 tasks  worker waits at cell 3:2 on asyncio.locks.Event  the kernel's loop"
    )


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"state": "new"}, "worker at cell 3:2 has not begun"),
        ({"state": "running"}, "worker runs at cell 3:2"),
        ({"waits_for": None}, "worker waits at cell 3:2"),
        ({"followed": 0, "waits_at": None, "waits_for": None}, "worker (not followed)"),
        (
            {"followed": 2000, "count": 100_000},
            "worker waits at cell 3:2 on asyncio.locks.Event (2,000 of them followed)",
        ),
    ],
)
def test_each_state_has_its_sentence(known: dict[str, Any], words: str) -> None:
    [row] = sections.tasks([replace(group(), **known)], 1).rows
    assert row[1] == words


def test_numbers_are_readable_and_one_task_is_no_tasks() -> None:
    rows = sections.tasks([group(100_000), group(1)], 100_001).rows
    assert [row[0] for row in rows] == ["100,000 tasks", "1 task"]


def test_machinery_is_one_line_unless_asked_for() -> None:
    groups = [group(), group(6, "shell_main", owner="machinery")]
    assert sections.tasks(groups, 56).note == "machinery: 6 tasks"
    assert len(sections.tasks(groups, 56).rows) == 1
    assert len(sections.tasks(groups, 56, machinery=True).rows) == 2
    shown = sections.loops([MINE, KERNEL, CONTROL])
    assert shown.note == "machinery: the kernel's loop, the kernel's control loop"
    assert [row[0] for row in shown.rows] == ["loop 1"]
    assert len(sections.loops([MINE, KERNEL, CONTROL], machinery=True).rows) == 3


def test_loops_of_one_name_are_counted() -> None:
    subshell = LoopRecord(label="a subshell's loop", owner="machinery")
    note = sections.loops([KERNEL, subshell, subshell]).note
    assert note == "none of yours; machinery: the kernel's loop, a subshell's loop (2)"


def test_a_loop_says_state_thread_role_and_maker_once() -> None:
    [row] = sections.loops([MINE]).rows
    assert row == (
        "loop 1",
        "running",
        "main thread",
        "module loop of tests/test_cart.py; made at cell 3:1",
        "",
    )
    made = LoopRecord(label="loop 2", role="loop made at a.py:1", made_at=Place("a.py", 1))
    assert sections.loops([made]).rows[0][3] == "loop made at a.py:1"


def test_a_kind_is_said_only_if_it_is_not_asyncios() -> None:
    assert (
        sections.loops([LoopRecord(label="loop 1", kind="uvloop.Loop")]).rows[0][4] == "uvloop.Loop"
    )


def test_long_lists_are_cut_and_say_so() -> None:
    groups = [group(2, f"worker_{n}") for n in range(200)]
    shown = sections.tasks(groups, 10_000)
    assert shown.note == f"and {10_000 - 2 * sections.TASKS:,} more tasks"
    loops = sections.loops([LoopRecord(label=f"loop {n}") for n in range(50)])
    assert loops.note == f"and {50 - sections.LOOPS} more"
    for section in (shown, loops):
        assert len(text.section(section).splitlines()) <= 25


def test_nothing_there_is_said_too() -> None:
    assert text.section(sections.tasks((), 0)) == "tasks\n  none of yours waits"
    assert text.section(sections.loops(())) == "loops\n  none of yours"


def test_a_healthy_answer_alarms_nobody() -> None:
    said = text.section(sections.tasks([group()], 50)) + text.section(sections.loops([MINE]))
    assert not re.search(r"ERROR|Traceback|0x[0-9a-f]{6}", said)


def test_empty_columns_are_left_out() -> None:
    shown = Section(title="t", columns=("a", "b", "c"), rows=(("1", "", "3"), ("4", "", "")))
    assert text.section(shown) == "t\n  a  c\n  1  3\n  4"
    assert "<th" in html.section(shown)
    assert ">b<" not in html.section(shown)


def test_a_table_is_never_wider_than_a_hundred_columns() -> None:
    path = f"src/{'very_long_folder/' * 9}module.py"
    shown = sections.tasks(
        [
            group(made_at=Place(path, 12345), names=("a" * 40, "b" * 40), waits_at=Place(path, 9)),
            group(3, "日本語" * 20),
            group(3, "z" * 100_000),
        ],
        56,
    )
    lines = text.section(shown).splitlines()
    assert max(map(len, lines)) <= text.COLUMNS
    assert len(lines) <= 25


def test_words_stay_whole_where_there_is_room() -> None:
    shown = sections.tasks([group(waits_at=Place("src/shop/orders/feed.py", 120))], 50)
    assert "src/shop/orders/feed.py:120" in text.section(shown)


def test_hostile_names_can_neither_break_lines_nor_mark_up() -> None:
    known = {"names": (HOSTILE,), "waits_for": HOSTILE, "waits_at": Place(HOSTILE, 1)}
    shown = sections.tasks([group(1, HOSTILE, **known)], 1)
    said, rich = text.section(shown), html.section(shown)
    for form in (said, rich):
        assert "\x1b" not in form
        assert "\u202e" not in form
        assert "<script" not in form.replace("&lt;", "") or form is said
        form.encode("utf-8")
    assert "<script" not in rich
    assert len(said.splitlines()) <= 25


class Reader(HTMLParser):
    """What is left of HTML for a person who sees no table."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.scopes: list[str | None] = []
        self.styles: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.styles.append(given.get("style") or "")
        if tag == "th":
            self.scopes.append(given.get("scope"))

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def read(rich: str) -> Reader:
    reader = Reader()
    reader.feed(rich)
    return reader


def test_html_says_what_the_text_says() -> None:
    shown = sections.tasks([group()], 56)
    said = [part for row in shown.rows for part in row if part]
    assert read(html.section(shown)).said == [
        "tasks",
        "pending",
        "where",
        "loop",
        *said,
        shown.note,
    ]


def test_html_headings_have_a_scope_and_survive_without_trust() -> None:
    reader = read(html.section(sections.tasks([group()], 50)))
    assert reader.scopes == ["col", "col", "col", "row"]
    assert {*reader.tags} <= {"div", "table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert not [
        style for style in reader.styles if re.search(r"var\(|hsl|currentColor|\dch", style)
    ]


def test_html_of_an_empty_section_has_no_table() -> None:
    reader = read(html.section(sections.loops(())))
    assert "table" not in reader.tags
    assert [part for part in reader.said if part] == ["loops", "none of yours"]


def test_a_path_that_fits_nowhere_does_not_squeeze_the_words_beside_it() -> None:
    path = f"basket.db.connection_pool{'._parser._stream' * 5}._loop"
    row = ("basket.db", "Valkey", "loop 1 (loop made at cell 3:7)", path)
    shown = Section(title="t", columns=("name", "type", "loop", "path"), rows=(row,))
    lines = text.section(shown).splitlines()
    assert len(lines) <= 5
    assert all(len(line) <= 100 for line in lines)
