"""The changes that several modes make: each in the spellings that projects have."""

from pathlib import Path

import pytest

from loopcheck.source.changes import loop_scopes, mock_edits
from loopcheck.source.changes.async_conversion import make_async_fixture
from loopcheck.source.changes.awaited_runs import await_run
from loopcheck.source.changes.default_values import make_per_call
from loopcheck.source.changes.edited_text import applied
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.settings_files import set_option
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source
from loopcheck.source.changes.started_tasks import await_at_end, cancel_at_end

TEST = "async def test_one(): ...\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            f"import pytest\n\n\n@pytest.mark.asyncio\n{TEST}",
            f'import pytest\n\npytestmark = pytest.mark.asyncio(loop_scope="module")\n\n\n{TEST}',
        ),
        (
            f"import pytest\n\npytestmark = pytest.mark.asyncio\n{TEST}",
            f'import pytest\n\npytestmark = pytest.mark.asyncio(loop_scope="module")\n{TEST}',
        ),
        (
            f"import pytest\n\npytestmark = [pytest.mark.slow]\n{TEST}",
            "import pytest\n\npytestmark = [pytest.mark.slow,"
            f' pytest.mark.asyncio(loop_scope="module")]\n{TEST}',
        ),
        (
            f"import pytest as pt\n\n\n@pt.mark.asyncio(scope='class')\n{TEST}\n\n"
            "def test_plain(): ...\n",
            f'import pytest as pt\n\n\n@pt.mark.asyncio(loop_scope="module")\n{TEST}\n\n'
            "def test_plain(): ...\n",
        ),
        (
            "import pytest\r\n\r\npytestmark = pytest.mark.asyncio\r\n",
            'import pytest\r\n\r\npytestmark = pytest.mark.asyncio(loop_scope="module")\r\n',
        ),
        (
            TEST,
            f'import pytest\n\npytestmark = pytest.mark.asyncio(loop_scope="module")\n\n\n{TEST}',
        ),
    ],
)
def test_all_tests_of_a_file_get_one_loop(before: str, after: str) -> None:
    assert applied(before, loop_scopes.put_file_on(Source("test_a.py", before), "module")) == after


@pytest.mark.parametrize(
    ("head", "mark", "new", "mended"),
    [
        ("import pytest", "pytest.fixture", "import pytest_asyncio\n", "pytest_asyncio.fixture"),
        (
            "from pytest import fixture",
            "fixture",
            "import pytest_asyncio\n",
            "pytest_asyncio.fixture",
        ),
        ("import pytest_asyncio as pa", "pa.fixture", "", "pa.fixture"),
        ("from pytest_asyncio import fixture", "fixture", "", "fixture"),
    ],
)
def test_a_fixture_goes_to_pytest_asyncio_once(head: str, mark: str, new: str, mended: str) -> None:
    text = f"{head}\n\n\n@{mark}\nasync def db(): ...\n"
    source = Source("conftest.py", text)
    changes = loop_scopes.put_fixture_on(source, source.functions("db")[0], "module")
    after = applied(text, changes)
    assert f'@{mended}(loop_scope="module")\n' in after
    assert after.count("pytest_asyncio") == text.count("pytest_asyncio") + 2 * bool(new)
    made = make_async_fixture(source, source.functions("db")[0].decorator_list[0])
    assert bool(made) == bool(new)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("run(x).name", "(await x).name"),
        ("run(x)[0]", "(await x)[0]"),
        ("run(x)()", "(await x)()"),
        ("keys[run(x)]", "keys[await x]"),
        ("say(run(x))", "say(await x)"),
    ],
)
def test_an_await_has_brackets_where_more_binds_tighter(before: str, after: str) -> None:
    source = Source("test_a.py", f"async def f():\n    {before}\n")
    change = source.in_place(source.calls_at(2, "run")[-1], "await x")
    assert applied(source.text, [change]) == f"async def f():\n    {after}\n"


