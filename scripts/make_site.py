"""Write the site: what a user looks for, from the texts that are there. `make site`.

    python scripts/make_site.py [FOLDER]

Its pages are the README, docs/, a page for each mode, and the lessons with their stored outputs.
They work from a disk and without a network, in light and dark, and on paper. Without scripts only
the search and the choice of the theme are missing.
"""

import argparse
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from string import Template
from typing import Any

import try_lite
from nbconvert import HTMLExporter
from site_markdown import TAG, code_block, colours, to_html

from loopcheck.modes import catalogue
from loopcheck.modes.catalogue import Mode
from loopcheck.report import json as json_words
from loopcheck.report import text

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS, START = ROOT / "notebooks", "00_start_here"
ASSETS = Path(__file__).with_name("site_assets")
SAMPLES = ROOT / "tests" / "modes"
# The pages from markdown, and under which heading the reader finds them.
NAV = (
    (
        "Begin",
        (
            ("README.md", "index", "Overview"),
            ("docs/install.md", "install", "Install"),
            (f"notebooks/{START}.ipynb", START, "First failure in five minutes"),
        ),
    ),
    (
        "Look it up",
        (
            ("", "modes", "Failure modes"),
            ("docs/fix.md", "fix", "Mend a test"),
            ("docs/reference.md", "reference", "Magics and options"),
            ("docs/teams.md", "teams", "Teams and CI"),
            ("docs/attach.md", "attach", "A process that hangs"),
            ("docs/live.md", "live", "A live panel"),
            ("docs/reporters.md", "reporters", "Reporters, agents, editors"),
            ("docs/mcp.md", "mcp", "For coding agents"),
            ("docs/servers.md", "servers", "Real servers"),
        ),
    ),
    (
        "Learn",
        (
            ("", "lessons", "Lessons"),
            ("docs/lite.md", "lite", "In a browser tab"),
            ("workshop/README.md", "workshop", "Workshops"),
            ("workshop/plans.md", "workshop_plans", "Workshop plans"),
        ),
    ),
    (
        "Judge it",
        (
            ("docs/how_it_knows.md", "how_it_knows", "How it knows"),
            ("docs/benchmarks.md", "benchmarks", "What it costs"),
            ("docs/accuracy.md", "accuracy", "How accurate it is"),
            ("docs/comparison.md", "comparison", "Other tools, word for word"),
            ("docs/others.md", "others", "Other people's suites"),
            ("docs/real_faults.md", "real_faults", "Real faults"),
            ("docs/mutants.md", "mutants", "Planted faults"),
            ("docs/hangs.md", "hangs", "Hangs"),
            ("docs/versions.md", "versions", "Versions"),
            ("docs/reliability.md", "reliability", "Reliability"),
            ("docs/exercises.md", "exercises", "Wrong answers"),
        ),
    ),
    (
        "Take part",
        (
            ("CONTRIBUTING.md", "contributing", "Contributing"),
            ("CHANGELOG.md", "changelog", "Changelog"),
            ("SECURITY.md", "security", "Security"),
        ),
    ),
)
UNSEARCHED = ("comparison",)  # quotes of other tools: each search would end there
LONGEST = 4_000  # characters of a section that a search reads
# A reader who pastes an error wants its mode first.
WEIGHT_OF_MODE, WEIGHT_OF_ERRORS, ERRORS = 2.0, 5.0, "what-you-see"
# To the workbook in a browser tab, which `make lite` builds.
LITE = ROOT / "build" / "lite"
RUN = '<a class="run-here" href="lite/lab/index.html?path={}">Run it here</a>'
TO_LESSON = re.compile(r'(href="[\w./-]*?)\.ipynb((?:#[^"]*)?")')
HEADING = re.compile(r"^#\s+(.+)$", re.MULTILINE)
SECTION = re.compile(r'<h([123])[^>]*\bid="([^"]*)"[^>]*>(.*?)</h\1>', re.DOTALL)
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
<script src="site.js"></script>
</head>
<body>
<header>
<a class="skip" href="#content">Skip to the content</a>
<a class="home" href="index.html">loopcheck</a>
<div role="search" hidden>
<input id="query" type="search" autocomplete="off" spellcheck="false" aria-label="Search: an error,
a code or a word" placeholder="Search: paste an error ( / )">
<div id="results" role="region" aria-label="Search results" hidden></div>
</div>
<button id="theme" type="button" hidden>Theme: auto</button>
</header>
<nav class="site-nav" aria-label="Pages">
$nav
</nav>
<main id="content">
$body
</main>
</body>
</html>
""")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site: its file, its title and the HTML of its content."""

    name: str
    title: str
    body: str


