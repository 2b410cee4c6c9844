"""The timeline: each form tells the same story, whatever the names are and however many."""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from itertools import combinations
from xml.etree import ElementTree

import pytest

from loopcheck.records import Column, Lane, LoopRecord, Mark, Outcome, Place, Span, Timeline
from loopcheck.report import json as report_json
from loopcheck.report import timeline
from loopcheck.report._story import cells, clip, wrap
from loopcheck.report._svg import PALETTE

SVG = "{http://www.w3.org/2000/svg}"


def columns(*tests: str) -> tuple[Column, ...]:
    """Return columns from "name" (passed), "name!" (failed) and "name?" (skipped)."""
    ends: dict[str, Outcome] = {"!": "failed", "?": "skipped"}
    return tuple(
        Column(test=test.rstrip("!?"), outcome=ends.get(test[-1:], "passed")) for test in tests
    )


def lane(label: str, role: str, first: int, last: int | None, *spans: Span) -> Lane:
    return Lane(loop=LoopRecord(label=label, role=role), first=first, last=last, spans=spans)


def ran(name: str, column: int) -> Span:
    return Span(kind="test", name=name, first=column, last=column)


def fixture(name: str, first: int, last: int | None = None) -> Span:
    return Span(kind="fixture", name=name, first=first, last=last)


def bound(index: int, name: str, column: int | None, code: str | None = None) -> Mark:
    return Mark(kind="bound", lane=index, name=name, column=column, code=code)


def failed(index: int, name: str, column: int | None, code: str | None = None) -> Mark:
    return Mark(kind="failed", lane=index, name=name, column=column, code=code)


LESSON = Timeline(
    columns=columns("test_fill", "test_read!", "test_read_again"),
    lanes=(
        lane("loop 1", "module loop of test_cart.py", 0, None, ran("test_fill", 0)),
        lane("loop 2", "function loop of test_read", 1, 1, ran("test_read", 1)),
        lane("", "function loop of test_read_again", 2, 2, ran("test_read_again", 2)),
    ),
    marks=(bound(0, "client", 0, "LC102"), failed(1, "client", 1, "LC102")),
)
FIXTURE = Timeline(
    columns=columns("test_add!", "test_remove!", "test_total"),
    lanes=(
        lane("loop 1", "session loop", 0, None, fixture("client", 0), fixture("catalogue", 0, 1)),
        lane(
            "loop 2", "function loop of test_add", 0, 0, fixture("cart", 0, 0), ran("test_add", 0)
        ),
        lane("loop 3", "function loop of test_remove", 1, 1, ran("test_remove", 1)),
        lane("loop 4", "function loop of test_total", 2, 2, ran("test_total", 2)),
    ),
    marks=(
        bound(0, "client", 0, "LC106"),
        failed(1, "client", 0, "LC106"),
        failed(2, "client", 1, "LC106"),
    ),
)
POOL = Timeline(
    columns=columns("test_insert", "test_query!", "test_rollback?", "test_query_again!"),
    lanes=(
        lane("loop 1", "function loop of test_insert", 0, 0, ran("test_insert", 0)),
        lane("loop 2", "function loop of test_query", 1, 1, ran("test_query", 1)),
        lane("loop 3", "function loop of test_query_again", 3, 3, ran("test_query_again", 3)),
    ),
    marks=(
        bound(0, "db.pool", 0, "LC604"),
        failed(1, "db.pool", 1, "LC604"),
        failed(2, "db.pool", 3, "LC604"),
    ),
)
LATE = Timeline(
    columns=columns("test_open", "test_use!", "test_after"),
    lanes=(lane("loop 1", "function loop of test_open", 0, 0, ran("test_open", 0)),),
    marks=(bound(0, "stream", 0, "LC101"), failed(0, "stream", 1, "LC101")),
)
UPWARD = Timeline(
    columns=columns("test_a", "test_b!"),
    lanes=(
        lane("loop 1", "session loop", 0, None, fixture("settings", 0), ran("test_b", 1)),
        lane("loop 2", "function loop of test_a", 0, 0, ran("test_a", 0)),
        lane("loop 3", "class loop of TestCart", 0, 1, fixture("lock", 0, 1)),
    ),
    marks=(
        bound(2, "lock", 0, "LC102"),
        bound(2, "queue", 0, "LC102"),
        failed(0, "lock", 1, "LC102"),
        failed(0, "queue", 1, "LC102"),
    ),
)
CALM = Timeline(
    columns=columns("test_a", "test_b"),
    lanes=(lane("loop 1", "module loop of test_x.py", 0, None, ran("test_a", 0)),),
    marks=(bound(0, "client", None),),
)
NO_TEST = Timeline(lanes=(lane("the kernel's loop", "", 0, None),), marks=(bound(0, "jobs", None),))
MARKUP = 'test_<script>alert("x")&\'`]]>-->\u202e\x1b[31m\x00\ufffe\ud800'
LONG = "test_" + "very_" * 30 + "long"
WIDE = "テスト_カートに商品を入れる_そして合計を確かめる" * 2
HEBREW = "בדיקה_של_עגלה"
HOSTILE = Timeline(
    columns=columns(MARKUP, LONG, WIDE, HEBREW + "!"),
    lanes=(
        lane("<b>&", f"module loop of {'deep/' * 30}t.py", -5, 2, ran(MARKUP, 0), ran(LONG, 1)),
        lane(WIDE, HEBREW, 3, 99, fixture(WIDE, 3), ran(HEBREW, 3), fixture(MARKUP, -1, -7)),
    ),
    marks=(
        bound(0, LONG, 1, MARKUP),
        bound(0, "x", 77),
        failed(1, LONG, 3, MARKUP),
        failed(9, "on no lane", 2),
        failed(-1, "on no lane", 2),
    ),
    left_out=3,
)
CROWDED = Timeline(
    columns=columns("test_a", "test_b!"),
    lanes=(lane("loop 1", "session loop", 0, None, *(fixture(f"f{n}", 0) for n in range(9))),),
    marks=(*(bound(0, f"thing_{n}", 0) for n in range(9)), failed(0, "thing_8", 1, "LC101")),
)


