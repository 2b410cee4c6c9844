"""Make film strips of the live panel in a real JupyterLab: five pictures in a row.

    python scripts/film_strips.py FOLDER [lc107 lc102 child]

FOLDER gets a strip of each film, light and dark. The script prints what axe-core and the browser's
console say, and ends with 1 if they say anything.
"""

import argparse
import base64
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from test_lesson_in_lab import CHROMIUM, QUIET, READY, lab, stumbles  # noqa: E402
from test_live_in_lab import PANEL, RUN  # noqa: E402

PICTURES, WIDTH, GAP = 5, 900, 12
GROUND = {"Light": "#fff", "Dark": "#111"}
START = """at => {
  jupyterapp.shell.currentWidget.content.activeCellIndex = at;
  window.ran = jupyterapp.commands.execute('notebook:run-cell'); }"""
# The lesson's own cell is over in two seconds: too fast for five pictures on a busy machine.
BLOCKED = """\
import asyncio, time

async def waiter():
    for _ in range(300):
        await asyncio.sleep(0.01)

async def cook():
    await asyncio.sleep(2)
    time.sleep(4)

await asyncio.gather(waiter(), cook())"""
# A connection belongs to the loop that opened it; two tests with a loop each share it.
SHARED = """\
%%ipytest
import asyncio
import pytest

pytestmark = pytest.mark.asyncio

class Client:
    def __init__(self):
        self.answers = asyncio.Queue()

    async def get(self, key):
        asyncio.get_running_loop().call_later(0.8, self.answers.put_nowait, key)
        return await self.answers.get()

@pytest.fixture(scope="module")
def client():
    return Client()

async def test_read(client):
    await asyncio.sleep(0.6)
    assert await client.get("tea") == "tea"

async def test_write(client):
    await asyncio.sleep(0.6)
    assert await client.get("jam") == "jam"

async def test_rest():
    await asyncio.sleep(1.2)"""
PROJECT = """\
%%project shop
# file: test_shop.py
import asyncio
import pytest

pytestmark = pytest.mark.asyncio

async def test_order():
    await asyncio.sleep(1)

async def test_forgets():
    asyncio.sleep(0.5)
    await asyncio.sleep(0.5)

async def test_pays():
    await asyncio.sleep(1)
    assert "tea" == "jam"

async def test_ships():
    await asyncio.sleep(1)"""


def films() -> dict[str, tuple[tuple[str, ...], int]]:
    """Return the cells of each film, the last of which it shows, and milliseconds in between."""
    lab_magics, live = "%load_ext loopcheck.lab", "%loopcheck live"
    return {
        "lc107": ((lab_magics, live, BLOCKED), 1_400),
        "lc102": ((lab_magics, live, SHARED), 900),
        "child": ((lab_magics, PROJECT, live, "%pytest shop"), 1_500),
    }


def film(page: Any, cells: Sequence[str], pause: int) -> list[bytes]:
    """Run the cells, and return a picture of the panel every *pause* milliseconds."""
    *before, last = range(len(cells))
    for at in before:
        page.evaluate(RUN, at)
    page.evaluate(START, last)
    panel = page.locator(PANEL).first
    panel.get_by_role("toolbar").wait_for()
    taken = []
    for _ in range(PICTURES):
        taken.append(panel.screenshot())
        page.wait_for_timeout(pause)
    page.evaluate("() => window.ran")
    return taken


def strip(browser: Any, taken: Sequence[bytes], theme: str, target: Path) -> None:
    """Put the pictures into one row."""
    drawn = "".join(
        f'<img width="{WIDTH}" src="data:image/png;base64,{base64.b64encode(one).decode()}">'
        for one in taken
    )
    style = f"margin:0;padding:{GAP}px;display:flex;gap:{GAP}px;align-items:start"
    page = browser.new_page(viewport={"width": PICTURES * (WIDTH + GAP) + GAP, "height": 300})
    page.set_content(f'<body style="{style};background:{GROUND[theme]}">{drawn}</body>')
    page.screenshot(path=str(target), full_page=True)
    page.close()


def make(browser: Any, folder: Path, name: str, theme: str) -> list[str]:
    """Make one strip; return what axe-core and the console said."""
    cells, pause = films()[name]
    with tempfile.TemporaryDirectory(prefix="loopcheck-") as scratch:
        notebooks = Path(scratch, "notebooks")
        notebooks.mkdir()
        book = nbformat.v4.new_notebook()
        book.cells = [nbformat.v4.new_code_cell(text) for text in cells]
        book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(book, notebooks / "film.ipynb")
        with lab(notebooks, Path(scratch, "home"), theme) as address:
            page = browser.new_page(viewport={"width": 1280, "height": 1100})
            page.set_default_timeout(60_000)
            said: list[str] = []
            page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
            page.on("pageerror", lambda one: said.append(str(one)))
            page.goto(address.format("film.ipynb"))
            page.evaluate(READY)
            strip(browser, film(page, cells, pause), theme, folder / f"{name}-{theme.lower()}.png")
            found = [*stumbles(page, PANEL), *said]
            page.close()
    return [f"{name}, {theme}: {one}" for one in found]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("only", nargs="*", help="the films to make: lc107, lc102, child")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    found: list[str] = []
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        for name in asked.only or films():
            for theme in GROUND:
                found += make(browser, asked.folder, name, theme)
                print(f"made    {name}-{theme.lower()}.png", flush=True)
        browser.close()
    print("\n".join(found) or "axe-core and the console have nothing to say.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
