"""The site: lessons and texts whole, no link lost, and nothing fetched from a network."""

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
import site_markdown  # noqa: E402
import try_lite  # noqa: E402

from loopcheck.modes import catalogue  # noqa: E402

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TAG = re.compile(r"<[^>]+>")
PLACES = {"docs/b.md": "b.html"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    make_site.write(folder)
    return folder


def bare(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_page_holds_its_lesson(site: Path, notebook: Path) -> None:
    page = (site / f"{notebook.stem}.html").read_text(encoding="utf-8")
    shown = bare(unescape(TAG.sub("", page)))
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            assert bare("".join(cell["source"])) in shown
        for output in cell.get("outputs", []):
            if "text/html" not in output.get("data", {}):
                said = output.get("text") or output.get("data", {}).get("text/plain", "")
                assert bare("".join(said)) in shown


def test_a_lesson_that_runs_in_a_tab_has_a_button_and_no_other_has(site: Path) -> None:
    link = 'href="lite/lab/index.html?path={}.ipynb">Run it here</a>'
    pages = {file.stem: (site / f"{file.stem}.html").read_text("utf-8") for file in NOTEBOOKS}
    found = {stem for stem, page in pages.items() if link.format(stem) in page}
    assert found == try_lite.running()
    assert [stem for stem in pages if "Run it here" in pages[stem]] == sorted(found)


def test_every_page_is_whole_and_fetches_only_files_of_the_site(site: Path) -> None:
    for file in site.glob("*.html"):
        page = file.read_text(encoding="utf-8")
        assert '<html lang="en">' in page, file.name
        assert len(re.findall(r"<h1\b", page)) == 1, file.name
        assert page.count("aria-current=page") == 1, file.name
        assert all('alt="' in image for image in re.findall(r"<img\b[^>]*>", page)), file.name
        fetched = re.findall(r'\bsrc="([^"]+)"', page)
        fetched += re.findall(r'<link\b[^>]*href="([^"]+)"', page)
        files = {one for one in fetched if not one.startswith("data:")}
        assert {"style.css", "site.js"} <= files, file.name
        assert all((site / one).is_file() for one in files), file.name


def test_every_link_between_pages_leads_to_its_anchor(site: Path) -> None:
    ids = {
        page.name: set(re.findall(r'\bid="([^"]+)"', page.read_text(encoding="utf-8")))
        for page in site.glob("*.html")
    }
    lost = []
    for page in site.glob("*.html"):
        for link in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', page.read_text(encoding="utf-8")):
            path, _, anchor = unquote(link).partition("#")
            if "://" in path or path.startswith("lite/"):  # `make lite` builds those
                continue
            target = path or page.name
            if target not in ids or (anchor and anchor not in ids[target]):
                lost.append(f"{page.name}: {link}")
    assert not lost


def test_each_mode_has_a_page_with_its_fault_a_sample_and_a_finding(site: Path) -> None:
    for mode in catalogue.modes():
        page = bare(unescape(TAG.sub("", (site / f"{mode.code.lower()}.html").read_text("utf-8"))))
        entry = catalogue.entry(mode)
        for words in (entry.title, entry.what, entry.why, entry.fix):
            assert bare(words.replace("`", "")).lower() in page.lower(), mode.code
        assert bare(f"{mode.code} {mode.slug} (") in page, mode.code
        assert "deftest_" in page, mode.code


def test_the_first_page_has_the_picture_and_the_lines_to_try(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    assert '<img src="timeline.svg"' in page
    assert "pytest --loopcheck" in page
    style = (site / "style.css").read_text(encoding="utf-8")
    assert "light-dark(" in style
    assert "@media print" in style


def test_every_page_of_the_docs_is_on_the_site(site: Path) -> None:
    known = {path for _, group in make_site.NAV for path, *_ in group}
    docs = {f"docs/{file.name}" for file in (ROOT / "docs").glob("*.md")}
    assert docs - known == set()


def test_a_link_to_a_file_that_is_not_on_the_site_is_its_words_alone() -> None:
    found = site_markdown.to_html("[a file](../x.py) and [a page](b.md#c)", "docs/a.md", PLACES.get)
    assert found == '<p>a file and <a href="b.html#c">a page</a></p>\n'
