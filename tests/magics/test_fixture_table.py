"""`%asyncfixture`: how pytest would treat each fixture, what is wrong, and who needs whom."""

import re
import sys
import xml.etree.ElementTree as ElementTree
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest

from loopcheck import abilities
from loopcheck.labels import Labels
from loopcheck.magics.fixtures import fixture_table, fixture_view
from loopcheck.magics.fixtures.held_pytest import HeldPytest, Origin
from loopcheck.report.view import View
from notebooks import Notebook, notebook

MOST_CALLS = 2_500  # a fixture; there were 1,930
NOTEBOOK = """\
import pytest, pytest_asyncio
@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def engine(settings): yield 1
@pytest.fixture(scope="session")
def settings(): return 1
@pytest_asyncio.fixture(autouse=True)
async def client(engine): return 1
@pytest.fixture
def api(client): return 1
@pytest.fixture
def number(): return 1
"""


@pytest.fixture
def cells() -> Iterator[Notebook]:
    with notebook() as made:
        yield made


def table(cells: Notebook, line: str = "") -> str:
    return cells.run(f"%asyncfixture {line}")


def row(said: str, name: str) -> str:
    found = re.search(rf"^ +{name} .*", said, re.MULTILINE)
    assert found is not None, said
    return " ".join(found[0].split())


def conftest(folder: Path, text: str, ini: str = "") -> Path:
    (folder / "pytest.ini").write_text(f"[pytest]\n{ini}")
    (folder / "conftest.py").write_text(text)
    return folder / "conftest.py"


def test_a_notebook_without_fixtures_is_told_how_to_begin(cells: Notebook) -> None:
    assert "%%asyncfixture" in table(cells)


def test_scope_loop_needs_and_users_are_told(cells: Notebook) -> None:
    cells.run(NOTEBOOK)
    said = table(cells)
    assert row(said, "engine") == "engine @pytest_asyncio.fixture session A settings client"
    assert row(said, "client") == "client @pytest_asyncio.fixture function, autouse B engine api"
    assert row(said, "api") == "api sync function client"
    assert "A = session loop, B = function loop." in said
    assert "Across two loops: client needs engine." in said
    assert "2 sync fixtures: number and settings." in said
    assert "B client needs engine (another loop)" in said


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        ("@pytest.fixture\nasync def db(): yield 1", "LC301"),
        (
            "@pytest_asyncio.fixture(scope='module', loop_scope='function')\nasync def db(): 1",
            "LC106",
        ),
        ("@pytest_asyncio.fixture\nasync def db(event_loop): yield 1", "LC302"),
        ("@pytest_asyncio.fixture\nasync def db(engin): yield 1", "LC305"),
    ],
)
def test_what_is_wrong_is_said_before_any_test(cells: Notebook, definition: str, code: str) -> None:
    cells.run(NOTEBOOK + definition)
    said = table(cells)
    assert row(said, "db").endswith(code)
    assert re.search(rf"^{code} .*\nwhat .*`(db|engin|event_loop)`", said, re.MULTILINE), said


def test_a_sync_notebook_is_not_told_that_it_has_none(cells: Notebook) -> None:
    cells.run("import pytest\n@pytest.fixture\ndef plain(): return 1")
    assert "none yet" not in table(cells)
    assert "No loop concerns 1 sync fixture: plain." in table(cells)


def test_an_override_of_event_loop_is_said_to_have_no_effect(cells: Notebook) -> None:
    cells.run("import pytest\n@pytest.fixture(scope='session')\ndef event_loop(): yield 1")
    assert "LC302 event-loop-fixture (possible)" in table(cells)


@pytest.mark.parametrize(
    ("text", "ini"),
    [
        ("@pytest.fixture\nasync def db(): yield 1", "asyncio_mode = auto"),
        ("@pytest.fixture\ndef db(event_loop): yield 1\n@pytest.fixture\ndef event_loop(): 1", ""),
        ("@pytest.fixture\nasync def db(anyio_backend): yield 1", ""),
        (
            "@pytest.fixture\ndef anyio_backend(): return 'asyncio'\n"
            "@pytest.fixture\nasync def db(): yield 1",
            "",
        ),
        ("@pytest_asyncio.fixture(scope='session')\nasync def db(): yield 1", ""),
        ("@pytest_asyncio.fixture\nasync def db(tmp_path, request, unused_tcp_port): yield 1", ""),
    ],
)
def test_what_is_well_gets_no_alarm(cells: Notebook, tmp_path: Path, text: str, ini: str) -> None:
    conftest(tmp_path, f"import pytest, pytest_asyncio\n{text}", ini)
    assert not re.search(r"\((certain|likely)\)", table(cells, f"--from {tmp_path}"))