def test_a_definition_is_renamed_at_its_name_alone() -> None:
    source = Source("test_a.py", "class A:\n    async def d(self, d=1): return d\n")
    change = source.rename(source.functions("d")[0], source.free_name("d"))
    after = "class A:\n    async def d_2(self, d=1): return d\n"
    assert applied(source.text, [change]) == after


def test_the_class_of_a_test_gets_one_loop_and_its_tests_no_other() -> None:
    test = "    @pytest.mark.asyncio\n    async def test_b(self): ...\n"
    text = f"import pytest\n\n\nclass TestA:\n{test}"
    source = Source("test_a.py", text)
    changes = loop_scopes.put_class_on(source, source.functions("test_b")[0], "class")
    assert applied(text, changes) == (
        'import pytest\n\n\n@pytest.mark.asyncio(loop_scope="class")\nclass TestA:\n'
        "    async def test_b(self): ...\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("@pytest.fixture", '@pytest_asyncio.fixture(loop_scope="session")'),
        ("@pytest_asyncio.fixture()", '@pytest_asyncio.fixture(loop_scope="session")'),
        (
            "@pytest_asyncio.fixture(loop_scope='module', name='x')",
            "@pytest_asyncio.fixture(loop_scope=\"session\", name='x')",
        ),
    ],
)
def test_an_async_fixture_gets_its_loop(before: str, after: str) -> None:
    head = "import pytest_asyncio\n\n\n"
    text = f"{head}{before}\nasync def store(): ...\n"
    source = Source("conftest.py", text)
    changes = loop_scopes.put_fixture_on(source, source.functions("store")[0], "session")
    assert applied(text, changes) == f"{head}{after}\nasync def store(): ...\n"


def test_the_users_of_a_fixture_are_found_through_other_fixtures(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "import pytest_asyncio\n\n\n@pytest_asyncio.fixture(scope='session')\nasync def db(): ...\n"
        "\n\n@pytest_asyncio.fixture\nasync def cart(db): ...\n"
    )
    folder = tmp_path / "deep" / "deeper"
    folder.mkdir(parents=True)
    (folder / "test_cart.py").write_text("async def test_one(cart): ...\n")
    (folder / "test_other.py").write_text("async def test_two(): ...\n")
    changes = loop_scopes.put_users_on(Sources(str(tmp_path)), "db", "session")
    assert {one.file for one in changes} == {"conftest.py", "deep/deeper/test_cart.py"}


BESIDE = """\
import pytest
import pytest_asyncio


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def shared(): ...


@pytest_asyncio.fixture
async def basket(): ...


@pytest.fixture
def cart(basket): ...


{tests}
"""


@pytest.mark.parametrize("other", ["basket", "cart"])
def test_a_test_beside_keeps_the_loop_of_its_own_fixture(tmp_path: Path, other: str) -> None:
    own = f"@pytest.mark.asyncio\nasync def test_own({other}): ..."
    tests = f"@pytest.mark.asyncio\nasync def test_shared(shared): ...\n\n\n{own}"
    before = BESIDE.format(tests=tests)
    (tmp_path / "test_a.py").write_text(before)
    changes = loop_scopes.put_users_on(Sources(str(tmp_path)), "shared", "session")
    wide = '@pytest.mark.asyncio(loop_scope="session")\nasync def test_shared'
    assert applied(before, changes) == before.replace(
        "@pytest.mark.asyncio\nasync def test_shared", wide
    )


def test_a_test_beside_without_a_fixture_shares_the_loop_of_the_file(tmp_path: Path) -> None:
    tests = "async def test_shared(shared): ...\n\n\nasync def test_own(): ..."
    before = BESIDE.format(tests=tests)
    (tmp_path / "test_a.py").write_text(before)
    changes = loop_scopes.put_users_on(Sources(str(tmp_path)), "shared", "session")
    assert 'pytestmark = pytest.mark.asyncio(loop_scope="session")' in applied(before, changes)


