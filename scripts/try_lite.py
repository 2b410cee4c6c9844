"""Runs the notebooks of the built site in a browser that reaches nothing else. `make try-lite`.

python scripts/try_lite.py [NAME…]     all, or those whose names begin so
python scripts/try_lite.py --page      only docs/lite.md, from the last results

Each notebook is opened in headless Chromium with empty storage, and all its cells run. Then its
exercise is solved with our solution. Each has a limit of time. What was seen goes into
lite/lessons.json, notebook by notebook, and the table in docs/lite.md comes from it.
"""

import argparse
import functools
import http.server
import json
import os
import re
import shutil
import sys
import threading
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from page_ages import measured_now

from loopcheck.lab import real_python

ROOT = Path(__file__).resolve().parents[1]
SITE, NOTEBOOKS = ROOT / "build" / "lite", ROOT / "notebooks"
START, SETTINGS = "00_start_here", "jupyter-lite.json"
SOLUTIONS = NOTEBOOKS / "solutions"
SEEN, REMARKS = ROOT / "lite" / "lessons.json", ROOT / "lite" / "remarks.toml"
PAGE = ROOT / "docs" / "lite.md"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome"))), None)
LONGEST = 120.0  # seconds for a notebook, and again for its exercise
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
READY = """async () => {
  const pause = () => new Promise(done => setTimeout(done, 50));
  while (!window.jupyterapp?.shell.currentWidget?.context) await pause();
  const context = jupyterapp.shell.currentWidget.context;
  await context.ready; await context.sessionContext.ready;
  while (context.sessionContext.session?.kernel?.status !== 'idle') await pause(); }"""
# The command's end and the first output that came after it began.
BEGIN = """command => {
  const began = Date.now(), cells = () => jupyterapp.shell.currentWidget.content.widgets;
  const drawn = () => document.querySelectorAll('.jp-OutputArea-output').length;
  const before = drawn();
  window.tried = {first: null, all: null};
  const timer = setInterval(() => {
    if (drawn() > before) { window.tried.first = Date.now() - began; clearInterval(timer); }
  }, 20);
  jupyterapp.commands.execute(command).finally(() => {
    window.tried.all = Date.now() - began; clearInterval(timer); }); }"""
CELLS = """() => jupyterapp.shell.currentWidget.content.widgets
  .filter(one => one.model.type === 'code').map(one => ({
    id: one.model.id, source: one.model.sharedModel.getSource(),
    count: one.model.executionCount, outputs: one.model.outputs.toJSON()}))"""
WRITE = """([begins, source]) => {
  const book = jupyterapp.shell.currentWidget.content;
  const at = book.widgets.findIndex(one => one.model.sharedModel.getSource().startsWith(begins));
  if (at < 0) throw new Error('no cell begins with ' + begins);
  book.deselectAll(); book.activeCellIndex = at;
  book.widgets[at].model.sharedModel.setSource(source); }"""
BROKEN = re.compile(r"Traceback \(most recent call last\)|INTERNALERROR|please report it")
COLOUR = re.compile(r"\x1b\[[\d;]*m")
STOPPED = "This lesson needs a real Python"
CODES = re.compile(r"\bLC\d{3}\b")
VISITS = """\
Measured on {date} in headless Chromium, served by the same machine, with
{processors} processors and a load of {load}:

| | first visit | second visit |
| --- | --- | --- |
| fetched | {cold_sent} MB | {warm_sent} MB |
| from the link to a Python that is ready | {cold_idle} s | {warm_idle} s |
| from the link to the first output of *Run All* | {cold_output} s | {warm_output} s |

The whole site is {size} MB.
"""
TABLE = """\
| notebook | runs | cells | exercise | first | all | |
| --- | --- | --- | --- | --- | --- | --- |
"""
COUNTS = re.compile(r"\b\d+ (?:passed|failed|errors?|skipped|xfailed|xpassed)\b")