def sized(tests: int, loops: int) -> Timeline:
    """Return *tests* tests on *loops* loops: what the first made, each second other one used."""
    names = [f"test_number_{n}_of_many" for n in range(tests)]
    crossed = range(1, loops, 2)
    lanes = [lane("loop 1", "session loop", 0, None, fixture("server", 0), ran(names[0], 0))]
    for index in range(1, loops):
        at = index * (tests - 1) // loops
        role = f"function loop of {names[at]}"
        lanes.append(lane(f"loop {index + 1}", role, at, at, ran(names[at], at)))
    marks = [failed(index, "server.client", lanes[index].first, "LC102") for index in crossed]
    bad = {lanes[index].first for index in crossed}
    return Timeline(
        columns=columns(*(f"{name}{'!' * (at in bad)}" for at, name in enumerate(names))),
        lanes=tuple(lanes),
        marks=(bound(0, "server.client", 0, "LC102"), *marks),
    )


OUTLIVED = Timeline(
    columns=columns("test_open", "test_use!"),
    lanes=(
        lane("loop 1", "function loop of test_open", 0, 0, fixture("client", 0, 1)),
        lane("loop 2", "function loop of test_use", 1, 1, ran("test_use", 1)),
    ),
    marks=(bound(0, "client", 0, "LC101"), failed(1, "client", 1, "LC101")),
)
USUAL = {
    "lesson": LESSON, "fixture": FIXTURE, "pool": POOL,
    "late": LATE, "upward": UPWARD, "outlived": OUTLIVED,
}  # fmt: skip
SIZES = {
    f"{tests} x {loops}": sized(tests, loops) for tests in (1, 3, 5, 8, 12) for loops in (1, 4, 10)
}
DRAWN = {
    **USUAL, "calm": CALM, "no test": NO_TEST, "hostile": HOSTILE, "crowded": CROWDED, **SIZES
}  # fmt: skip
EMPTY = {"nothing ran": Timeline(), "no loop": Timeline(columns=columns("test_one"))}
ALL = {**DRAWN, **EMPTY}

usual = pytest.mark.parametrize("record", USUAL.values(), ids=USUAL)
drawn = pytest.mark.parametrize("record", DRAWN.values(), ids=DRAWN)
every = pytest.mark.parametrize("record", ALL.values(), ids=ALL)


def words(record: Timeline) -> Iterator[tuple[float, float, float, str]]:
    """Yield x, base line, estimated width and text of each word in the picture."""
    root = ElementTree.fromstring(timeline.svg(record))
    for text in root.iter(f"{SVG}text"):
        looks, said, width = (text.get("class") or "").split(), text.text or "", 0.0
        size = 16 if "h" in looks else 12 if "s" in looks else 13
        width += cells(said) * size * 0.55
        for span in text:
            inside = (span.text or "") if span.tag == f"{SVG}tspan" else ""
            said += inside + (span.tail or "")
            width += cells(inside) * size * 0.6 + cells(span.tail or "") * size * 0.55
        yield float(text.attrib["x"]), float(text.attrib["y"]), width, said


# The picture


@every
def test_the_picture_is_well_formed_and_the_same_each_time(record: Timeline) -> None:
    first = timeline.svg(record)
    assert ElementTree.fromstring(first).tag == f"{SVG}svg"
    assert timeline.svg(replace(record)) == first


