"""What the README shows is what a run says.

`make pages` writes those parts, and the picture, anew.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import loopcheck.servers
from loopcheck.modes import catalogue
from loopcheck.report import json as json_words
from loopcheck.report import text, timeline

ROOT = Path(__file__).parents[1]
README, PICTURE = ROOT / "README.md", ROOT / "docs" / "timeline.svg"
CART = """\
import os

import pytest
import valkey.asyncio as valkey

client = valkey.from_url(os.environ["VALKEY_URL"])


@pytest.mark.asyncio(loop_scope="module")
async def test_fill():
    assert await client.set("cart:ada", "apples")


@pytest.mark.asyncio
async def test_read():
    assert await client.get("cart:ada") == b"apples"


@pytest.mark.asyncio
async def test_read_again():
    assert await client.get("cart:ada") == b"apples"
"""
PYTEST = (
    "-m",
    "pytest",
    "-q",
    "--tb=line",
    "-p",
    "no:cacheprovider",
    "-p",
    "pytest_asyncio.plugin",
)


@cache
def cart() -> tuple[str, str]:
    """Return the error that pytest shows for the cart, and loopcheck's report."""
    with tempfile.TemporaryDirectory() as folder, loopcheck.servers.valkey(quiet=True) as server:
        Path(folder, "test_cart.py").write_text(CART)
        Path(folder, "pytest.ini").write_text(
            "[pytest]\nasyncio_default_fixture_loop_scope = function\n"
        )
        env = os.environ | {"VALKEY_URL": server.url, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        options = ("-p", "loopcheck.plugin", "--loopcheck-json=report.json")
        said = subprocess.run(
            (sys.executable, *PYTEST, *options),
            cwd=folder,
            env=env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        ).stdout
        error = re.search(r"^E +(RuntimeError: .*)$", said, re.MULTILINE)
        assert error is not None, said
        return error[1], Path(folder, "report.json").read_text()


def parts() -> Iterator[tuple[str, str]]:
    """Yield each part of the README that a run or the catalogue decides."""
    error, report = cart()
    [found], _, _ = json_words.read(report)
    yield "pytest", fenced(in_short(error))
    yield "loopcheck", fenced(text.finding(found))
    yield "modes", modes()


def in_short(error: str) -> str:
    """Return the error without what differs from run to run, at a width that can be read."""
    bare = re.sub(r"Task-\d+", "Task-…", error)
    bare = re.sub(r"running at \S+>", "running at …>", bare)
    bare = re.sub(r" cb=\[.*?\]>", ">", bare)
    return bare.replace(" got Future", "\n              got Future")


def fenced(said: str) -> str:
    return f"```text\n{said}\n```"


def modes() -> str:
    rows = [
        f"| {mode.code} | {mode.slug} | {catalogue.title(mode).rstrip('.')} | {lesson(mode.stem)} |"
        for mode in catalogue.modes()
    ]
    return "\n".join(["| code | mode | the fault | lesson |", "|---|---|---|---|", *rows])


def lesson(stem: str) -> str:
    written = (ROOT / "notebooks" / f"{stem}.ipynb").is_file()
    return f"[{stem}](notebooks/{stem}.ipynb)" if written else "not written yet"


def renewed(page: str) -> str:
    """Return *page* with each of its parts as it should be."""
    for name, said in parts():
        between = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        page, count = between.subn(lambda found, said=said: f"{found[1]}{said}\n{found[2]}", page)  # type: ignore[misc]
        assert count == 1, name
    return page


def picture() -> bytes:
    _, record, _ = json_words.read(cart()[1])
    return timeline.svg(record).encode()


def test_the_readme_shows_what_a_run_says() -> None:
    page = README.read_text(encoding="utf-8")
    assert page == renewed(page), "run: make pages"


def test_the_picture_is_that_of_the_same_run() -> None:
    assert PICTURE.read_bytes() == picture(), "run: make pages"


def test_the_readme_says_what_the_picture_shows() -> None:
    _, record, _ = json_words.read(cart()[1])
    alt = re.search(r'alt="([^"]+)"', README.read_text(encoding="utf-8"))
    assert alt is not None
    marks = {mark.name for mark in record.marks}
    assert all(name in alt[1] for name in (*marks, "loop 1", "loop 2", "test_read"))


def test_the_cart_is_that_of_the_lesson() -> None:
    lesson = json.loads((ROOT / "notebooks" / "lc102_loop_mismatch.ipynb").read_text("utf-8"))
    code = "\n".join("".join(cell["source"]) for cell in lesson["cells"])
    bodies = re.findall(r"^(async def test_\w+\(\):\n    .+)$", CART, re.MULTILINE)
    assert len(bodies) == 3
    assert all(body in code for body in bodies)


if __name__ == "__main__":
    README.write_text(renewed(README.read_text(encoding="utf-8")), encoding="utf-8")
    PICTURE.write_bytes(picture())