def test_what_others_installed_says_nothing_of_the_tests(cells: Notebook, tmp_path: Path) -> None:
    conftest(tmp_path, "import pytest\n@pytest.fixture\nasync def db(): yield 1")
    alone = table(cells, f"--from {tmp_path}")
    assert "LC301" in alone
    installed = tmp_path / ".venv"
    installed.mkdir()
    (installed / "pyvenv.cfg").touch()
    (installed / "backend.py").write_text("import anyio")
    assert table(cells, f"--from {tmp_path}") == alone


def test_without_threads_the_table_is_the_same_and_up_says_what_it_lacks(
    cells: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    conftest(tmp_path, "import pytest\n@pytest.fixture\nasync def db(): yield 1")
    shown = table(cells, f"--from {tmp_path}")
    monkeypatch.setattr(abilities, "THREADS", False)
    assert table(cells, f"--from {tmp_path}") == shown
    assert "db" in shown
    assert "this Python has none" in cells.refused(f"%asyncfixture up db --from {tmp_path}")
    conftest(tmp_path, "1 / 0")
    assert "ZeroDivisionError: division by zero" in table(cells, f"--from {tmp_path}")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "import no_such_shop",
            r"ModuleNotFoundError: No module named 'no_such_shop' \(at \S+:2\)",
        ),
        ("def broken(:", r"SyntaxError: .* \(at \S+:2\)"),
        ("1 / 0", r"ZeroDivisionError: division by zero \(at \S+:2\)"),
        ("raise SystemExit(3)", r"SystemExit: 3 \(at \S+:2\)"),
        ("pytest.skip('no docker', allow_module_level=True)", r"Skipped: no docker \(at \S+:2\)"),
        ("bad = pytest.fixture(scope='modul')(lambda: 1)", "unexpected scope value 'modul'"),
    ],
)
def test_a_conftest_that_is_not_imported_is_read(
    cells: Notebook, tmp_path: Path, line: str, words: str
) -> None:
    rest = "@pytest.fixture(scope='session')\nasync def engine(settings): yield 1\n"
    file = conftest(tmp_path, f"import pytest\n{line}\n{rest}")
    said = table(cells, f"--from {file}")
    assert re.search(words, said), said
    if "SyntaxError" not in words:
        assert row(said, "engine").startswith("engine async session settings")
        assert "names engine" in cells.refused(f"%asyncfixture up engine --from {file}")
    file.write_text("import pytest\n" + rest.replace("async ", ""))
    assert "1 sync fixture: engine" in table(cells, f"--from {file}")


def test_the_graph_is_a_picture_with_words(cells: Notebook, tmp_path: Path) -> None:
    cells.run(NOTEBOOK)
    shown = cells.shell.run_line_magic("asyncfixture", "")
    assert isinstance(shown, View)
    assert shown.html is not None
    assert "client` needs `engine" in shown.html
    source = re.search(r'base64,([^"]+)"', shown.html)
    assert source is not None
    drawn = b64decode(source[1]).decode()
    words = " ".join(ElementTree.fromstring(drawn).itertext())
    assert {"engine", "client", "api", "settings"} <= set(re.findall(r"\w+", words))
    assert drawn.count("stroke-dasharray") == 1
    assert drawn.count('class="s b glyph">B') == 2  # the legend's, and that of `client`


