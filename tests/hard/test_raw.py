"""Names, messages and file names that would steer a terminal or a page: no face lets them through.

The user's own pytest prints what it prints; what is looked at is what loopcheck adds to it.
"""

import html
import json
import os
import re
import sys
from pathlib import Path

import pytest
import warm
from test_plugin import PLUGINS
from tried import Planted

from loopcheck.lab.board import BoardError, shown
from loopcheck.lab.board.row import as_fields, from_fields
from loopcheck.records import LoopRecord, Place
from loopcheck.report import text
from loopcheck.report import timeline as picture
from loopcheck.report.json import read
from loopcheck.report.sections import Section

MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>"
ANSI = "\x1b[31m\x1b]0;title\x07\x9b1m\u202e\r\x08"
RAW = f"{MARKUP}{ANSI}"
STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
TAG = re.compile(r"<(?:script|img src=x)", re.IGNORECASE)

SUITE = f"""
import asyncio, pytest
pytestmark = pytest.mark.asyncio
RAW = {RAW!r}
kept = {{RAW: asyncio.Queue()}}

class Client:
    def __init__(self):
        self.lock = asyncio.Lock()
    def __repr__(self):
        return RAW

Client.__name__ = Client.__qualname__ = RAW
client = Client()

async def use(queue):
    asyncio.get_running_loop().call_soon(queue.put_nowait, 1)
    await queue.get()

@pytest.mark.parametrize("n", [1, 2], ids=[RAW, RAW + "2"])
async def test_queue(n):
    await use(kept[RAW])

async def test_group():
    raise ExceptionGroup(RAW, [RuntimeError("Event loop is closed" + RAW)])

async def test_leaves():
    async def work():
        await asyncio.sleep(600)
    asyncio.create_task(work(), name=RAW)
    await asyncio.sleep(0)

async def test_loses():
    async def work():
        raise ValueError(RAW)
    task = asyncio.create_task(work(), name=RAW)
    await asyncio.sleep(0)

async def test_hangs():
    await asyncio.Event().wait()

def test_sync():
    use(kept[RAW])
"""


def section_of(said: str) -> str:
    """Return what loopcheck wrote in *said*, section by section."""
    parts, ours = [], False
    for line in said.splitlines():
        if re.match(r"^[-=_!]{3,}", line):
            ours = "- loopcheck -" in line
        elif ours and not line.startswith("::"):
            parts.append(line)
    return "\n".join(parts)


def test_a_run_of_pytest(tmp_path: Path, planted: Planted) -> None:
    odd = tmp_path / f"dir {MARKUP.replace('/', '')}\x1b[31m"
    odd.mkdir()
    file = odd / "test_it.py"
    file.write_text(SUITE, encoding="utf-8")
    env = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "GITHUB_ACTIONS": "true"}
    options = [*PLUGINS, "--loopcheck-json=report.json", "--loopcheck", "--loopcheck-hang=1"]
    options += ["--junitxml=out.xml", "--color=no"]
    done = warm.run([sys.executable, "-m", "pytest", *options], tmp_path, env)
    ours = section_of(done.stdout)
    assert "LC102" in ours, done.stdout
    planted(8)
    assert not STEERS.search(ours.replace("\n", "")), ours
    commands = [line for line in done.stdout.splitlines() if line.startswith("::")]
    assert commands
    assert not [line for line in commands if STEERS.search(line)]
    said = (tmp_path / "report.json").read_text(encoding="utf-8")
    assert not STEERS.search(said.replace("\n", ""))
    found, timeline, _ = read(said)
    rich = "".join(map(_rich, found)) + picture.html(timeline)
    assert not TAG.search(rich)
    assert not STEERS.search(text.findings(found).replace("\n", ""))
    assert not STEERS.search(picture.text(timeline).replace("\n", ""))
    (tmp_path / "out.xml").read_bytes().decode("utf-8")


def _rich(found: object) -> str:
    from loopcheck.report import html as html_words

    return html_words.findings([found])  # type: ignore[list-item]


def test_sections_of_any_record(planted: Planted) -> None:
    from loopcheck.report import html as html_words
    from loopcheck.report import sections

    loop = LoopRecord(label=RAW, role=RAW, kind=RAW, made_at=Place(RAW, 3, RAW), thread=RAW)
    shown_as = [sections.loops([loop], machinery=True)]
    shown_as += [Section(title=RAW, columns=("a", "b"), rows=((RAW, RAW),), note=RAW)]
    for one in shown_as:
        planted(1)
        assert not STEERS.search(text.section(one).replace("\n", ""))
        rich = html_words.section(one)
        assert not TAG.search(rich)
        assert not STEERS.search(html.unescape(rich).replace("\n", ""))


def test_the_class_board(planted: Planted) -> None:
    fields = {"name": RAW, "lesson": "", "requirements": {RAW: "not met"}, "hints": 0, "hand": RAW}
    row = from_fields(fields)
    planted(3)
    seen = shown.Shown((shown.Seen(row=row, minutes=1),), (RAW,))
    assert not STEERS.search(shown.as_text(seen).replace("\n", ""))
    assert not TAG.search(shown.as_html(seen))
    assert not STEERS.search(json.dumps(as_fields(row), ensure_ascii=False))
    for name in ("\x1b", "", "\u202e"):
        with pytest.raises(BoardError, match="a name that can be seen"):
            from_fields({**fields, "name": name})
