"""Open every lesson in a real JupyterLab in headless Chromium, light and dark, and look at it.

    python scripts/contact_sheet.py FOLDER [--run] [lc102 ...]

FOLDER gets a picture of each lesson and one contact sheet for each theme. The script prints what
would disturb a reader: sideways scrolling at 1280 px, tracebacks of more than 12 lines. It shows
the stored outputs; with --run it first runs a learner's copy, cell by cell.
"""

import argparse
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from test_lesson_in_lab import (  # noqa: E402
    CHROMIUM,
    QUIET,
    RUN_ALL,
    lab,
    opened,
)

from loopcheck.lab.workbook.copies import BESIDE, refresh  # noqa: E402

WIDTH, HIGHEST = 1280, 16_000  # pixels of the window; Chromium draws no higher picture
SMALL, GAP, ACROSS = 400, 12, 8  # pixels of a lesson on the sheet, between two, lessons in a row
ABOVE_AND_BELOW = 160  # pixels of Lab's own
LONGEST = 12  # lines of a traceback
ABOUT_TRACEBACKS: tuple[str, ...] = ()  # lessons that are about one
WIDE = """() => {
  const where = '.jp-Notebook, .jp-WindowedPanel-outer, .jp-OutputArea-output, .cm-scroller, '
    + '.jp-RenderedMarkdown, .jp-RenderedHTMLCommon pre, .jp-RenderedHTMLCommon table';
  return [...document.querySelectorAll(where)].filter(e => e.scrollWidth > e.clientWidth + 1
    && e.clientWidth > 0).map(e => {
      const cell = e.closest('.jp-Cell');
      return {what: e.className.split(' ').pop() || e.tagName.toLowerCase(),
              by: e.scrollWidth - e.clientWidth,
              cell: cell ? [...document.querySelectorAll('.jp-Notebook .jp-Cell')].indexOf(cell) + 1
                         : 0}; }); }"""
OUTPUTS = """() => jupyterapp.shell.currentWidget.content.widgets.map(
  w => w.model.type === 'code' ? w.model.outputs.toJSON() : [])"""
SHUT_DOWN = "() => jupyterapp.shell.currentWidget.context.sessionContext.shutdown()"
HEIGHT = """() => {
  const cells = [...document.querySelectorAll('.jp-Notebook .jp-Cell')].map(
    e => e.getBoundingClientRect());
  return Math.max(...cells.map(e => e.bottom)) - Math.min(...cells.map(e => e.top)); }"""
TO_THE_TOP = """() => document.querySelectorAll('.jp-WindowedPanel-outer, .jp-Notebook').forEach(
  e => { e.scrollTop = 0; })"""
RAISES = """() => jupyterapp.shell.currentWidget.content.widgets.filter(
  w => w.model.type === 'code').map(
  w => (w.model.getMetadata('tags') || []).includes('raises-exception'))"""
OLDEST = re.compile(r"^(?:Traceback \(most recent call last\)|_{3,} .* _{3,}$)")
NEWEST = re.compile(r"^(?:[\w.]+(?:Error|Exception|Warning|Exit|Interrupt)\b|E  |={3,})")


def run(page: Any, stem: str) -> Iterator[str]:
    """Run all cells; yield where that failed."""
    meant = page.evaluate(RAISES)
    for number, (cell, raises) in enumerate(zip(page.evaluate(RUN_ALL), meant, strict=True), 1):
        if not cell["count"]:
            yield f"{stem}: Run All did not come to code cell {number}"
        elif cell["errors"] and not raises:
            yield f"{stem}: code cell {number} ended in an error"


def look(page: Any, stem: str) -> Iterator[str]:
    """Yield what would disturb a reader of the open lesson."""
    for found in page.evaluate(WIDE):
        place = f"cell {found['cell']}" if found["cell"] else "the notebook"
        yield f"{stem}: {place} scrolls sideways, by {found['by']} px ({found['what']})"
    for number, outputs in enumerate(page.evaluate(OUTPUTS), 1):
        longest = max(map(lines_of_traceback, map(text_of, outputs)), default=0)
        if longest > LONGEST and stem not in ABOUT_TRACEBACKS:
            yield f"{stem}: cell {number} has a traceback of {longest} lines"