@every
def test_the_picture_brings_no_script_no_id_no_link_and_no_background(record: Timeline) -> None:
    root = ElementTree.fromstring(timeline.svg(record))
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "style", "text", "tspan", "path", "rect", "circle"}
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not attributes & {"id", "style", "href", "onload"}
    sheet = root.findtext(f"{SVG}style") or ""
    assert not re.search(r"url\(|@import|@font-face|var\(|light-dark|background", sheet)
    assert "@media (prefers-color-scheme:dark)" in sheet


@every
def test_no_word_leaves_the_picture(record: Timeline) -> None:
    root = ElementTree.fromstring(timeline.svg(record))
    wide, high = float(root.attrib["width"]), float(root.attrib["height"])
    assert 0 < wide <= 1000
    for x, y, width, said in words(record):
        assert x >= 0, said
        assert x + width <= wide, said
        assert 8 < y <= high - 4, said


@every
def test_no_two_words_lie_on_each_other(record: Timeline) -> None:
    for one, other in combinations(words(record), 2):
        apart = one[0] + one[2] <= other[0] or other[0] + other[2] <= one[0]
        assert apart or abs(one[1] - other[1]) >= 11, (one[3], other[3])


@usual
def test_the_picture_has_a_line_from_home_to_each_failure(record: Timeline) -> None:
    picture = timeline.svg(record)
    crosses = sum(mark.kind == "failed" for mark in record.marks)
    assert picture.count('class="fault-line way"') == picture.count("<circle") == crosses


def test_each_outcome_has_a_sign_and_a_word() -> None:
    said = {text for *_, text in words(POOL)}
    assert {"passed", "failed", "skipped"} <= said


def test_many_tests_are_numbered_and_named_below() -> None:
    said = [text for *_, text in words(sized(12, 4))]
    assert {str(number) for number in range(1, 13)} <= set(said)
    assert {f"test_number_{n}_of_many" for n in range(12)} <= set(said)


def test_a_cut_name_is_whole_in_its_title() -> None:
    assert f"<title>{LONG}</title>" in timeline.svg(HOSTILE)


def test_what_is_too_much_for_a_lane_is_counted_and_what_crossed_is_not() -> None:
    said = {text for *_, text in words(CROWDED)}
    assert {"5 more fixtures", "thing_8", "LC101"} <= said


def test_a_loop_without_a_label_is_shown_by_its_role() -> None:
    without = replace(LESSON, lanes=LESSON.lanes[2:], marks=())
    said = [text for *_, text in words(without)]
    assert said.count("function loop of") == 1
    assert "function loop of test_read_again" not in timeline.text(LESSON).split("\n\n")[1]


def test_a_fixture_that_outlives_its_loop_is_drawn_past_its_end() -> None:
    picture = timeline.svg(OUTLIVED)
    [fixture_end] = re.findall(r'd="M[^"H]+H([0-9.]+)[^"]+" class="home-line thin"', picture)
    [loop_end] = re.findall(r'd="M([0-9.]+)[^"]+" class="home-line cap"', picture)
    assert float(fixture_end) > float(loop_end)


# Its colours


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


PAGES = (("#ffffff", "#f6f8fa"), ("#0d1117", "#111111", "#1f1f1f"))  # GitHub, Lab, VS Code
FILLS = ("bar", "haven", "alarm")


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["ink", "soft", "home", "fault"])
def test_text_stands_out_from_all_that_can_be_behind_it(name: str, theme: int) -> None:
    behind = (*PAGES[theme], *(PALETTE[fill][theme] for fill in FILLS))
    assert min(contrast(PALETTE[name][theme], one) for one in behind) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_shapes_stand_out_from_all_that_can_be_behind_them(theme: int) -> None:
    behind = (*PAGES[theme], PALETTE["haven"][theme], PALETTE["alarm"][theme])
    for name in ("edge", "home", "fault", "soft"):
        assert min(contrast(PALETTE[name][theme], one) for one in behind) >= 3
    assert contrast(PALETTE["glyph"][theme], PALETTE["fault"][theme]) >= 3


# Its twins


def test_alt_says_the_object_and_both_loops() -> None:
    assert timeline.alt(LESSON) == (
        "Timeline of 3 tests on 3 loops."
        " `client` belongs to loop 1 (module loop of test_cart.py);"
        " test_read used it on loop 2 (function loop of test_read): LC102."
    )


def test_alt_says_when_the_home_was_closed_by_then() -> None:
    assert "loop 1 (function loop of test_insert), which was closed by then;" in timeline.alt(POOL)


def test_alt_of_a_calm_run_says_so() -> None:
    assert timeline.alt(CALM).endswith("`client` is bound to it. No failure is marked.")


