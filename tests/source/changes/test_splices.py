"""Changes of a text by the positions of its syntax tree: what they touch, and all they leave."""

from pathlib import Path

import pytest

from loopcheck.records import Edit
from loopcheck.source.changes.async_conversion import await_in_place, turn_async
from loopcheck.source.changes.edited_text import applied, in_order
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source


def awaited(text: str, line: int, name: str) -> str:
    source = Source("test_it.py", text)
    [call] = source.calls_at(line, name)
    return applied(text, source.await_value(call))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    get(1)  # why\n", "    await get(1)  # why\n"),
        ("\tgét = get(1)\r\n", "\tgét = await get(1)\r\n"),
        ("    x = 'ä', get(1)['k']\n", "    x = 'ä', (await get(1))['k']\n"),
        ("    x = get(1).name()\n", "    x = (await get(1)).name()\n"),
        ("    x = rows[get(1)]\n", "    x = rows[await get(1)]\n"),
        ("    x = save(get(1), 2)\n", "    x = save(await get(1), 2)\n"),
        ("    return not get(1)\n", "    return not await get(1)\n"),
        ("    x = all(get(y) for y in z)\n", "    x = all([await get(y) for y in z])\n"),
        ("    x = all(y for y in get(z))\n", "    x = all(y for y in await get(z))\n"),
        ("    x = (get(y) for y in z)\n", "    x = [await get(y) for y in z]\n"),
        ("    await get(1)\n", "    await get(1)\n"),
    ],
)
def test_await_goes_where_it_binds_as_meant(before: str, after: str) -> None:
    head = "async def run():\n"
    assert awaited(head + before, 2, "get") == head + after


def test_a_lambda_cannot_await() -> None:
    with pytest.raises(NoSplice):
        awaited("async def run():\n    return lambda: get(1)\n", 2, "get")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"""Words."""\nx = 1\n', '"""Words."""\n\nimport zlib\nx = 1\n'),
        ("import abc\nimport pytest\n", "import abc\nimport zlib\nimport pytest\n"),
        ("import pytest\n", "import zlib\n\nimport pytest\n"),
        ("import zlib\n", "import zlib\n"),
        ("# words\n\nx = 1\n", "# words\nimport zlib\n\nx = 1\n"),
        (
            "from __future__ import annotations\n",
            "from __future__ import annotations\n\nimport zlib\n",
        ),
        ("import ast\r\nimport zoneinfo\r\n", "import ast\r\nimport zlib\r\nimport zoneinfo\r\n"),
        ("import ast", "import ast\nimport zlib"),
    ],
)
def test_an_import_goes_where_it_belongs(before: str, after: str) -> None:
    assert applied(before, Source("a.py", before).add_import("zlib")) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "import pytest\n\nfrom shop import Cart\n",
            "import pytest\nimport pytest_asyncio\n\nfrom shop import Cart\n",
        ),
        (
            "import abc\n\nimport pytest\nfrom attrs import define\n\nimport inventory\n",
            "import abc\n\nimport pytest\nimport pytest_asyncio\nfrom attrs import define\n"
            "\nimport inventory\n",
        ),
        (
            "import aiohttp  # words\n# more\n\nfrom . import shop\n",
            "import aiohttp  # words\nimport pytest_asyncio\n# more\n\nfrom . import shop\n",
        ),
    ],
)
def test_an_import_of_a_library_stays_above_the_imports_of_the_project(
    before: str, after: str
) -> None:
    assert applied(before, Source("a.py", before).add_import("pytest_asyncio")) == after


def test_an_import_goes_to_those_of_the_same_package() -> None:
    text = "import pytest\n\nfrom shop.cart import Cart\n"
    assert applied(text, Source("a.py", text).add_import("shop.till", "Till")) == (
        "import pytest\n\nfrom shop.cart import Cart\nfrom shop.till import Till\n"
    )