MOCKS = "from unittest.mock import AsyncMock, MagicMock\n\n\ndef test_a():\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    repo = MagicMock()\n", "    repo = MagicMock()\n    repo.get = AsyncMock()\n"),
        (
            "    a, repo = 1, MagicMock()\n",
            "    a, repo = 1, MagicMock()\n    repo.get = AsyncMock()\n",
        ),
        (
            '    repo = MagicMock(**{"get.return_value": 3})\n',
            "    repo = MagicMock()\n    repo.get = AsyncMock(return_value=3)\n",
        ),
        (
            "    return MagicMock()\n",
            "    mock = MagicMock()\n    mock.get = AsyncMock()\n    return mock\n",
        ),
        (
            '    with patch("shop.Repo") as repo:\n        run()\n',
            '    with patch("shop.Repo") as repo:\n        repo.get = AsyncMock()\n        run()\n',
        ),
        (
            "    cart.repo = MagicMock()\n",
            "    cart.repo = MagicMock()\n    cart.repo.get = AsyncMock()\n",
        ),
        ("    repo.get = MagicMock()\n", "    repo.get = AsyncMock()\n"),
    ],
)
def test_a_child_of_a_mock_is_set_where_the_mock_is_made(before: str, after: str) -> None:
    text = MOCKS + before
    changes = mock_edits.set_child(Source("test_a.py", text), 5, "get", "AsyncMock")
    assert applied(text, changes) == MOCKS + after


def test_a_mock_of_another_module_keeps_its_spelling() -> None:
    text = "from unittest import mock\n\nrepo = mock.MagicMock()\n"
    changes = mock_edits.set_child(Source("test_a.py", text), 3, "get", "AsyncMock")
    assert applied(text, changes) == f"{text}repo.get = mock.AsyncMock()\n"


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("pytest.ini", "[pytest]\naddopts = -q\n", "[pytest]\nasyncio_mode = auto\naddopts = -q\n"),
        ("pytest.ini", "[pytest]\nasyncio_mode=strict\n", "[pytest]\nasyncio_mode=auto\n"),
        (
            "pyproject.toml",
            '[project]\nname = "x"\n\n[tool.pytest.ini_options]\nasyncio_mode = "strict"\n',
            '[project]\nname = "x"\n\n[tool.pytest.ini_options]\nasyncio_mode = "auto"\n',
        ),
        ("setup.cfg", "[tool:pytest]\n", "[tool:pytest]\nasyncio_mode = auto\n"),
    ],
)
def test_a_setting_goes_into_the_file_that_pytest_reads(
    tmp_path: Path, file: str, before: str, after: str
) -> None:
    (tmp_path / file).write_text(before)
    [change] = set_option(Sources(str(tmp_path)), {"asyncio_mode": "auto"})
    assert (change.file, applied(before, [change])) == (file, after)


def test_a_project_without_settings_gets_none(tmp_path: Path) -> None:
    with pytest.raises(NoSplice):
        set_option(Sources(str(tmp_path)), {"asyncio_mode": "auto"})


def test_a_default_is_created_in_each_call() -> None:
    text = 'def add(item, *, rows=[]):\n\t"""Words."""\n\trows.append(item)\n'
    assert applied(text, make_per_call(Source("a.py", text), 1)) == (
        'def add(item, *, rows=None):\n\t"""Words."""\n\tif rows is None:\n\t\trows = []\n'
        "\trows.append(item)\n"
    )


STARTED = "import asyncio\n\n\nasync def test_a():\n    {}\n    assert run()\n"


@pytest.mark.parametrize(
    ("before", "name"),
    [("asyncio.create_task(work())", "task"), ("job = asyncio.create_task(work())", "job")],
)
def test_a_task_is_ended_by_the_test_that_starts_it(before: str, name: str) -> None:
    text = STARTED.format(before)
    named = STARTED.format(before if " = " in before else f"{name} = {before}")
    source = Source("test_a.py", text)
    assert applied(text, await_at_end(source, 5)) == f"{named}    await {name}\n"
    assert applied(text, cancel_at_end(source, 5, (), Sources("."))) == (
        f"{named}    {name}.cancel()\n    await asyncio.gather({name}, return_exceptions=True)\n"
    )