@dataclass
class Tried:
    """What became of a notebook in the tab."""

    cells: int = 0
    ran: int = 0
    tracebacks: list[str] = field(default_factory=list)  # the cells that have one
    differs: list[str] = field(default_factory=list)  # other findings or counts than stored
    first: float | None = None  # seconds from Run All to the first output
    seconds: float | None = None  # to the last; None if the time was up
    solved: bool | None = None  # None: it has no exercise of its own
    asked: list[str] = field(default_factory=list)  # other addresses that the page asked for

    @property
    def runs(self) -> bool:
        """True if all cells ran, none with a traceback that a real Python doesn't show."""
        whole = self.seconds is not None and self.ran == self.cells
        return whole and not self.tracebacks and not self.asked


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="how a notebook's name begins")
    parser.add_argument("--page", action="store_true", help="only write docs/lite.md")
    parser.add_argument("-v", "--verbose", action="store_true", help="show what went wrong")
    said = parser.parse_args()
    if not said.page:
        if not (SITE / "jupyter-lite.json").exists() or CHROMIUM is None:
            print("No site in build/lite, or no Chromium. Run: make lite")
            return 2
        try_all(tuple(said.names), verbose=said.verbose)
    PAGE.write_text(page(PAGE.read_text("utf-8"), saved()), "utf-8")
    return 0


def try_all(begins: tuple[str, ...], *, verbose: bool) -> None:
    chosen = [one.stem for one in sorted(NOTEBOOKS.glob("*.ipynb"))]
    chosen = [one for one in chosen if not begins or one.startswith(begins)]
    with serving(SITE) as server, chromium() as browser:
        address = address_of(server)
        if not begins or START.startswith(begins):
            save(saved() | {"site": measure(browser, server)})
        for stem in chosen:
            seen = try_one(browser, address, stem, verbose=verbose)
            save(saved() | {stem: asdict(seen)})
            print(stem, "runs" if seen.runs else "NO", asdict(seen), flush=True)


def saved() -> dict[str, dict[str, Any]]:
    """Return what was last seen of each notebook."""
    return json.loads(SEEN.read_text("utf-8")) if SEEN.exists() else {}


def running() -> set[str]:
    """Return the notebooks that run in a tab, with an exercise that can be solved there."""
    tried = {stem: Tried(**one) for stem, one in saved().items() if stem != "site"}
    kept = {stem for stem, one in tried.items() if one.runs and one.solved is not False}
    return kept - real_python.LESSONS.keys()


def save(seen: dict[str, Any]) -> None:
    SEEN.write_text(json.dumps(seen, indent=1, sort_keys=True) + "\n", "utf-8")


# The tab


class _Server(http.server.ThreadingHTTPServer):
    sent = 0  # bytes


class _Files(http.server.SimpleHTTPRequestHandler):
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        if self.path.partition("?")[0] != f"/{SETTINGS}":
            super().do_GET()
            return
        # A learner's page does not hand out its application; a route of the browser would end its
        # cache.
        told = json.loads(Path(self.directory, SETTINGS).read_text("utf-8"))
        told["jupyter-config-data"]["exposeAppInBrowser"] = True
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_header(self, keyword: str, value: str) -> None:
        if keyword == "Content-Length" and isinstance(self.server, _Server):
            self.server.sent += int(value)
        super().send_header(keyword, value)


@contextmanager
def serving(folder: Path) -> Iterator[_Server]:
    """Serve *folder* on a free port of this machine."""
    files = functools.partial(_Files, directory=str(folder))
    with _Server(("127.0.0.1", 0), files) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def address_of(server: _Server) -> str:
    return f"http://127.0.0.1:{server.server_port}"


@contextmanager
def chromium() -> Iterator[Any]:
    """Yield a browser that finds no address but this machine's."""
    from playwright.sync_api import sync_playwright  # late: the page needs no browser

    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def tab(browser: Any, address: str, asked: list[str]) -> Iterator[Any]:
    """Yield a page with empty storage; *asked* gets each other address that it asks for."""
    context = browser.new_context(viewport={"width": 1280, "height": 1600})
    context.set_default_timeout(LONGEST * 1000)

    def note(request: Any) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            asked.append(request.url)

    context.on("request", note)
    try:
        yield context.new_page()
    finally:
        context.close()