def test_an_import_of_the_project_goes_below_those_of_libraries() -> None:
    text = "import abc\n\nimport pytest\n\nx = 1\n"
    assert applied(text, Source("a.py", text).add_import("shop", "Till", own=True)) == (
        "import abc\n\nimport pytest\n\nfrom shop import Till\n\nx = 1\n"
    )


def test_a_name_goes_into_the_import_that_is_there() -> None:
    text = "from shop import Cart, Till\n"
    assert applied(text, Source("a.py", text).add_import("shop", "Shelf")) == (
        "from shop import Cart, Shelf, Till\n"
    )


def test_a_keyword_of_a_decorator_is_set_added_or_dropped() -> None:
    text = "@pytest.fixture(scope='module', name='x')\n@other\ndef run(a, event_loop, b):\n\tpass\n"
    source = Source("a.py", text)
    [function] = source.functions("run")
    mark, other = function.decorator_list
    assert not isinstance(mark, type(other))
    changes = [
        source.set_keyword(mark, "scope", '"session"'),
        source.set_keyword(mark, "autouse", "True"),
        source.set_keyword(other, "fast", "True"),
        *source.drop_parameter(function, "event_loop"),
    ]
    assert applied(text, changes) == (
        "@pytest.fixture(scope=\"session\", name='x', autouse=True)\n@other(fast=True)\n"
        "def run(a, b):\n\tpass\n"
    )


def test_statements_come_go_and_move_with_the_line_ends_of_the_file() -> None:
    text = "def run():\r\n\tfirst()\r\n\tsecond()\r\n"
    source = Source("a.py", text)
    [function] = source.functions("run")
    first, second = function.body
    assert applied(text, [source.insert_after(second, "third()")]).endswith("\r\n\tthird()\r\n")
    assert applied(text, [source.insert_before(first, "zero()")]).startswith(
        "def run():\r\n\tzero()\r\n\tfirst"
    )
    assert applied(text, [source.remove(first)]) == "def run():\r\n\tsecond()\r\n"
    moved = "def run():\r\n\tsecond()\r\n\tfirst()\r\n"
    assert applied(text, source.move([first], second, below=True)) == moved
    assert applied(text, source.move([second], first)) == moved
    assert source.step == "\t"


def test_changes_at_one_place_are_one_and_whole_lines_come_first() -> None:
    inner = Edit(file="a.py", start=(1, 0), end=(1, 0), text="async ")
    above = Edit(file="a.py", start=(1, 0), end=(1, 0), text="@mark\n")
    assert [one.text for one in in_order([inner, above, inner])] == ["@mark\nasync "]
    assert applied("def f(): ...", [inner, above]) == "@mark\nasync def f(): ..."


def test_changes_that_overlap_are_refused() -> None:
    changes = [Edit(file="a.py", start=(1, 0), end=(1, end), text="") for end in (3, 4)]
    with pytest.raises(NoSplice, match="overlap"):
        applied("whole", changes)


HELPER = """\
def add(store, item):
    store.save(item)


def test_add(store):
    add(store, 1)
"""


def test_a_helper_becomes_async_and_its_test_awaits_it(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(HELPER)
    sources = Sources(str(tmp_path))
    source = sources.open("test_it.py")
    [call] = source.calls_at(2, "save")
    mended = applied(HELPER, await_in_place(source, call, sources))
    assert mended == (
        "import pytest\n\n\nasync def add(store, item):\n    await store.save(item)\n\n\n"
        "@pytest.mark.asyncio\nasync def test_add(store):\n    await add(store, 1)\n"
    )


@pytest.mark.parametrize(
    "more",
    [
        "run = add\n",
        "class Cart:\n    def add(self): ...\n",
        "each = [lambda: add(1, 2)]\n",
        "add(1, 2)\n",
    ],
)
def test_a_helper_stays_plain_if_a_use_of_it_cannot_await(tmp_path: Path, more: str) -> None:
    (tmp_path / "test_it.py").write_text(HELPER + more)
    sources = Sources(str(tmp_path))
    source = sources.open("test_it.py")
    with pytest.raises(NoSplice):
        turn_async(source, source.functions("add")[0], sources)