def test_the_lesson_in_words() -> None:
    assert timeline.text(LESSON).splitlines() == [
        "                              test_fill       test_read       test_read_again",
        "                              ✓ passed        ✗ failed        ✓ passed",
        "loop 1                        ├ test_fill ──────────────────────────────────▶ open",
        "  module loop of test_cart.py │ ◆ client belongs here",
        "loop 2                                        ├ test_read ──┤ closed",
        "  function loop of test_read                  │ ✗ LC102: client used here",
        "function loop of                                              ├ test_…again ┤ closed",
        "test_read_again",
        "",
        "loop 1 (module loop of test_cart.py) is open from test_fill to the end. `client` is",
        "  bound to it.",
        "loop 2 (function loop of test_read) is open for test_read only.",
        "test_read ran on loop 2 (function loop of test_read) and used `client` there: LC102.",
        "1 other loop took no part in it.",
    ]


@usual
def test_the_twin_has_every_name_of_the_picture(record: Timeline) -> None:
    said = " ".join(timeline.text(record).split())
    names = {mark.name for mark in record.marks} | {one.test for one in record.columns}
    names |= {span.name for one in record.lanes for span in one.spans}
    names |= {str(one.loop) for one in record.lanes if one.loop.label}
    names |= {mark.code for mark in record.marks if mark.code}
    quiet = {"loop 4 (function loop of test_total)", "loop 2 (function loop of test_a)"}
    assert not {name for name in names - quiet if name not in said}


@every
@pytest.mark.parametrize("width", [40, 60, 88, 120])
@pytest.mark.parametrize("ascii", [False, True])
def test_no_line_of_the_twin_is_too_wide(record: Timeline, width: int, ascii: bool) -> None:
    for line in timeline.text(record, width, ascii).split("\n"):
        assert cells(line) <= width
        assert line == line.rstrip()
        assert line.isascii() or not ascii


@usual
def test_a_usual_twin_has_at_most_25_lines(record: Timeline) -> None:
    assert timeline.text(record).count("\n") < 25


def test_too_many_tests_for_the_width_are_told_and_not_drawn() -> None:
    said = timeline.text(sized(40, 4), 40)
    assert "├" not in said
    assert "used `server.client` there: LC102." in " ".join(said.split())


@every
def test_names_cannot_steer_a_terminal(record: Timeline) -> None:
    for said in (timeline.text(record), timeline.alt(record)):
        assert not set(said) & set("\x1b\x00\u202e\ufffe\ud800\r")


class Tags(HTMLParser):
    """Collects what Lab's sanitiser looks at."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


@every
def test_html_is_an_image_and_its_words_and_nothing_that_needs_trust(record: Timeline) -> None:
    shown = timeline.html(record)
    tags = Tags()
    tags.feed(shown)
    assert [tag for tag, _ in tags.seen] == ["img", "details", "summary", "pre"]
    image = tags.seen[0][1]
    assert image["alt"] == timeline.alt(record)
    assert image["style"] == "max-width:100%"
    kind, _, source = (image["src"] or "").partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert b64decode(source).decode() == timeline.svg(record)
    assert timeline.text(record) in unescape(shown)


@pytest.mark.parametrize("record", EMPTY.values(), ids=EMPTY)
def test_without_a_loop_each_form_says_so(record: Timeline) -> None:
    said = timeline.text(record)
    assert said.startswith("No timeline")
    assert said == timeline.alt(record)
    assert [text for *_, text in words(record)] == [said]


# The measures


def test_a_long_name_is_cut_in_the_middle() -> None:
    assert clip("test_read_again", 9) == "test…gain"
    assert cells(clip(WIDE, 9)) <= 9
    assert [cells(clip(WIDE, width, "...")) <= width for width in range(6)] == [True] * 6


def test_lines_break_at_words_and_only_then_within() -> None:
    assert list(wrap("a loop of ten", 6)) == ["a loop", "of ten"]
    assert list(wrap("ab cdefghij", 5, " ")) == ["ab", " cdef", " ghij"]


def test_a_report_gives_back_every_line_of_a_loop() -> None:
    lines = {"made_at": 5, "started_at": 6, "stopped_at": 7}
    known = {name: {"file": "test_a.py", "line": line} for name, line in lines.items()}
    fixture = {"name": "db", "scope": "module", "asynchronous": True}
    said = json.dumps({"fixtures": [fixture | {"loops": [{"label": "loop 1"} | known]}]})
    [read] = report_json.read_fixtures(said)
    [loop] = read.loops
    assert {name: getattr(loop, name) for name in lines} == {
        name: Place("test_a.py", line) for name, line in lines.items()
    }