def open_notebook(page: Any, address: str, stem: str) -> float:
    """Open a notebook; return the seconds until its kernel is idle."""
    began = time.monotonic()
    page.goto(f"{address}/lab/index.html?path={stem}.ipynb")
    page.evaluate(READY)
    return time.monotonic() - began


def run(page: Any, command: str = "notebook:run-all-cells") -> tuple[float | None, float | None]:
    """Run cells; return the seconds to the first output and to the end, None for what never came.

    The page itself stays free: Python runs in a worker.
    """
    page.evaluate(BEGIN, command)
    end = time.monotonic() + LONGEST
    while time.monotonic() < end and page.evaluate("tried.all") is None:
        page.wait_for_timeout(200)
    seen = page.evaluate("tried")
    return tuple(None if one is None else round(one / 1000, 1) for one in seen.values())  # type: ignore[return-value]


def solve(page: Any, stem: str) -> bool | None:
    """Solve the lesson's exercise with our solution; None if it has none."""
    solution = SOLUTIONS / f"{stem}.py"
    if not solution.exists():
        return None
    code = stem[:5].upper()
    begins, answer = f"%%exercise {code}", solution.read_text("utf-8")
    page.evaluate(WRITE, [begins, f"{begins}\n{answer}"])
    run(page, "notebook:run-cell")
    [cell] = [one for one in page.evaluate(CELLS) if one["source"].startswith(begins)]
    return f"{code} is solved." in words(cell)


def measure(browser: Any, server: _Server) -> dict[str, Any]:
    """Return how large the site is, and how long a first and a second visit take."""
    size = sum(file.stat().st_size for file in SITE.rglob("*") if file.is_file())
    seen: dict[str, Any] = {"size": round(size / 1e6), "processors": os.cpu_count()}
    seen["date"] = measured_now()
    seen["load"] = round(os.getloadavg()[0], 1)
    with tab(browser, address_of(server), []) as page:
        for visit in ("cold", "warm"):
            before = server.sent
            idle = open_notebook(page, address_of(server), START)
            first, _ = run(page)
            seen[f"{visit}_idle"], seen[f"{visit}_first"] = round(idle, 1), first
            seen[f"{visit}_output"] = round(idle + (first or LONGEST), 1)
            seen[f"{visit}_sent"] = round((server.sent - before) / 1e6, 1)
    return seen


def try_one(browser: Any, address: str, stem: str, *, verbose: bool = False) -> Tried:
    """Return what became of a notebook."""
    seen = Tried()
    with tab(browser, address, seen.asked) as page:
        try:
            open_notebook(page, address, stem)
            seen.first, seen.seconds = run(page)
            cells = page.evaluate(CELLS)
            read(stem, cells, seen)
            if seen.runs and real_python.LESSONS.get(stem) is None:
                seen.solved = None if stem in real_python.EXERCISES else solve(page, stem)
                cells = page.evaluate(CELLS)
        except Exception as error:  # a page that is stuck is a result, too
            seen.tracebacks.append(f"the page: {type(error).__name__}")
            cells = []
            print(error)
    for cell in cells if verbose else ():
        unsolved = seen.solved is False and cell["source"].startswith("%%exercise")
        if cell["id"] in (*seen.tracebacks, *seen.differs) or unsolved:
            print(f"--- {cell['id']}: {cell['source'][:100]!r}\n{words(cell)}")
    return seen


def read(stem: str, cells: list[dict[str, Any]], seen: Tried) -> None:
    """Compare what the cells show with what the repository stores."""
    book = json.loads((NOTEBOOKS / f"{stem}.ipynb").read_text("utf-8"))
    stored = {one["id"]: one for one in book["cells"] if one["cell_type"] == "code"}
    seen.cells, seen.ran = len(cells), sum(one["count"] is not None for one in cells)
    for cell in cells:
        before = stored.get(cell["id"], {"outputs": []})
        if is_broken(cell) and not is_broken(before):
            seen.tracebacks.append(cell["id"])
        elif before["outputs"] and told(cell) != told(before):
            seen.differs.append(cell["id"])


