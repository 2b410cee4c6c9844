"""The lessons as pages: whole, at rest without a network, and fit for everyone's eyes and ears."""

import json
import re
import sys
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))
import make_site  # noqa: E402

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TAG = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    make_site.write(folder)
    return folder


def bare(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_page_holds_its_lesson_and_asks_for_nothing_else(site: Path, notebook: Path) -> None:
    page = (site / f"{notebook.stem}.html").read_text(encoding="utf-8")
    shown = bare(unescape(TAG.sub("", page)))
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            assert bare("".join(cell["source"])) in shown
        for output in cell.get("outputs", []):
            if "text/html" not in output.get("data", {}):
                said = output.get("text") or output.get("data", {}).get("text/plain", "")
                assert bare("".join(said)) in shown
    assert "<script" not in page
    assert '<html lang="en">' in page
    assert len(re.findall(r"<h1\b", page)) == 1
    assert all('alt="' in image for image in re.findall(r"<img\b[^>]*>", page))
    fetched = re.findall(r'\bsrc="([^"]+)"', page) + re.findall(r'<link\b[^>]*href="([^"]+)"', page)
    assert {one for one in fetched if not one.startswith("data:")} == {"style.css"}


def test_every_link_between_pages_leads_somewhere(site: Path) -> None:
    lost = []
    for page in site.glob("*.html"):
        for link in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', page.read_text(encoding="utf-8")):
            path = unquote(link.partition("#")[0])
            if path and "://" not in path and not (site / path).exists():
                lost.append(f"{page.name}: {link}")
    assert not lost


def test_the_first_page_is_where_one_starts(site: Path) -> None:
    assert (site / "index.html").read_bytes() == (site / "00_start_here.html").read_bytes()
    style = (site / "style.css").read_text(encoding="utf-8")
    assert "prefers-color-scheme: dark" in style
    assert "@media print" in style