def test_a_task_of_the_code_under_test_is_left_alone() -> None:
    text = "import asyncio\n\n\nasync def serve():\n    asyncio.create_task(work())\n"
    with pytest.raises(NoSplice):
        cancel_at_end(Source("a.py", text), 5, (), Sources("."))


FACADE = """import asyncio


def run_sync(coro):
    return asyncio.get_event_loop().run_until_complete(coro)


class Shop:
    def total(self):
        total = 0
        total += run_sync(price(1))
        return total

    @property
    def name(self):
        return asyncio.run(read())


async def test_shop():
    assert Shop().total() == 2
    assert Shop().name[0] == "a"
"""


def test_a_helper_that_runs_coroutines_is_left_out_where_it_is_called(tmp_path: Path) -> None:
    assert _awaited(tmp_path, 5) == FACADE.replace("def total", "async def total").replace(
        "run_sync(price(1))", "await price(1)"
    ).replace("Shop().total()", "await Shop().total()")


def test_a_property_becomes_async_with_each_line_that_reads_it(tmp_path: Path) -> None:
    assert _awaited(tmp_path, 16) == FACADE.replace("def name", "async def name").replace(
        "asyncio.run(read())", "await read()"
    ).replace("Shop().name", "(await Shop().name)")


def test_a_property_that_a_line_sets_stays_plain(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(f"{FACADE}\n\nShop().name = 3\n")
    sources = Sources(str(tmp_path))
    with pytest.raises(NoSplice, match="is set at"):
        await_run(sources.open("shop.py"), 16, sources)


def _awaited(folder: Path, line: int) -> str:
    (folder / "shop.py").write_text(FACADE)
    sources = Sources(str(folder))
    changes, _ = await_run(sources.open("shop.py"), line, sources)
    return applied(FACADE, changes)


@pytest.mark.parametrize(
    ("made", "will"),
    [
        ("Mock()", "Mock(read=AsyncMock())"),
        ('Mock(**{"read.return_value": 1})', "Mock(read=AsyncMock(return_value=1))"),
    ],
)
def test_a_mock_without_a_name_gets_its_child_in_its_own_call(made: str, will: str) -> None:
    text = f"from unittest.mock import AsyncMock, Mock\n\nCASES = [({made}, 1)]\n"
    changes = mock_edits.set_child(Source("test_a.py", text), 3, "read", "AsyncMock")
    assert applied(text, changes) == text.replace(made, will)


def test_a_mock_whose_call_says_more_is_left_alone() -> None:
    text = "from unittest.mock import Mock\n\nCASES = [(Mock(spec=Store), 1)]\n"
    with pytest.raises(NoSplice):
        mock_edits.set_child(Source("test_a.py", text), 3, "read", "AsyncMock")


@pytest.mark.parametrize(
    ("user", "mended"),
    [
        (
            "async def test_runs():\n    worker = Worker()\n    worker.start()\n",
            "async def test_runs():\n    worker = Worker()\n    worker.start()\n"
            "    worker.task.cancel()\n"
            "    await asyncio.gather(worker.task, return_exceptions=True)\n",
        ),
        (
            "@pytest_asyncio.fixture\nasync def worker():\n    worker = Worker()\n"
            "    worker.start()\n    return worker\n",
            "@pytest_asyncio.fixture\nasync def worker():\n    worker = Worker()\n"
            "    worker.start()\n    yield worker\n    worker.task.cancel()\n"
            "    await asyncio.gather(worker.task, return_exceptions=True)\n",
        ),
    ],
)
def test_a_task_that_an_object_keeps_ends_where_the_object_is_made(
    tmp_path: Path, user: str, mended: str
) -> None:
    text = (
        "import asyncio\n\nimport pytest_asyncio\n\n\nclass Worker:\n    def start(self):\n"
        "        self.task = asyncio.create_task(self.run())\n\n\n"
    )
    (tmp_path / "test_a.py").write_text(text + user)
    sources = Sources(str(tmp_path))
    changes = cancel_at_end(sources.open("test_a.py"), 8, ("test_a.py::test_runs",), sources)
    assert applied(text + user, changes) == text + mended