def write(folder: Path) -> list[Path]:
    """Write all pages and what they need into *folder*; return the pages."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = [*_documents(), *_modes(), *_lessons()]
    for page in pages:
        whole = PAGE.substitute(title=escape(page.title), nav=_nav(page.name), body=page.body)
        (folder / f"{page.name}.html").write_text(whole, encoding="utf-8")
    for picture in sorted((ROOT / "docs").glob("*.svg")):
        shutil.copy(picture, folder)
    style = (ASSETS / "style.css").read_text(encoding="utf-8")
    (folder / "style.css").write_text(f"{style}{colours()}\n", encoding="utf-8")
    shutil.copy(ASSETS / "site.js", folder)
    index = [section for page in pages for section in _sections(page)]
    data = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    (folder / "search_index.js").write_text(f"window.searchIndex = {data};\n", encoding="utf-8")
    return [folder / f"{page.name}.html" for page in pages]


def _nav(current: str) -> str:
    """Return the links to the pages; on a mode's or a lesson's page their list is the current."""
    shown = {name for _, group in NAV for _, name, _ in group}
    if current not in shown:
        current = "modes" if re.fullmatch(r"lc\d{3}", current) else "lessons"
    parts = []
    for heading, group in NAV:
        links = "".join(
            f'<li><a href="{name}.html"{" aria-current=page" if name == current else ""}>'
            f"{escape(title)}</a></li>"
            for _, name, title in group
        )
        parts.append(f"<h2>{heading}</h2>\n<ul>{links}</ul>")
    return "\n".join(parts)


def _places() -> dict[str, str]:
    """Return the page, or picture, of each path of the repository that is on the site."""
    documents = {path: f"{name}.html" for _, group in NAV for path, name, _ in group if path}
    lessons = {f"notebooks/{file.name}": f"{file.stem}.html" for file in NOTEBOOKS.glob("*.ipynb")}
    pictures = {f"docs/{file.name}": file.name for file in (ROOT / "docs").glob("*.svg")}
    return lessons | documents | pictures


def _documents() -> Iterator[Page]:
    places = _places()
    for _, group in NAV:
        for path, name, title in group:
            if path.endswith(".md"):
                words = (ROOT / path).read_text(encoding="utf-8")
                yield Page(name, title, to_html(words, path, places.get))


# Modes


def _modes() -> Iterator[Page]:
    """Yield the list of all modes, and a page for each."""
    parts = ['<h1 id="failure-modes">Failure modes</h1>']
    parts.append("<p>Search for the words of your error, or choose a mode by its fault.</p>")
    for family, about in catalogue.FAMILIES.items():
        members = [mode for mode in catalogue.modes() if mode.family == family]
        rows = "\n".join(
            f"| [{one.code}]({one.code.lower()}) | {one.slug} | {catalogue.title(one)} |"
            for one in members
        )
        parts.append(
            _markdown(f"## {family} {about}\n\n| code | mode | fault |\n|---|---|---|\n{rows}")
        )
    yield Page("modes", "Failure modes", "\n".join(parts))
    known = json.loads((SAMPLES / "golden.json").read_text(encoding="utf-8"))
    for mode in catalogue.modes():
        yield Page(mode.code.lower(), f"{mode.code} {mode.slug}", _mode(mode, known))


def _mode(mode: Mode, known: dict[str, list[dict[str, Any]]]) -> str:
    """Return the reference page of *mode*, a sample with its finding, and the way to its lesson."""
    entry = catalogue.entry(mode)
    seen = "\n".join(f"- `{' … '.join(one.split(' + '))}`" for one in entry.says)
    lesson = f"[{mode.stem}]({mode.stem})" if mode.has_lesson else "There is none yet."
    head = f"""# {mode.code} {mode.slug}

{_sentence(entry.title)}

## What you see

{seen or "Nothing: the tests pass."}

## What