def calls_for_table(folder: Path, count: int) -> int:
    """Return how many functions are called to show *count* fixtures, ten to a chain."""
    lines = ["import pytest, pytest_asyncio"]
    for number in range(count):
        need = f"f{number - 1}" if number % 10 else ""
        mark = "pytest_asyncio" if number % 3 else "pytest"
        kind = "async " if number % 3 else ""
        lines.append(f"@{mark}.fixture\n{kind}def f{number}({need}):\n    yield {number}")
    folder.mkdir()
    conftest(folder, "\n".join(lines))
    held = HeldPytest(Origin(folder, "conftest.py"))
    held.start().result(30)

    def counted() -> tuple[int, str]:
        calls = 0

        def count_call(frame: object, event: str, argument: object) -> None:
            nonlocal calls
            calls += event in ("call", "c_call")

        sys.setprofile(count_call)
        try:
            table = fixture_table.read(held.place, Labels(str(folder)))
            shown = fixture_view.whole(table, "conftest.py")
        finally:
            sys.setprofile(None)
        return calls, shown.text

    calls, text = held.ask(counted).result(60)
    held.end().result(10)
    assert f"f{count - 1}" in text
    return calls


def test_two_hundred_fixtures_are_a_blink(tmp_path: Path) -> None:
    """Each costs some calls, and many cost no more than in proportion.

    Calls and not seconds: those would say how fast the machine is, and who else is busy there.
    """
    calls_for_table(tmp_path / "warm", 10)  # what is read once for all
    hundred = calls_for_table(tmp_path / "hundred", 100)
    two_hundred = calls_for_table(tmp_path / "two_hundred", 200)
    assert two_hundred < MOST_CALLS * 200
    assert two_hundred < 2.2 * hundred


STORE = """\
import contextlib, pytest, pytest_asyncio

class Store:
    async def connect(self): return self
    async def aclose(self): pass

class Reply:
    text = ""

async def opened() -> Store: return Store()
def connected() -> "Store": return Store()
async def asked() -> Reply: return Reply()

"""


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("store = Store()\n    await store.connect()\n    yield store", "never closed"),
        ("return Store()", "never closed"),
        ("yield Store()", "never closed"),
        ("store = Store()\n    yield store\n    await store.aclose()", ""),
        ("store = Store()\n    request.addfinalizer(store.aclose)\n    yield store", ""),
        ("async with contextlib.aclosing(Store()) as store:\n        yield store", ""),
        ("store = Store()\n    async with contextlib.aclosing(store):\n        yield store", ""),
        ("store = Store()\n    yield store\n    await shut_down(store)", ""),
        ("store = open_store()\n    yield store", ""),
        ("yield object()", ""),
        ("yield await opened()", "never closed"),
        ("store = await opened()\n    yield store", "never closed"),
        ("store = connected()\n    yield store", "never closed"),
        ("store = await opened()\n    yield store\n    await store.aclose()", ""),
        ("yield await asked()", ""),
    ],
)
def test_a_fixture_that_never_closes_what_it_hands_out_is_not_well(
    cells: Notebook, tmp_path: Path, body: str, verdict: str
) -> None:
    file = conftest(
        tmp_path, f"{STORE}@pytest_asyncio.fixture\nasync def db(request):\n    {body}\n"
    )
    said = table(cells, f"--from {file}")
    assert row(said, "db") == f"db @pytest_asyncio.fixture function A {verdict}".rstrip()
    assert ("and never closes it" in said) is bool(verdict)


def test_a_fixture_whose_user_closes_it_is_well(cells: Notebook, tmp_path: Path) -> None:
    file = conftest(
        tmp_path,
        f"{STORE}@pytest_asyncio.fixture\nasync def raw(): return Store()\n"
        "@pytest_asyncio.fixture\nasync def db(raw):\n    yield raw\n    await raw.aclose()\n",
    )
    assert row(table(cells, f"--from {file}"), "raw").endswith("A db")


def test_a_narrower_fixture_is_told_in_the_table(cells: Notebook) -> None:
    cells.run(
        "import pytest_asyncio\n@pytest_asyncio.fixture\nasync def narrow(): return 1\n"
        "@pytest_asyncio.fixture(scope='module', loop_scope='function')\n"
        "async def wide(narrow): return narrow\n"
    )
    said = table(cells)
    assert row(said, "wide").startswith("wide @pytest_asyncio.fixture module A narrow (function) ")
    assert "LC106, ScopeMismatch" in " ".join(said.split())
