"""Write the lessons with their stored outputs as pages that need no kernel: `make site`.

    python scripts/make_site.py [FOLDER]

They work from a disk, without a network and without scripts, in light and dark, and on paper.
"""

import argparse
import json
import re
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from nbconvert import HTMLExporter
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS, START = ROOT / "notebooks", "00_start_here"
TO_LESSON = re.compile(r'(href="[\w./-]*?)\.ipynb((?:#[^"]*)?")')
HEADING = re.compile(r"^#\s+(.+)$", re.MULTILINE)
# The sign of a link to a heading is for Lab: a reader's voice would spell it out.
ANCHOR = re.compile(r'<a class="anchor-link"[^>]*>.*?</a>')
PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>$title · loopcheck</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<nav aria-label="Lessons">$before<a href="$start.html">All lessons</a>$after</nav>
<main>
$body
</main>
</body>
</html>
""")
STYLE = """\
:root { color-scheme: light dark; color: light-dark(#1f2328, #e6edf3);
  background: light-dark(#fff, #12161c); }
body { font: 1.05rem/1.55 system-ui, sans-serif; max-width: 52rem; margin: 0 auto; padding: 1rem; }
nav { display: flex; flex-wrap: wrap; gap: 0.3rem 1.5rem; padding-bottom: 0.5rem; }
a { color: light-dark(#0a55b5, #8cc2ff); }
pre { font-size: 0.88rem; line-height: 1.4; margin: 0; padding: 0.6rem 0.8rem;
  white-space: pre-wrap; overflow-wrap: anywhere; }
pre, code { font-family: ui-monospace, monospace; }
.code_cell { margin: 1rem 0; }
.input_area pre { background: light-dark(#f9fafb, #1f242b); border-radius: 4px;
  border: 1px solid light-dark(#e3e7eb, #30363d); }
.output { border-left: 3px solid light-dark(#8a96a3, #76828f); margin-top: 0.3rem; }
.output_subarea { padding-left: 0.8rem; overflow-x: auto; }
.output_subarea pre { padding: 0.2rem 0; }
.prompt { display: none; }
.text_cell_render table { border-collapse: collapse; }
.text_cell_render th, .text_cell_render td {
  text-align: left; vertical-align: top; padding: 0.2rem 0.8rem 0.2rem 0; }
img { max-width: 100%; }
summary { cursor: pointer; }
@media print {
  nav { display: none; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .code_cell, tr, img { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
"""


def write(folder: Path) -> list[Path]:
    """Write all pages and their style into *folder*; return the pages."""
    folder.mkdir(parents=True, exist_ok=True)
    exporter: Any = HTMLExporter(template_name="basic")  # type: ignore[no-untyped-call]
    exporter.register_filter("clean_html", lambda code: code)  # ours: nothing is to be cleaned of
    files = sorted(NOTEBOOKS.glob("*.ipynb"), key=_reading_order)
    titles = {file.stem: _title(file) for file in files}
    stems = list(titles)
    for at, file in enumerate(files):
        page = _page(exporter, file, titles, stems[at - 1 : at], stems[at + 1 : at + 2])
        (folder / f"{file.stem}.html").write_text(page, encoding="utf-8")
    (folder / "index.html").write_bytes((folder / f"{START}.html").read_bytes())
    (folder / "style.css").write_text(STYLE + _colours(), encoding="utf-8")
    return sorted(folder.glob("*.html"))


def _page(
    exporter: HTMLExporter,
    file: Path,
    titles: dict[str, str],
    before: list[str],
    after: list[str],
) -> str:
    body, _ = exporter.from_filename(str(file))
    return PAGE.substitute(
        title=escape(titles[file.stem]),
        start=START,
        body=TO_LESSON.sub(r"\1.html\2", ANCHOR.sub("", body)),
        before="".join(_link("prev", "Before", stem, titles[stem]) for stem in before),
        after="".join(_link("next", "Next", stem, titles[stem]) for stem in after),
    )


def _link(rel: str, word: str, stem: str, title: str) -> str:
    return f'<a rel="{rel}" href="{stem}.html">{word}: {escape(title)}</a>'


def _reading_order(file: Path) -> tuple[bool, str]:
    """Clinics, cases and the field guide (`80_` to `92_`) come after the lessons."""
    return file.stem[0] in "89", file.stem


def _title(file: Path) -> str:
    """Return the first heading of a notebook, without its marks."""
    for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
        if found := HEADING.search("".join(cell["source"])):
            return re.sub(r"[`*]", "", found[1])
    return file.stem


def _colours() -> str:
    """Return the colours of code, for light and for dark."""
    light, dark = (
        "\n".join(HtmlFormatter(style=style).get_style_defs(".highlight").splitlines()[6:])
        for style in ("default", "github-dark")
    )
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


if __name__ == "__main__":
    words = argparse.ArgumentParser(description="Write the lessons as pages that need no kernel.")
    words.add_argument("folder", nargs="?", type=Path, default=ROOT / "site")
    target = words.parse_args().folder
    print(f"{len(write(target))} pages in {target}: open {target / 'index.html'}")
