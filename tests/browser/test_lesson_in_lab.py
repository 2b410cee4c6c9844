"""The lesson as a learner meets it: a real JupyterLab in headless Chromium, light and dark.

Chromium comes from the system; `.ci/run` installs it. Set LOOPCHECK_PICTURES to a folder to keep
what the browser saw.
"""

import base64
import json
import os
import random
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

import nbformat
import pytest

from loopcheck.lab.workbook.copies import refresh

playwright = pytest.importorskip("playwright.sync_api", reason="the extra `test` is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LESSON = "lc102_loop_mismatch.ipynb"
SECONDS = 120
SIGNALS = 12  # to end Lab, one after another
LOG = "server.log"  # what Lab and its kernels said, once they have ended
PORTS = range(20000, 32000)  # below those that the system lends to others meanwhile
OURS = ".jp-OutputArea-output"
SEEN = f"() => document.querySelectorAll('{OURS}').length"
# One line for each place: how bad, which rule, where, and what to change.
STUMBLES = """async where => (await axe.run(where, {resultTypes: ['violations']})).violations
  .filter(v => ['serious', 'critical'].includes(v.impact))
  .flatMap(v => v.nodes.map(n =>
    `${v.impact} ${v.id}: ${n.html.slice(0, 200)}: ${n.failureSummary}`))"""
SHOWN = ("%asyncfixture", "%progress", "%loopcheck", "%loopcheck explain LC102", "%hint LC102")
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
# Lab's splash, which it shows while it starts and changes its theme, fades over what is drawn.
SPLASHED = """
  while (document.getElementById('jupyterlab-splash'))
    await new Promise(requestAnimationFrame); }"""
READY = (
    """async () => {
  const pause = () => new Promise(done => setTimeout(done, 100));
  while (!window.jupyterapp?.shell.currentWidget?.context) await pause();
  const context = jupyterapp.shell.currentWidget.context;
  await context.ready; await context.sessionContext.ready;
  while (context.sessionContext.session?.kernel?.status !== 'idle') await pause();"""
    + SPLASHED
)
RUN_ALL = """async () => {
  await jupyterapp.commands.execute('notebook:run-all-cells');
  return jupyterapp.shell.currentWidget.content.widgets.filter(w => w.model.type === 'code').map(
    w => ({count: w.model.executionCount,
           errors: w.model.outputs.toJSON().filter(o => o.output_type === 'error').length})); }"""
PICTURES = """() => [...document.querySelectorAll('.jp-OutputArea-output img[alt]')].map(
  i => ({alt: i.alt, width: i.naturalWidth, shown: i.getBoundingClientRect().width}))"""
THEME = (
    """async name => {
  const changed = {attributeFilter: ['data-jp-theme-name']};
  const drawn = new Promise(done => new MutationObserver((_, seen) => {
    seen.disconnect(); done(); }).observe(document.body, changed));
  await jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab ' + name});
  await drawn;"""
    + SPLASHED
)
# The darkest, the mean and the brightest pixel of a picture that the browser took of itself.
LIGHT = """async (data) => {
  const image = new Image(); image.src = 'data:image/png;base64,' + data; await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width; canvas.height = image.height;
  const pen = canvas.getContext('2d'); pen.drawImage(image, 0, 0);
  const bytes = pen.getImageData(0, 0, image.width, image.height).data;
  let least = 255, most = 0, sum = 0;
  for (let i = 0; i < bytes.length; i += 4) {
    const light = 0.21 * bytes[i] + 0.72 * bytes[i + 1] + 0.07 * bytes[i + 2];
    least = Math.min(least, light); most = Math.max(most, light); sum += light; }
  return [least, sum / (bytes.length / 4), most]; }"""


def settings(folder: Path, theme: str) -> None:
    """Write Lab's settings: its theme, no news, and all cells drawn at once."""
    values: dict[str, dict[str, Any]] = {
        **(
            {"apputils-extension/themes": {"theme": f"JupyterLab {theme}", "adaptive-theme": False}}
            if theme
            else {}  # as we ship it: that of the system
        ),
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        "docmanager-extension/plugin": {"autosave": False},
        "notebook-extension/tracker": {"windowingMode": "none"},
    }
    for name, value in values.items():
        file = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(value))


