"""`%asyncfixture up` and `down`: set up by pytest itself, on the loop of the cells."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from notebooks import Notebook, notebook

SHOP = """\
import asyncio, sqlite3
import pytest, pytest_asyncio
log = []
def home():
    return asyncio.get_running_loop()
@pytest.fixture(scope="session")
def settings():
    log.append("+settings")
    yield {"url": "shop"}
    log.append("-settings")
@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def engine(settings):
    log.append("+engine")
    yield home()
    assert home() is HERE
    log.append("-engine")
@pytest_asyncio.fixture
async def client(engine):
    log.append("+client")
    yield home()
    log.append("-client")
@pytest_asyncio.fixture
async def returned(settings):
    return home()
@pytest_asyncio.fixture
async def factory():
    made = []
    async def make(name):
        made.append(name)
        return home()
    yield make
    log.append(f"-{made}")
@pytest_asyncio.fixture
async def breaks(client):
    log.append("+breaks")
    raise ValueError("no such shop")
    yield
@pytest_asyncio.fixture
async def breaks_later():
    yield "fine"
    raise ValueError("still open")
@pytest.fixture(params=["lite", "pg"])
def kind(request):
    return request.param
@pytest_asyncio.fixture
async def store(kind):
    yield f"store of {kind}"
@pytest_asyncio.fixture(params=["x", "y"])
async def shelf(store, request):
    return f"{request.param} in {store}"
@pytest.fixture
def connection(request):
    made = sqlite3.connect(":memory:")
    request.addfinalizer(made.close)
    return made
@pytest.fixture
def chosen(request):
    return request.getfixturevalue("client")
@pytest.fixture
def runs_its_own():
    return asyncio.run(asyncio.sleep(0, "ran"))
@pytest_asyncio.fixture
async def of_a_test(request):
    marker = request.node.get_closest_marker("shop")
    return marker.args[0]
@pytest.fixture
def needs_param(request):
    return request.param
@pytest.fixture
async def undecorated():
    yield 1
@pytest.fixture
def skips():
    pytest.skip("no docker here")
@pytest_asyncio.fixture
async def leaves(request):
    raise SystemExit(3)
@pytest_asyncio.fixture
async def of_a_module(request):
    return request.module.TABLE
@pytest_asyncio.fixture
async def in_a_circle(back_again):
    yield
@pytest_asyncio.fixture
async def back_again(in_a_circle):
    yield
@pytest_asyncio.fixture
async def needs_nothing_there(nothing_there):
    yield
@pytest_asyncio.fixture
async def yields_nothing():
    if not home():
        yield
@pytest_asyncio.fixture
async def refused():
    async with asyncio.TaskGroup() as group:
        group.create_task(connect())
async def connect():
    raise ConnectionRefusedError(111, "Connection refused")
@pytest_asyncio.fixture
async def quiet(capsys):
    return 1
