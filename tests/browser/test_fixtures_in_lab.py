"""The table and the graph of fixtures in a real JupyterLab: seen, in light and in dark."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from test_lesson_in_lab import (
    CHROMIUM,
    PICTURES,
    RUN_ALL,
    THEME,
    browser,
    is_seen,
    lab,
    opened,
    playwright,
)

__all__ = ["browser", "playwright"]  # a fixture, and the skip where its package is missing
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")
CELLS = (
    "%load_ext loopcheck",
    """\
%%asyncfixture
import pytest, pytest_asyncio
@pytest.fixture(scope="session")
def settings(): return {}
@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def engine(settings): yield 1
@pytest_asyncio.fixture
async def client(engine): yield 1
@pytest.fixture
async def forgotten(engine): yield 1""",
    "%asyncfixture up client",
    "%asyncfixture",
)


def test_the_table_and_the_graph_are_seen_in_light_and_dark(tmp_path: Path, browser: Any) -> None:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    book = nbformat.v4.new_notebook()
    book.cells = [nbformat.v4.new_code_cell(text) for text in CELLS]
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}  # else it asks
    nbformat.write(book, folder / "fixtures.ipynb")
    (folder / "pytest.ini").write_text("[pytest]\nasyncio_mode = strict\n")
    with lab(folder, tmp_path / "home", "Light") as address:
        page = opened(browser, address, "fixtures.ipynb")
        cells = page.evaluate(RUN_ALL)
        assert not [cell for cell in cells if cell["errors"]]
        [graph] = page.evaluate(PICTURES)
        assert "`client` needs `engine`" in graph["alt"]
        assert min(graph["width"], graph["shown"]) > 400
        parts = {
            "graph": page.locator("img[alt]").first,
            "table": page.locator("table", has_text="up, here").first,
            "up": page.locator("table", has_text="loop in pytest").first,
            "cell": page.locator("table", has_text="in strict mode").first,
        }
        for name, part in parts.items():
            is_seen(page, part, f"fixtures-{name}", "Light")
        page.evaluate(THEME, "Dark")
        for name, part in parts.items():
            is_seen(page, part, f"fixtures-{name}", "Dark")
        page.close()
