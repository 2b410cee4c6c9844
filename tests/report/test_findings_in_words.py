"""One finding reads the same as text, as HTML and as JSON."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from loopcheck.modes.finding import Finding
from loopcheck.records import (
    Column,
    Edit,
    Edits,
    Lane,
    LoopRecord,
    Mark,
    Place,
    Span,
    Subject,
    Timeline,
)
from loopcheck.report import github, html, silent, text
from loopcheck.report import json as json_words
from loopcheck.report import timeline as picture

FOUND = Finding(
    code="LC102",
    slug="loop-mismatch",
    certainty="certain",
    what="`client` belongs to loop 1 and is used on loop 2.",
    why="It keeps its loop.",
    fix="Make `client` in a fixture.",
    subject=Subject(name="client", type="valkey.asyncio.client.Valkey", path="client._loop"),
    where=Place("tests/conftest.py", 12, "client"),
    source="client = Valkey()",
    made_at=Place("tests/conftest.py", 12, "client"),
    used_at=Place("tests/test_cart.py", 30, "test_read"),
    made_on="loop 1 (module loop of tests/test_cart.py)",
    used_on="loop 2 (function loop of test_read)",
    test="tests/test_cart.py::test_read",
    phase="call",
)
LANE = Lane(
    loop=LoopRecord(label="loop 1", made_at=Place("a.py", 3)),
    first=0,
    spans=(Span(kind="test", name="test_read", first=0, last=0),),
)
PICTURE = Timeline(
    columns=(Column(test="test_read", outcome="failed"),),
    lanes=(LANE,),
    marks=(Mark(kind="bound", lane=0, name="client", column=0, code="LC102"),),
)


def test_the_text_says_all_that_is_known() -> None:
    assert text.finding(FOUND).splitlines() == [
        "LC102 loop-mismatch (certain)",
        "what     `client` belongs to loop 1 and is used on loop 2.",
        "made     tests/conftest.py:12, bound to loop 1 (module loop of",
        "         tests/test_cart.py)",
        "used     tests/test_cart.py:30, on loop 2 (function loop of test_read)",
        "change   tests/conftest.py:12   client = Valkey()",
        "why      It keeps its loop.",
        "fix      Make `client` in a fixture.",
        "path     client._loop",
        "more     loopcheck explain LC102",
    ]


def test_what_is_unknown_is_left_out() -> None:
    bare = replace(FOUND, subject=None, where=None, made_at=None, used_at=None, used_on=None)
    said = text.finding(replace(bare, made_on=None))
    assert not re.search(r"^(made|used|change|path) ", said, re.MULTILINE)
    assert "None" not in said


LONG = "client = Valkey(host=HOST, port=PORT, db=3, decode_responses=True, protocol=3)"
DEEP = "tests/integration/shop/checkout/test_cart_of_a_guest.py"


def test_a_loop_without_a_line_is_no_place_where_something_was_made() -> None:
    said = text.finding(replace(FOUND, made_at=None, made_on="loop 1 (session loop)"))
    assert "\nbound    to loop 1 (session loop)\n" in said
    assert "\nmade " not in said


@pytest.mark.parametrize(
    ("file", "source", "lines"),
    [
        ("cart.py", LONG, [f"change   cart.py:12   {LONG[:57]}…"]),
        (DEEP, "client = Valkey()", [f"change   {DEEP}:12", f"{' ' * 9}client = Valkey()"]),
        (DEEP, LONG, [f"change   {DEEP}:12", f"{' ' * 9}{LONG[:70]}…"]),
        ("cart.py", "a\tb\x1b", ["change   cart.py:12   a b\\x1b"]),
        ("cart.py", None, ["change   cart.py:12"]),
    ],
)
def test_the_source_of_the_line_fits_beside_or_below_it(
    file: str, source: str | None, lines: list[str]
) -> None:
    said = text.finding(replace(FOUND, where=Place(file, 12), source=source)).splitlines()
    at = said.index(lines[0])
    assert said[at : at + len(lines) + 1] == [*lines, "why      It keeps its loop."]
    assert all(len(line) <= 80 for line in said)


def test_a_path_that_is_too_long_begins_beside_its_word() -> None:
    path = "client.connection_pool._available_connections[0]._parser._stream._transport._loop"
    named = Subject(name="client", type="valkey.asyncio.client.Valkey", path=path)
    assert f"\npath     {path}\n" in text.finding(replace(FOUND, subject=named))


def test_a_later_report_that_says_more_of_a_place_is_read() -> None:
    whole = json.loads(
        json_words.report([FOUND], version="0", tests=3, failed=2, explained=1, timeline=PICTURE)
    )
    whole["findings"][0]["where"]["column"] = 4
    assert json_words.read(json.dumps(whole))[0] == (FOUND,)


def test_the_html_says_the_same_and_nothing_can_be_injected() -> None:
    said = html.finding(replace(FOUND, what="`<script>alert(1)</script>` belongs to loop 1."))
    assert "<script" not in said
    assert "&lt;script&gt;" in said
    words = [part for _, part in text.parts(FOUND)]
    bare = re.sub(r"<[^>]+>", "", html.finding(FOUND))
    assert all(word.replace("`", "") in bare for word in words)
    assert "client = Valkey()" in bare


def test_the_html_uses_nothing_that_an_untrusted_notebook_drops() -> None:
    said = html.findings([FOUND])
    assert not re.search(r"<style|class=|var\(|currentColor|hsl\(|aria-|data-|on\w+=", said)


def test_json_goes_both_ways() -> None:
    report = json_words.report(
        [FOUND], version="0", tests=3, failed=2, explained=1, timeline=PICTURE
    )
    found, timeline, counts = json_words.read(report)
    assert (found, timeline) == ((FOUND,), PICTURE)
    assert counts == {"tests": 3, "failed": 2, "explained": 1, "ignored": 0}


def test_edits_go_both_ways_and_an_older_report_has_none() -> None:
    change = Edit(file="test_cart.py", start=(12, 4), end=(12, 4), text="await ")
    way = Edits(changes=(change,), safe=True, words="await the call")
    mended = replace(FOUND, edits=(way,), remedy=("await",))
    report = json_words.report(
        [mended],
        version="0",
        tests=3,
        failed=2,
        explained=1,
        timeline=PICTURE,
        digests={"test_cart.py": "0f"},
    )
    assert json_words.read(report)[0] == (mended,)
    assert json_words.read_digests(report) == {"test_cart.py": "0f"}
    whole = json.loads(report)
    assert whole["findings"][0]["edits"] == [
        {
            "changes": [
                {"file": "test_cart.py", "start": [12, 4], "end": [12, 4], "text": "await "}
            ],
            "safe": True,
            "words": "await the call",
        }
    ]
    del whole["findings"][0]["edits"], whole["findings"][0]["remedy"], whole["digests"]
    assert json_words.read(json.dumps(whole | {"schema": 1}))[0] == (FOUND,)
    assert json_words.read_digests(json.dumps(whole)) == {}


def values_within(known: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each place in *known* as what holds it, and its key there."""
    for key, value in list(known.items() if isinstance(known, dict) else enumerate(known)):
        yield known, key
        if isinstance(value, dict | list):
            yield from values_within(value)