"""


@pytest.fixture
def cells() -> Iterator[Notebook]:
    with notebook() as made:
        made.run(SHOP)
        made.run("HERE = asyncio.get_running_loop(); await asyncio.sleep(0)")
        yield made


def test_a_fixture_and_what_it_needs_are_set_up_on_the_loop_of_the_cells(cells: Notebook) -> None:
    said = cells.run("%asyncfixture up client")
    assert cells["log"] == ["+settings", "+engine", "+client"]
    assert cells.run("assert client is asyncio.get_running_loop(); await asyncio.sleep(0)") == ""
    assert "client is up" in said
    assert "session and function" in said  # pytest would have used two loops


def test_down_tears_down_in_reverse_and_gives_the_name_back(cells: Notebook) -> None:
    before = cells["client"]
    cells.run("%asyncfixture up client")
    said = cells.run("%asyncfixture down client")
    assert cells["log"][3:] == ["-client", "-engine", "-settings"]
    assert cells["client"] is before
    assert "client, engine, settings" in said


def test_what_others_need_stays_up(cells: Notebook) -> None:
    cells.run("%asyncfixture up client\n%asyncfixture up engine")
    cells.run("%asyncfixture down client")
    assert cells["log"] == ["+settings", "+engine", "+client", "-client"]
    cells.run("%asyncfixture up client")
    assert cells["log"][4:] == ["+client"]
    said = cells.run("%asyncfixture down engine")
    assert cells["log"][5:] == ["-client", "-engine", "-settings"]
    assert said.startswith("down: client, engine")


def test_a_name_that_was_free_is_free_again(cells: Notebook) -> None:
    cells.run("gone = client; del client, gone")
    assert "No fixture `client`" in cells.refused("%asyncfixture up client")


def test_a_name_that_was_given_away_meanwhile_is_left_alone(cells: Notebook) -> None:
    cells.run("%asyncfixture up client\nclient = 'mine'")
    cells.run("%asyncfixture down client")
    assert cells["client"] == "mine"


def test_up_twice_does_nothing_the_second_time(cells: Notebook) -> None:
    cells.run("%asyncfixture up client")
    assert "up already" in cells.run("%asyncfixture up client")
    assert cells["log"].count("+client") == 1


def test_a_definition_that_was_changed_is_used_after_down(cells: Notebook) -> None:
    cells.run("%asyncfixture up engine\n%asyncfixture up returned")
    cells.run("@pytest_asyncio.fixture\nasync def returned(): return 'new'")
    assert "another definition" in cells.run("%asyncfixture up returned")
    cells.run("%asyncfixture down returned\n%asyncfixture up returned")
    assert cells["returned"] == "new"


def test_what_is_returned_and_factories_work(cells: Notebook) -> None:
    cells.run("%asyncfixture up returned factory")
    cells.run("assert await factory('a') is returned")
    cells.run("%asyncfixture down --all")
    assert cells["log"][-1] == "-settings"
    assert "-['a']" in cells["log"]


def test_a_parameter_is_chosen_by_its_name(cells: Notebook) -> None:
    said = cells.run("%asyncfixture up store[pg]")
    assert cells["store"] == "store of pg"
    assert "store[lite]" in said
    assert "down store" in cells.refused("%asyncfixture up store[lite]")
    cells.run("%asyncfixture down store\n%asyncfixture up store")
    assert cells["store"] == "store of lite"
    assert "there are lite, pg" in cells.refused("%asyncfixture up kind[pq]")
    assert "no parameters" in cells.refused("%asyncfixture up client[pq]")


def test_the_parameter_that_is_up_is_named_whoever_brought_it_up(cells: Notebook) -> None:
    cells.run("%asyncfixture up store[pg]")
    said = cells.run("%asyncfixture up kind")
    assert cells["kind"] == "pg"
    assert "Its parameter is 'pg'; there is also 'kind[lite]'." in said


def test_one_of_two_parameters_is_enough(cells: Notebook) -> None:
    cells.run("%asyncfixture up shelf[pg]")
    assert cells["shelf"] == "x in store of pg"
    assert "is up already" in cells.run("%asyncfixture up shelf[pg]")
    assert "down shelf" in cells.refused("%asyncfixture up shelf[y-pg]")


def test_what_came_up_with_another_goes_down_with_it(cells: Notebook) -> None:
    cells.run("%asyncfixture up store[pg]")
    said = cells.refused("%asyncfixture up kind[lite]")
    assert "`kind` is up with `pg`, for `store`: %asyncfixture down store, then" in said
    said = cells.refused("%asyncfixture down kind")
    assert "`kind` came up with `store`: %asyncfixture down store" in said
    cells.run("%asyncfixture down store\n%asyncfixture up kind[lite]")
    assert cells["kind"] == "lite"


def test_what_is_up_before_a_name_that_is_refused_is_said(cells: Notebook) -> None:
    said = cells.refused("%asyncfixture up engine returned clint")
    assert said.endswith("Up before it: engine, returned.")
    assert cells["log"] == ["+settings", "+engine"]


def test_a_sync_fixture_works_where_the_cells_do_and_is_said_to_be_sync(cells: Notebook) -> None:
    said = cells.run("%asyncfixture up connection")
    assert "a sync fixture" in said
    assert cells.run("connection.execute('select 1').fetchone()") == "(1,)"
    assert "ProgrammingError" not in cells.run("%asyncfixture down connection")


def test_a_sync_fixture_may_ask_for_an_async_one(cells: Notebook) -> None:
    cells.run("%asyncfixture up chosen")
    assert cells["log"] == ["+settings", "+engine", "+client"]


def test_a_sync_fixture_may_run_a_loop_of_its_own(cells: Notebook) -> None:
    cells.run("%asyncfixture up runs_its_own")
    assert cells["runs_its_own"] == "ran"


def test_a_fixture_that_fails_leaves_nothing_up(cells: Notebook) -> None:
    said = cells.refused("%asyncfixture up breaks")
    assert "ValueError: no such shop" in said
    assert "Down again: client, engine, settings." in said
    assert cells["log"][-4:] == ["+breaks", "-client", "-engine", "-settings"]
    assert "Nothing is up" in cells.refused("%asyncfixture down client")


def test_what_was_up_before_a_failure_stays_up(cells: Notebook) -> None:
    cells.run("%asyncfixture up engine")
    cells.refused("%asyncfixture up breaks")
    assert cells["log"] == ["+settings", "+engine", "+client", "+breaks", "-client"]
    cells.run("%asyncfixture up client")


def test_errors_of_a_tear_down_are_shown(cells: Notebook) -> None:
    cells.run("%asyncfixture up breaks_later")
    said = cells.run("%asyncfixture down breaks_later")
    assert "ValueError: still open" in said
    assert "cell" in said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("clint", "Did you mean `client`?"),
        ("of_a_test", "`request.node.get_closest_marker('shop')`"),
        ("needs_param", "`request.param`"),
        ("undecorated", "LC301"),
        ("skips", "it skips at"),
        ("of_a_module", "`request.module.TABLE`"),
        ("in_a_circle", "FixtureLookupError: `in_a_circle` needs itself."),
        ("needs_nothing_there", "FixtureLookupError: `nothing_there` is defined nowhere."),
        ("yields_nothing", "it came to its end without a `yield`"),
        ("refused", "first ConnectionRefusedError: Connection refused"),
        ("[pg]", "Which fixture?"),
        ("leaves", "SystemExit"),
        ("client --form x", "Did you mean `--from`?"),
        ("client --from nowhere/conftest.py", "no such file"),
        ("", "Which fixture?"),
    ],
)
def test_what_cannot_come_up_gets_one_line(cells: Notebook, name: str, words: str) -> None:
    assert words in cells.refused(f"%asyncfixture up {name}")


def test_a_fixture_that_takes_what_cells_print_says_so(cells: Notebook) -> None:
    assert "`capsys` takes what cells print" in cells.run("%asyncfixture up quiet").replace(
        "'", "`"
    )
    cells.run("%asyncfixture down quiet")


def test_an_old_pytest_asyncio_is_refused(cells: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("pytest_asyncio.plugin._function_scoped_runner")
    assert "1.1 or newer" in cells.refused("%asyncfixture up client")


def test_down_of_what_is_not_up_says_what_is(cells: Notebook) -> None:
    cells.run("%asyncfixture up client")
    assert "up: client" in cells.refused("%asyncfixture down clint")


def test_nothing_is_left_of_threads_tasks_and_paths(cells: Notebook) -> None:
    threads, path = set(threading.enumerate()), list(sys.path)
    cells.run("%asyncfixture up client store chosen\n%asyncfixture down --all")
    assert set(threading.enumerate()) == threads
    assert sys.path == path
    cells.run("left = asyncio.all_tasks() - {asyncio.current_task()}; await asyncio.sleep(0)")
    assert not cells["left"]


def test_unloading_brings_all_down(cells: Notebook) -> None:
    before = cells["client"]
    cells.run("%asyncfixture up client")
    cells.run("%unload_ext loopcheck")
    assert cells["log"][3:] == ["-client", "-engine", "-settings"]
    assert cells["client"] is before
    cells.run("%load_ext loopcheck")


def test_a_line_that_cannot_await_says_how(cells: Notebook) -> None:
    assert "on a line of its own" in cells.run("x = %asyncfixture up client\nx")
    assert cells["log"] == []


def test_context_variables_are_set_for_cells_until_down(cells: Notebook) -> None:
    cells.run("from contextvars import ContextVar\nsession = ContextVar('session', default='none')")
    cells.run(
        "@pytest_asyncio.fixture\nasync def in_session():\n"
        "    session.set('one')\n    yield\n    log.append(session.get())"
    )
    cells.run("%asyncfixture up in_session\nhere = session.get()")
    cells.run("plain = session.get()")
    cells.run("await asyncio.sleep(0); awaited = session.get()")
    cells.run("%asyncfixture down in_session")
    cells.run("after = session.get()")
    cells.run("await asyncio.sleep(0); awaited_after = session.get()")
    names = ("here", "plain", "awaited", "after", "awaited_after")
    assert [cells[name] for name in names] == ["one", "one", "one", "none", "none"]
    assert cells["log"] == ["one"]


# A project's conftest.py files


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n")
    (tmp_path / "conftest.py").write_text(
        "import asyncio, pytest\n"
        "@pytest.fixture(scope='session')\nasync def engine():\n"
        "    yield [asyncio.get_running_loop()]\n"
        "@pytest.fixture(autouse=True)\ndef always(engine):\n    engine.append('always')\n"
    )
    inner = tmp_path / "tests" / "api"
    inner.mkdir(parents=True)
    (inner / "conftest.py").write_text(
        "import pytest\n@pytest.fixture\nasync def engine(engine):\n    return [*engine, 'inner']\n"
    )
    return tmp_path


def test_the_chain_of_conftests_counts(cells: Notebook, project: Path) -> None:
    cells.run(f"%asyncfixture up engine --from {project}/tests/api/conftest.py")
    assert cells["engine"][1:] == ["inner", "always"]
    cells.run("%asyncfixture down engine")
    cells.run(f"%asyncfixture up engine --from {project}")
    assert cells["engine"][1:] == ["always"]
    cells.run("assert engine[0] is asyncio.get_running_loop(); await asyncio.sleep(0)")


def test_two_conftests_of_one_name_do_not_meet(cells: Notebook, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        (tmp_path / name / "conftest.py").write_text(
            f"import pytest\n@pytest.fixture\ndef who(): return {name!r}\n"
        )
    for name in ("one", "two", "one"):
        cells.run(f"%asyncfixture up who --from {tmp_path / name}\nseen = who")
        assert cells["seen"] == name
        cells.run("%asyncfixture down who")
    assert not [one for one in sys.modules if one.endswith("conftest") and "two" in one]


def test_a_project_is_left_as_it_was(cells: Notebook, project: Path) -> None:
    (project / "pytest.ini").write_text(
        "[pytest]\nasyncio_mode = auto\naddopts = -n 2 --junit-xml=out.xml -v\n"
        "loopcheck_json = report.json\n"
    )
    before = sorted(project.rglob("*.*"))
    cells.run(f"%asyncfixture up engine --from {project}\n%asyncfixture down engine")
    left = [one for one in sorted(project.rglob("*.*")) if "__pycache__" not in str(one)]
    assert left == before


PLUGIN = """\
import pytest
@pytest.fixture(scope="session")
def blocker():
    return 1
@pytest.fixture(autouse=True)
def mailbox(blocker):
    yield
@pytest.fixture
def given():
    return 1
"""


def test_a_plugins_own_autouse_fixtures_are_no_news(
    cells: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site-packages"
    site.mkdir()
    (site / "mail_plugin.py").write_text(PLUGIN)
    monkeypatch.syspath_prepend(site)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "conftest.py").write_text(
        "import pytest\npytest_plugins = ['mail_plugin']\n"
        "@pytest.fixture\ndef db(given): return given\n"
        "@pytest.fixture\ndef broken(given): raise ValueError\n"
    )
    source = f"--from {tmp_path}"
    said = cells.run(f"%asyncfixture up db {source}")
    assert "given" in said
    assert "mailbox" not in said
    assert "blocker" not in said
    other = f"--from {tmp_path.parent}"
    assert "Nothing of " in cells.run(f"%asyncfixture down --all {other}")
    assert "Up: db" not in cells.refused(f"%asyncfixture down db {other}")
    assert "in this order: db, given" in cells.run(f"%asyncfixture down db {source}")
    assert "Down again: given." in cells.refused(f"%asyncfixture up broken {source}")