def listening(server: subprocess.Popen[str], port: int) -> None:
    """Wait until *server* answers at *port*: it says its address a moment before it listens."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and server.poll() is None:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        with suppress(subprocess.TimeoutExpired):
            server.wait(0.05)
    pytest.fail(f"JupyterLab does not listen on port {port}")


def ended(server: subprocess.Popen[str]) -> str:
    """End *server*; return the rest of its log.

    Python's handler runs once the main thread wakes. If the system gives the signal to another
    thread, nothing wakes a Lab without pages, so one signal is not enough.
    """
    for _ in range(SIGNALS):
        server.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            return server.communicate(timeout=SECONDS / SIGNALS)[1]
    server.kill()
    return server.communicate(timeout=SECONDS)[1]


@contextmanager
def lab(folder: Path, home: Path, theme: str) -> Iterator[str]:
    """Serve *folder* from a JupyterLab of its own; yield its address, with `{}` for a notebook."""
    settings(home / "settings", theme)
    token = secrets.token_hex(16)
    env = os.environ | {
        f"JUPYTER_{kind}_DIR": str(home / kind) for kind in ("CONFIG", "DATA", "RUNTIME")
    }
    env["LOOPCHECK_HOME"] = str(home / "loopcheck")
    options = (
        *("--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={random.choice(PORTS)}"),
        *(f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}"),
        *(f"--LabApp.user_settings_dir={home / 'settings'}", "--LabApp.expose_app_in_browser=True"),
    )
    server = subprocess.Popen(
        (sys.executable, "-m", "jupyterlab", *options),
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert server.stderr is not None
        for line in server.stderr:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
                listening(server, int(found[1]))
                yield f"http://127.0.0.1:{found[1]}/doc/tree/{{}}?token={token}"
                break
        else:
            pytest.fail("JupyterLab ended before it listened")
    finally:
        (home / LOG).write_text(ended(server), "utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as engine:
        running = engine.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield running
        running.close()


def opened(browser: Any, address: str, name: str) -> Any:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(SECONDS * 1000)
    page.goto(address.format(name))
    page.evaluate(READY)
    return page


def taken(page: Any, element: Any, name: str) -> tuple[float, float, float]:
    """Take a picture of *element*; return its darkest, mean and brightest pixel."""
    element.scroll_into_view_if_needed()
    png = element.screenshot()
    if folder := os.environ.get("LOOPCHECK_PICTURES"):
        Path(folder, f"{name}.png").write_bytes(png)
    least, mean, most = page.evaluate(LIGHT, base64.b64encode(png).decode())
    return float(least), float(mean), float(most)


def is_seen(page: Any, element: Any, name: str, theme: str) -> None:
    """Look whether *element* is of the *theme*, and its words can be told from their ground."""
    least, mean, most = taken(page, element, f"{name}-{theme}")
    assert (mean > 200) == (theme == "Light")
    assert (mean < 80) == (theme == "Dark")
    assert most - least > 150


def stumbles(page: Any, where: str) -> list[str]:
    """Return what axe-core calls serious or critical in the parts of *page* at *where*."""
    if not page.evaluate("() => 'axe' in window"):
        script = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
        page.evaluate(f"() => {{ {script} }}")
    told: list[str] = page.evaluate(STUMBLES, where)
    return told


def longer(lesson: Path) -> None:
    """Add to *lesson* what else we draw: its solution's verdict, tables, lists, text."""
    book = nbformat.read(lesson, as_version=4)
    solved = (NOTEBOOKS / "solutions" / lesson.name).with_suffix(".py").read_text("utf-8")
    for text in (f"%%exercise LC102\n{solved}", *SHOWN):
        book.cells.append(nbformat.v4.new_code_cell(text))
    nbformat.write(book, lesson)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[tuple[Any, Any]]:
    """Yield a page of Lab's with a lesson that was run, and what its cells came to."""
    home = tmp_path_factory.mktemp("learner")
    refresh(NOTEBOOKS, home / "workbook")
    longer(home / "workbook" / LESSON)
    with lab(home / "workbook", home / "home", "Light") as address:
        page = opened(browser, address, LESSON)
        yield page, page.evaluate(RUN_ALL)
        page.close()


def test_a_learner_runs_the_lesson_and_sees_the_picture_in_light_and_dark(
    run: tuple[Any, Any],
) -> None:
    page, cells = run
    assert [cell["count"] for cell in cells] == list(range(1, len(cells) + 1))
    assert not [cell for cell in cells if cell["errors"]]
    failed, mended, *_ = page.evaluate(PICTURES)
    assert "client" in failed["alt"]
    assert "LC102" in failed["alt"]
    assert min(failed["width"], failed["shown"], mended["shown"]) > 400
    timeline = page.locator("img[alt]").first
    is_seen(page, timeline, "timeline", "Light")
    page.evaluate(THEME, "Dark")
    is_seen(page, timeline, "timeline", "Dark")
    page.evaluate(THEME, "Light")
    assert page.locator(OURS, has_text="not yet").count() == 1


def test_outputs_of_the_lesson_are_fit_for_all_in_light_and_dark(run: tuple[Any, Any]) -> None:
    pytest.importorskip("axe_playwright_python", reason="the extra `test` is not installed")
    page, _ = run
    assert page.evaluate(SEEN) > 15
    assert stumbles(page, OURS) == []
    page.evaluate(THEME, "Dark")
    assert stumbles(page, OURS) == []
    page.evaluate(THEME, "Light")


def test_a_reader_who_trusts_nothing_sees_the_stored_picture(tmp_path: Path, browser: Any) -> None:
    folder = tmp_path / "read"
    folder.mkdir()
    shutil.copy(NOTEBOOKS / LESSON, folder)
    with lab(folder, tmp_path / "home", "Dark") as address:
        page = opened(browser, address, LESSON)
        failed, _ = page.evaluate(PICTURES)
        assert failed["shown"] > 400
        card = page.locator(".jp-OutputArea-output table", has_text="belongs to loop 1").first
        is_seen(page, card, "card-untrusted", "Dark")
        page.close()
