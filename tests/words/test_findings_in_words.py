"""One finding reads the same as text, as HTML and as JSON."""

import json
import re
from dataclasses import replace

import pytest

from loopcheck.facts.records import Column, Lane, LoopRecord, Mark, Place, Span, Subject, Timeline
from loopcheck.modes.finding import Finding
from loopcheck.words import html, text
from loopcheck.words import json as json_words

FOUND = Finding(
    code="LC102",
    slug="loop-mismatch",
    certainty="certain",
    what="`client` belongs to loop 1 and is used on loop 2.",
    why="It keeps its loop.",
    fix="Make `client` in a fixture.",
    subject=Subject(name="client", type="valkey.asyncio.client.Valkey", path="client._loop"),
    where=Place("tests/conftest.py", 12, "client"),
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
        "made     tests/conftest.py:12, bound to loop 1 (module loop of tests/test_cart.py)",
        "used     tests/test_cart.py:30, on loop 2 (function loop of test_read)",
        "change   tests/conftest.py:12",
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


def test_the_html_says_the_same_and_nothing_can_be_injected() -> None:
    said = html.finding(replace(FOUND, what="`<script>alert(1)</script>` belongs to loop 1."))
    assert "<script" not in said
    assert "&lt;script&gt;" in said
    words = [part for _, part in text.parts(FOUND)]
    bare = re.sub(r"<[^>]+>", "", html.finding(FOUND))
    assert all(word.replace("`", "") in bare for word in words)


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


def test_json_has_the_promised_names_and_leaves_out_the_unknown() -> None:
    said = json_words.finding(replace(FOUND, used_on=None, made_at=None))
    assert said["where"] == {"file": "tests/conftest.py", "line": 12, "name": "client"}
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
    ],
)
def test_what_is_no_report_is_said_in_a_line(report: str, words: str) -> None:
    with pytest.raises(json_words.NotAReport, match=words) as raised:
        json_words.read(report)
    assert "\n" not in str(raised.value)
