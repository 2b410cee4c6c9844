"""`%asyncfixture fix`: the definition as it should read works in pytest, and nothing is written."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from notebooks import Notebook, notebook

HEAD = "import pytest\n"
CASES = {
    "decorator": (
        HEAD + "@pytest.fixture\nasync def db():\n    yield 1\n",
        ["+import pytest_asyncio", "-@pytest.fixture", "+@pytest_asyncio.fixture", "LC301"],
    ),
    "decorator and scope": (
        HEAD + "@pytest.fixture(\n    scope='session',\n    autouse=True,\n)\n"
        "async def db():\n    yield 1\n",
        ["+@pytest_asyncio.fixture(scope='session', autouse=True, loop_scope=\"session\")"],
    ),
    "loop scope": (
        "import pytest_asyncio\n"
        "@pytest_asyncio.fixture(scope='module', loop_scope='function')\n"
        "async def db():\n    yield 1\n",
        ["+@pytest_asyncio.fixture(scope='module', loop_scope=\"module\")", "LC106"],
    ),
    "finally": (
        "import pytest_asyncio\n@pytest_asyncio.fixture\nasync def db():\n"
        "    made = [1]\n    yield made\n\n    made.clear()\n",
        ["+    try:", "+        yield made", "+    finally:", "+        made.clear()"],
    ),
    "never closed": (
        "import pytest_asyncio\nclass Store:\n    async def aclose(self): pass\n"
        "@pytest_asyncio.fixture\nasync def db():\n    store = Store()\n    yield store\n",
        ["+    try:", "+        yield store", "+    finally:", "+        await store.aclose()"],
    ),
    "event_loop": (
        "import pytest_asyncio\n@pytest_asyncio.fixture\nasync def db(event_loop, tmp_path):\n"
        "    return event_loop.time()\n",
        [
            "+import asyncio",
            "+async def db(tmp_path):",
            "+    return asyncio.get_running_loop().time()",
            "LC302",
        ],
    ),
    "event_loop beside a default": (
        "import asyncio\nimport pytest_asyncio\n@pytest_asyncio.fixture\n"
        "async def db(tmp_path, event_loop, size=2):\n    return size\n",
        ["+async def db(tmp_path, size=2):"],
    ),
}


@pytest.fixture
def cells() -> Iterator[Notebook]:
    with notebook() as made:
        yield made


@pytest.mark.parametrize("case", CASES)
def test_what_is_shown_mends_it(cells: Notebook, tmp_path: Path, case: str) -> None:
    text, lines = CASES[case]
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    file = tmp_path / "conftest.py"
    file.write_text(text)
    said = cells.run(f"%asyncfixture fix db --from {file}")
    for line in lines:
        assert line in said
    assert file.read_text() == text
    file.write_text(patched(text, said))
    assert cells.run(f"%asyncfixture fix db --from {file}").startswith("Nothing to mend in `db`")
    cells.run(f"%asyncfixture up db --from {file}")
    cells.run("%asyncfixture down db")


def patched(text: str, said: str) -> str:
    """Return *text* with the difference put in, as `patch` does it."""
    lines, made, at = text.splitlines(), [], 0
    body = said.split("\n\n")[0] if "\n\n" in said and "@@" in said.split("\n\n")[0] else said
    for line in body.splitlines()[2:]:
        if line.startswith("@@"):
            start = int(line.split()[1].lstrip("-").split(",")[0]) - 1
            made += lines[at:start]
            at = start
        elif line.startswith("+"):
            made.append(line[1:])
        elif line.startswith("-"):
            at += 1
        elif line.startswith(" "):
            made.append(line[1:])
            at += 1
        elif not line.startswith(("LC", "`")):
            continue
    return "\n".join([*made, *lines[at:]]) + "\n"


def test_the_head_of_a_cell_stays_its_first_line(cells: Notebook) -> None:
    cells.run("import pytest")
    cells.run("%%asyncfixture\n@pytest.fixture\nasync def db():\n    yield 1")
    said = cells.run("%asyncfixture fix db").splitlines()
    assert said[3:7] == [
        " %%asyncfixture",
        "-@pytest.fixture",
        "+import pytest_asyncio",
        "+@pytest_asyncio.fixture",
    ]


def test_a_sound_fixture_is_left_alone(cells: Notebook) -> None:
    cells.run("import pytest_asyncio, pytest")
    cells.run("@pytest_asyncio.fixture\nasync def db():\n    try: yield 1\n    finally: print()")
    cells.run("@pytest.fixture\ndef plain():\n    yield 1\n    print()")
    assert "Nothing to mend in `db`" in cells.run("%asyncfixture fix db")
    assert "a sync fixture" in cells.run("%asyncfixture fix plain")


NARROW = """
@pytest_asyncio.fixture{narrow}
async def engine():
    yield 1
@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def db(engine):
    yield engine
@pytest.fixture(scope="module")
def folder(tmp_path):
    return tmp_path
"""


def test_a_fixture_that_asks_for_a_narrower_one_is_not_called_right(cells: Notebook) -> None:
    cells.run("import pytest_asyncio, pytest")
    cells.run(NARROW.format(narrow=""))
    said = cells.run("%asyncfixture fix db")
    assert "session-scoped and asks for engine (function)" in said
    assert "ScopeMismatch" in cells.refused("%asyncfixture up db")  # and it says the same
    assert "ScopeMismatch" in cells.run("%asyncfixture")
    assert "module-scoped and asks for tmp_path (function)" in cells.run("%asyncfixture fix folder")


def test_a_fixture_that_asks_for_one_as_wide_is_right(cells: Notebook) -> None:
    cells.run("import pytest_asyncio, pytest")
    wide = '(scope="session", loop_scope="session")'
    cells.run(NARROW.format(narrow=wide).replace("tmp_path", "tmp_path_factory"))
    assert "Decorator and scopes are right." in cells.run("%asyncfixture fix db")
    assert "ScopeMismatch" not in cells.run("%asyncfixture")
    assert "It is a sync fixture." in cells.run("%asyncfixture fix folder")
    cells.run("%asyncfixture up db")
    cells.run("%asyncfixture down db")


def test_one_that_overrides_a_wider_one_asks_for_the_one_below(cells: Notebook) -> None:
    cells.run("import pytest")
    cells.run("@pytest.fixture(scope='class')\ndef tmp_path_factory(tmp_path_factory): yield 1")
    assert "It is a sync fixture." in cells.run("%asyncfixture fix tmp_path_factory")


def test_a_name_that_is_not_there_gets_the_near_ones(cells: Notebook) -> None:
    cells.run("import pytest_asyncio\n@pytest_asyncio.fixture\nasync def database(): yield 1")
    assert "Did you mean `database`?" in cells.refused("%asyncfixture fix databse")
    assert "Which fixture?" in cells.refused("%asyncfixture fix")
    assert "`fix` comes first" in cells.refused("%asyncfixture --from . fix databse")