{_sentence(entry.what)}

## Why

{_sentence(entry.why)}

## Fix

{_sentence(entry.fix)}
"""
    parts = [_markdown(head), '<h2 id="an-example">An example</h2>']
    sample = next(
        SAMPLES / mode.stem / name
        for name in ("bad", "bad.py")
        if (SAMPLES / mode.stem / name).exists()
    )
    for file in [sample] if sample.is_file() else sorted(sample.rglob("*.py")):
        name = file.relative_to(sample if sample.is_dir() else sample.parent).as_posix()
        parts.append(f"<p><code>{name}</code></p>")
        parts.append(code_block(file.read_text(encoding="utf-8"), "python"))
    for found in known.get(f"{mode.stem}/bad", [])[:1]:
        finding = json_words.read_finding({"slug": mode.slug, "phase": "call", **found})
        parts.append("<p>loopcheck reports:</p>" + code_block(text.finding(finding), "text"))
    parts.append(_markdown(f"## Lesson\n\n{lesson}"))
    return "\n".join(parts)


def _sentence(words: str) -> str:
    """Return *words*, which follow a label in a terminal, as a sentence."""
    return words[0].upper() + words[1:]


def _markdown(words: str) -> str:
    return to_html(words, "", lambda path: f"{path}.html")


# Lessons


def _lessons() -> Iterator[Page]:
    """Yield the list of lessons, and each with its stored outputs."""
    exporter: Any = HTMLExporter(template_name="basic")  # type: ignore[no-untyped-call]
    exporter.register_filter("clean_html", lambda code: code)  # our outputs need no cleaning
    files = sorted(NOTEBOOKS.glob("*.ipynb"), key=_reading_order)
    titles = {file.stem: _title(file) for file in files}
    items = "\n".join(f"- [{escape(title)}]({stem})" for stem, title in titles.items())
    words = "The lessons with their outputs, to read. To run them, see [Install](install)."
    words += " Many also run [in a browser tab](lite)."
    yield Page("lessons", "Lessons", _markdown(f"# Lessons\n\n{words}\n\n{items}"))
    stems, in_a_tab = list(titles), try_lite.running()
    for at, file in enumerate(files):
        before = "".join(_link("prev", "Before", stem, titles[stem]) for stem in stems[:at][-1:])
        after = "".join(_link("next", "Next", stem, titles[stem]) for stem in stems[at + 1 :][:1])
        around = (
            f'<nav aria-label="Lessons">{before}<a href="lessons.html">All lessons</a>{after}'
            f"{RUN.format(file.name) if file.stem in in_a_tab else ''}</nav>"
        )
        body, _ = exporter.from_filename(str(file))
        words = TO_LESSON.sub(r"\1.html\2", ANCHOR.sub("", body))
        yield Page(file.stem, titles[file.stem], f"{around}\n{words}")


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


# What a search reads


def _sections(page: Page) -> Iterator[tuple[str, str, str, str, str, float]]:
    """Yield file, anchor, title, heading, text and weight of each section of *page*."""
    if page.name in UNSEARCHED:
        return
    weight = WEIGHT_OF_MODE if re.fullmatch(r"lc\d{3}", page.name) else 1.0
    heads = list(SECTION.finditer(page.body))
    for at, head in enumerate(heads):
        end = heads[at + 1].start() if at + 1 < len(heads) else len(page.body)
        words = " ".join(unescape(TAG.sub(" ", page.body[head.end() : end])).split())[:LONGEST]
        heading = " ".join(unescape(TAG.sub("", head[3])).split())
        anchor = "" if head[1] == "1" else head[2]
        heavy = WEIGHT_OF_ERRORS if anchor == ERRORS else weight
        yield f"{page.name}.html", anchor, page.title, heading, words, heavy


if __name__ == "__main__":
    words = argparse.ArgumentParser(description="Write the site, to read without a server.")
    words.add_argument("folder", nargs="?", type=Path, default=ROOT / "site")
    target = words.parse_args().folder
    print(f"{len(write(target))} pages in {target}: open {target / 'index.html'}")
    if LITE.is_dir():
        shutil.rmtree(target / "lite", ignore_errors=True)
        shutil.copytree(LITE, target / "lite")
        print(f"With the workbook for a browser tab: {target / 'lite'}")