def text_of(output: dict[str, Any]) -> str:
    """Return the text of an output, without colours."""
    if output["output_type"] == "error":
        text: Any = "\n".join(output["traceback"])
    else:
        text = output.get("text") or output.get("data", {}).get("text/plain", "")
    whole = text if isinstance(text, str) else "".join(text)
    return re.sub(r"\x1b\[[0-9;]*m", "", whole)


def lines_of_traceback(text: str) -> int:
    """Return the lines of the longest traceback in *text*, Python's or pytest's."""
    longest, start = 0, None
    for number, line in enumerate(text.splitlines()):
        if start is not None and NEWEST.match(line):
            longest, start = max(longest, number - start), None
        if OLDEST.match(line):
            start = number
    return longest


def picture(page: Any, file: Path) -> None:
    """Save a picture of the whole open lesson."""
    height = min(HIGHEST, int(page.evaluate(HEIGHT)) + ABOVE_AND_BELOW)
    page.set_viewport_size({"width": WIDTH, "height": max(900, height)})
    page.wait_for_function("() => document.querySelector('.jp-Notebook').clientHeight > 0")
    page.evaluate(TO_THE_TOP)  # Run All leaves it at the last cell
    page.screenshot(path=str(file))


def sheet(browser: Any, files: list[Path], target: Path) -> None:
    """Put the pictures side by side, in rows, scaled to the same width."""
    style = f"display:flex;flex-wrap:wrap;align-items:start;gap:{GAP}px;background:#888"
    drawn = "".join(f'<img src="{file.name}" width="{SMALL}">' for file in files)
    html = target.with_suffix(".html")  # stays beside the picture, with the pictures to scroll to
    html.write_text(f'<body style="margin:0;{style}">{drawn}</body>', encoding="utf-8")
    page = browser.new_page(viewport={"width": (SMALL + GAP) * ACROSS, "height": 900})
    page.goto(html.resolve().as_uri())
    page.screenshot(path=str(target), full_page=True)
    page.close()


def stored(target: Path) -> None:
    """Copy the lessons from the repository, with their outputs."""
    target.mkdir()
    for file in [*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "notebooks" / b for b in BESIDE)]:
        shutil.copy(file, target)


def theme_of(theme: str, browser: Any, asked: argparse.Namespace) -> list[str]:
    """Look at all lessons in *theme*; return the problems."""
    told, files = [], []
    with tempfile.TemporaryDirectory(prefix="loopcheck-") as name:
        workbook = Path(name, "workbook")
        if asked.run:
            refresh(ROOT / "notebooks", workbook)
        else:
            stored(workbook)
        stems = sorted(file.stem for file in workbook.glob("*.ipynb"))
        with lab(workbook, Path(name, "home"), theme) as address:
            for stem in [one for one in stems if not asked.only or one.startswith(asked.only)]:
                page = opened(browser, address, f"{stem}.ipynb")
                if asked.run:
                    told += list(run(page, stem))
                told += list(look(page, stem))
                files.append(asked.folder / f"{stem}-{theme.lower()}.png")
                picture(page, files[-1])
                page.evaluate(SHUT_DOWN)
                page.close()
                print(f"seen    {files[-1].name}", flush=True)
    sheet(browser, files, asked.folder / f"contact-sheet-{theme.lower()}.png")
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("only", nargs="*", help="lc102: the lessons whose names begin so")
    parser.add_argument("--run", action="store_true", help="run a learner's copy first")
    parser.add_argument("--theme", choices=("Light", "Dark"), action="append")
    asked = parser.parse_intermixed_args()
    asked.only = tuple(asked.only)
    asked.folder.mkdir(parents=True, exist_ok=True)
    told: list[str] = []
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        for theme in asked.theme or ("Light", "Dark"):
            told += [f"{theme}: {line}" for line in theme_of(theme, browser, asked)]
        browser.close()
    print("\n".join(told) or "Nothing scrolls sideways, no traceback is too long.")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