def words(cell: dict[str, Any]) -> str:
    """Return what the cell shows, as text."""
    parts: list[Any] = []
    for one in cell["outputs"]:
        parts.append(one.get("text") or one.get("data", {}).get("text/plain"))
        parts.append("\n".join(one.get("traceback", ())))
    return COLOUR.sub("", "\n".join("".join(one) for one in parts if one))


def is_broken(cell: dict[str, Any]) -> bool:
    shown = words(cell)
    errors = any(one["output_type"] == "error" for one in cell["outputs"])
    return (errors and STOPPED not in shown) or bool(BROKEN.search(shown))


def told(cell: dict[str, Any]) -> tuple[set[str], list[str], bool]:
    """Return the modes that a cell names, pytest's counts, and whether it shows a picture."""
    shown = words(cell)
    return set(CODES.findall(shown)), COUNTS.findall(shown), has_picture(cell)


def has_picture(cell: dict[str, Any]) -> bool:
    return any("<svg" in str(one) or "<img" in str(one) for one in cell["outputs"])


# The page


def page(text: str, seen: dict[str, dict[str, Any]]) -> str:
    """Return the page *text* with both of its measured parts anew."""
    tried = {stem: Tried(**one) for stem, one in seen.items() if stem != "site"}
    stems = sorted(file.stem for file in NOTEBOOKS.glob("*.ipynb"))
    rows = [row(one, tried[one]) if one in tried else row_of_untried(one) for one in stems]
    table = f"{TABLE}{''.join(rows)}{sums(tried)}"
    for name, part in ("visits", VISITS.format(**seen["site"])), ("lessons", table):
        before, mark, rest = text.partition(f"<!-- {name} -->\n")
        text = before + mark + part + rest[rest.index(f"<!-- /{name} -->") :]
    return text


def row(stem: str, one: Tried) -> str:
    """Return a notebook's row; what falls short is in bold."""
    why = real_python.LESSONS.get(stem)
    if why is not None:
        stops = one.tracebacks == [] and one.ran <= 1
        runs, solved, why = "no" if stops else "**traceback**", "", f"{why} Its first cell says so."
    else:
        runs = "yes" if one.runs else "**no**"
        solved = {None: "", True: "solved", False: "**not solved**"}[one.solved]
        if stem in real_python.EXERCISES:
            solved, why = "can't be graded", real_python.EXERCISES[stem]
    remarks = [why or "", remark(stem, one)]
    first = "" if one.first is None else f"{one.first:.1f} s"
    last = "" if one.seconds is None else f"{one.seconds:.0f} s"
    cells = [f"[{stem}](../notebooks/{stem}.ipynb)", runs, f"{one.ran} of {one.cells}"]
    cells += [solved, first, last, " ".join(filter(None, remarks))]
    return f"| {' | '.join(cells)} |\n"


def row_of_untried(stem: str) -> str:
    return f"| [{stem}](../notebooks/{stem}.ipynb) | not tried yet | | | | | |\n"


def remark(stem: str, one: Tried) -> str:
    """Return which cells show other findings or counts than the stored ones, and why."""
    if stem in real_python.LESSONS or not (one.differs or one.tracebacks):
        return ""
    known = remarks().get(stem)
    cells = ", ".join(f"`{name}`" for name in (*one.tracebacks, *one.differs))
    return f"Cells that differ: {cells}. {known or '**Unexplained.**'}"


def remarks() -> dict[str, str]:
    return tomllib.loads(REMARKS.read_text("utf-8"))


def sums(tried: dict[str, Tried]) -> str:
    """Return how many notebooks run, of each kind."""
    runs = {stem for stem, one in tried.items() if one.runs and stem not in real_python.LESSONS}
    lessons = [stem for stem in tried if stem.startswith("lc")]
    clinics = [stem for stem in tried if "clinic" in stem]
    same = [stem for stem in lessons if stem in runs and not tried[stem].differs]
    solved = [stem for stem in lessons if tried[stem].solved and stem in runs]
    return (
        f"\n{len(runs & set(lessons))} of {len(lessons)} lessons run to their last cell,"
        f" {len(same)} of them with all findings and counts as stored."
        f" {len(solved)} exercises are solved there."
        f" {len(runs & set(clinics))} of {len(clinics)} clinics run.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