def shown(report: str) -> str:
    """Return what a notebook shows of *report*."""
    try:
        found, timeline, _ = json_words.read(report)
    except json_words.NotAReport as error:
        return str(error)
    faces = text.findings(found), html.findings(found), picture.html(timeline)
    return "".join((*faces, picture.text(timeline)))


@pytest.mark.parametrize("odd", [None, 3, True, 0.5, "x", [], {}, [3], {"x": 3}, "\x1b"])
def test_a_report_with_an_odd_value_anywhere_is_refused_in_a_line_or_shown(odd: object) -> None:
    whole = json.loads(
        json_words.report([FOUND], version="0", tests=3, failed=2, explained=1, timeline=PICTURE)
    )
    for holder, key in values_within(whole):
        kept, holder[key] = holder[key], odd
        said = shown(json.dumps(whole))
        assert "\x1b" not in said, (key, odd)
        holder[key] = kept


def test_bytes_that_are_no_text_are_written_and_read_back() -> None:
    odd = replace(FOUND, where=Place("\udcff.py", 3), what="\ud800")
    said = json_words.report([odd], version="0", tests=1, failed=1, explained=1, timeline=PICTURE)
    said.encode("utf-8")
    assert json_words.read(said)[0] == (odd,)


SAID = ("what", "why", "fix", "made_on", "used_on", "test", "source")
RAW = 'x<script>alert("1")</script>\x1b[31m\x07\r\u202e\u2028\x9b1m\ud800'
HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]")


def test_no_part_of_a_finding_steers_a_terminal_or_a_page() -> None:
    words: dict[str, Any] = dict.fromkeys(SAID, RAW)
    places: dict[str, Any] = dict.fromkeys(("where", "made_at", "used_at"), Place(RAW, 3, RAW))
    named = Subject(name=RAW, type=RAW, path=RAW)
    odd = replace(FOUND, **words, **places, subject=named, also=(RAW,))
    rich = html.findings([odd])
    plain = [text.findings([odd]), *text.summary([odd]), *silent.lines([odd])]
    plain += github.lines([odd], [], lambda file: file)
    assert not [said for said in [rich, *plain] if HIDDEN.search(said)]
    assert "<script" not in rich
    assert all("\n" not in line for line in plain[1:])


def test_json_has_the_promised_names_and_leaves_out_the_unknown() -> None:
    said = json_words.finding(replace(FOUND, used_on=None, made_at=None))
    assert said["where"] == {
        "file": "tests/conftest.py",
        "line": 12,
        "name": "client",
        "source": "client = Valkey()",
    }
    assert "source" not in json_words.finding(replace(FOUND, source=None))["where"]
    assert said["lesson"] == "lc102_loop_mismatch.ipynb"
    assert not {"used_on", "made_at"} & said.keys()
    json.dumps(said)


@pytest.mark.parametrize(
    ("report", "words"),
    [
        ("{", "no schema"),
        ("[]", "no schema"),
        ('{"schema": 9}', "schema 9"),
        ('{"schema":1}', "not whole"),
        ("[" * 100_000, "no schema"),
        ('{"schema": "\\u001b[31m"}', r"schema \\x1b"),
        ('{"schema": 1, "findings": 3, "counts": {"explained": 0}}', "no value of this kind"),
        ('{"schema": 1, "findings": [3], "counts": {"explained": 0}}', "no value of this kind"),
        ('{"schema": 1, "findings": [], "counts": {"explained": "x"}}', "no value of this kind"),
        (
            '{"schema": 1, "findings": [], "counts": {"explained": 0}, "timeline": 3}',
            "no value of this kind",
        ),
    ],
)
def test_what_is_no_report_is_said_in_a_line(report: str, words: str) -> None:
    with pytest.raises(json_words.NotAReport, match=words) as raised:
        json_words.read(report)
    assert "\n" not in str(raised.value)
