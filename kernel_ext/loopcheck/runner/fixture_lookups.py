"""A fixture that pytest did not find: what requested it, and where one of that name is.

This module reads pytest by attribute, and reads files as text: it imports neither.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice, pairwise
from pathlib import Path, PurePath
from traceback import walk_tb
from types import CodeType, FunctionType, ModuleType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.process import objects
from loopcheck.records import LookupRecord, Place
from loopcheck.runner import (
    async_tests,
    collected_tests,
    fixture_tables,
    fixtures,
    written_fixtures,
)
from loopcheck.runner.collected_tests import Def
from loopcheck.runner.written_fixtures import WrittenFixture
from loopcheck.source import parsed_files, project_files, user_code
from loopcheck.source.nodes import calls_in

DEEPEST = 10  # errors to follow along a `raise … from`
MOST_FILES = 400  # files to search for a fixture that no conftest.py loads
VERY_NEAR = 0.85  # of 1: a typo, not another word
NOT_OURS = frozenset({"site-packages", "node_modules", "build", "dist"})
BRING = {  # well-known fixtures, and the packages that have them
    "mocker": "pytest-mock",
    "httpx_mock": "pytest-httpx",
    "respx_mock": "respx",
    "aiohttp_client": "pytest-aiohttp",
    "aiohttp_server": "pytest-aiohttp",
    "aiohttp_raw_server": "pytest-aiohttp",
    "aioresponses": "pytest-aioresponses",
    "benchmark": "pytest-benchmark",
    "freezer": "pytest-freezer",
    "anyio_backend": "anyio",
    "unused_tcp_port": "pytest-asyncio",
    "unused_tcp_port_factory": "pytest-asyncio",
    "httpserver": "pytest-httpserver",
    "nursery": "pytest-trio",
    "django_db_setup": "pytest-django",
    "testdir": "pytest (say: -p pytester)",
    "pytester": "pytest (say: -p pytester)",
}


def read_lookup(error: BaseException, item: Any, labels: Labels) -> LookupRecord | None:
    """Return what pytest's FixtureLookupError, *error* or one of its causes, looked for."""
    refused = _refusal(error)
    if refused is None:
        return None
    error = refused
    name = getattr(error, "argname", None)
    if not isinstance(name, str) or getattr(error, "msg", None):
        return None  # pytest has its own explanation: "… has no parameter"
    stack = [one for one in getattr(error, "fixturestack", ()) if hasattr(one, "argname")]
    asker = next((one for one in reversed(stack) if one.argname != name), None)
    found = of_name(name, asker, item, labels, called=_runs(item, error))
    asking = {str(one.argname) for one in stack}  # each of them would request itself again
    found = replace(found, near=tuple(one for one in found.near if one not in asking))
    call = _call(name, error)
    if call is None:
        return found
    code, line = call
    place = Place(labels.file(code.co_filename), line, code.co_name)
    return replace(
        found, asked_by=code.co_name, asked_at=place, by_fixture=False, marked=False, called=True
    )


def _refusal(error: BaseException) -> BaseException | None:
    """Return pytest's error: a fixture that calls `getfixturevalue` may raise its own from it."""
    step: BaseException | None = error
    for _ in range(DEEPEST):
        if step is None or objects.type_name(step) == "_pytest.fixtures.FixtureLookupError":
            break
        step = BaseException.__dict__["__cause__"].__get__(step)
    else:
        return None
    return step


def _call(name: str, error: BaseException) -> tuple[CodeType, int] | None:
    """Return the user line that calls `request.getfixturevalue(name)`."""
    for (outer, line), (inner, _) in pairwise(walk_tb(error.__traceback__)):
        asks = inner.f_code.co_name == "getfixturevalue" and inner.f_locals.get("argname") == name
        if asks and project_files.owner(outer.f_code.co_filename) == "user":
            return outer.f_code, line
    return None


def _runs(item: Any, error: BaseException) -> bool:
    """Return whether the test's own code was running: it calls `request.getfixturevalue`."""
    own = user_code.test(item)
    return any(frame.f_code is own for frame, _ in walk_tb(error.__traceback__))


def of_name(
    name: str, asker: Any, item: Any, labels: Labels, *, called: bool = False
) -> LookupRecord:
    """Return what exists in place of fixture *name*, which fixture *asker*, or *item*, requests."""
    reach, elsewhere = within_reach(item), tuple(_elsewhere(name, item, labels))
    function, renamed = _function(name, item), _renamed(name, reach, item)
    found = bool(elsewhere or function or renamed)
    in_class = None if found else _in_a_class(name, item, labels)
    unloaded = None if found or in_class else _unloaded(name, item, labels)
    test = collected_tests.read_item(item, labels)
    test_name = test.name if test is not None else str(item.name)
    test_place = test.place if test is not None else None
    marked = asker is None and test is not None and name not in test.parameters and not called
    if marked and (line := _marked_at(name, str(item.path))) is not None:
        test_place = Place(labels.file(str(item.path)), line)
    near = _near(name, reach - {getattr(asker, "argname", None)}, item)
    given = _given(item) if asker is None and not marked and not called else None
    said = bool(found or in_class or unloaded or near or given or name in BRING)
    return LookupRecord(
        name=name,
        asked_by=str(asker.argname) if asker is not None else test_name,
        asked_at=fixtures.place(asker, labels) if asker is not None else test_place,
        by_fixture=asker is not None,
        synchronous=asker is not None and async_tests.form(asker.func) == "plain",
        marked=marked,
        near=near,
        elsewhere=elsewhere,
        near_elsewhere=None if said else _near_elsewhere(name, reach, item, labels),
        in_class=in_class[0] if in_class else None,
        of_class=in_class[1] if in_class else None,
        unloaded=unloaded[0] if unloaded else None,
        unloaded_as=unloaded[1] if unloaded else None,
        cut_off=unloaded is not None and _cut_off(unloaded[0], item),
        function=_place(function, labels) if function is not None else None,
        asynchronous=async_tests.form(function) != "plain",
        renamed=renamed,
        given=given,
        plugin=BRING.get(name),
        recursive=name in reach,
    )


def _marked_at(name: str, file: str) -> int | None:
    """Return the line of the only `usefixtures` in *file* with that *name*."""
    tree = parsed_files.tree(file) if name in parsed_files.text(file) else None
    found = {
        word.lineno
        for call in calls_in(tree)
        if ast.unparse(call.func).endswith("usefixtures")
        for word in call.args
        if isinstance(word, ast.Constant) and word.value == name
    }
    return found.pop() if len(found) == 1 else None


def within_reach(item: Any) -> frozenset[str]:
    """Return the names of the fixtures that *item* can request."""
    names = fixture_tables.names(getattr(item, "session", None))
    return frozenset(name for name in names if fixtures.visible(name, item))


def _near(name: str, reach: frozenset[str], item: Any) -> tuple[str, ...]:
    """Return names that look like *name* or share its words, the user's own first."""
    public = sorted(one for one in reach if not one.startswith("_") and one != name)
    alike = get_close_matches(name, public, n=3, cutoff=0.7)
    own = [one for one in public if any(fixtures.users(d) for d in fixtures.visible(one, item))]
    parts = [one for one in own if _shares_a_word(one, name)]
    found = list(dict.fromkeys([*alike, *parts]))
    return tuple(sorted(found, key=lambda one: one not in own))[:3]


def _near_elsewhere(
    name: str, reach: frozenset[str], item: Any, labels: Labels
) -> tuple[str, Place] | None:
    """Return the only user fixture that looks like *name* but is out of reach."""
    others = {
        one: place
        for one in fixture_tables.names(item.session)
        if one not in reach
        for place in _elsewhere(one, item, labels)
    }
    alike = get_close_matches(name, sorted(others), n=2, cutoff=VERY_NEAR)
    return (alike[0], others[alike[0]]) if len(alike) == 1 else None


def _shares_a_word(one: str, other: str) -> bool:
    first, second = set(one.split("_")), set(other.split("_"))
    return first <= second or second <= first


def _elsewhere(name: str, item: Any, labels: Labels) -> Iterator[Place]:
    found = (fixtures.place(one, labels) for one in fixture_tables.named(name, item.session))
    yield from sorted({place for place in found if place is not None})


def _renamed(name: str, reach: frozenset[str], item: Any) -> str | None:
    """Return the fixture that a function called *name* defines under another name."""
    for one in sorted(reach):
        seen = [each for each in fixtures.visible(one, item)[-1:] if fixtures.users(each)]
        code = user_code.fixture(seen[0]) if seen else None
        if code is not None and code.co_name == name:
            return one
    return None


def _function(name: str, item: Any) -> FunctionType | None:
    """Return a function called *name* in the test's module or in a conftest.py above it."""
    for module in (getattr(item, "module", None), *_conftests(item)):
        function = objects.function_of(getattr(module, "__dict__", {}).get(name))
        if function is not None and project_files.owner(function.__code__.co_filename) == "user":
            return function
    return None


def _in_a_class(name: str, item: Any, labels: Labels) -> tuple[Place, str] | None:
    """Return the fixture *name* that a class in a file of *item* defines, and that class.

    pytest registers the fixtures of a class for the tests of that class: *item* can't use this one.
    """
    modules = (getattr(item, "module", None), *_conftests(item))
    for module in (one for one in modules if type(one) is ModuleType):
        file = str(module.__dict__.get("__file__"))
        for cls, node in _fixtures_of_classes(name, file):
            return Place(labels.file(file), node.lineno, node.name), cls.name
    return None


def _fixtures_of_classes(name: str, file: str) -> Iterator[tuple[ast.ClassDef, Def]]:
    tree = parsed_files.tree(file)
    body = tree.body if tree is not None else []
    for cls in (one for one in body if isinstance(one, ast.ClassDef)):
        for node in cls.body:
            found = written_fixtures.read_fixture(node)
            if found is not None and found.name == name:
                yield cls, found.node


def _given(item: Any) -> str | None:
    """Return what the only `@patch` with its own replacement replaces in this test.

    A patch with `new=` passes no argument to the test, so pytest takes the parameter for a fixture.
    """
    function = getattr(getattr(item, "obj", None), "__func__", getattr(item, "obj", None))
    patchings = getattr(function, "__dict__", {}).get("patchings")
    mocks = sys.modules.get("unittest.mock")
    if type(patchings) is not list or mocks is None:
        return None
    told = [one for one in patchings if objects.peek(one, "new") is not mocks.DEFAULT]
    name = objects.peek(told[0], "attribute") if len(told) == 1 else None
    return name if type(name) is str else None


def _conftests(item: Any) -> list[ModuleType]:
    """Return the conftest modules in the folder of *item* and above, nearest first."""
    found = [
        plugin
        for plugin in item.config.pluginmanager.get_plugins()
        if type(plugin) is ModuleType
        and str(plugin.__dict__.get("__file__")).endswith("conftest.py")
        and PurePath(str(plugin.__dict__["__file__"])).parent in item.path.parents
    ]
    return sorted(found, key=lambda module: -len(str(module.__dict__["__file__"])))


def _place(function: FunctionType, labels: Labels) -> Place:
    code = function.__code__
    return Place(labels.file(code.co_filename), fixtures.def_line(code), code.co_name)


def _unloaded(name: str, item: Any, labels: Labels) -> tuple[Place, str | None] | None:
    """Return the fixture *name* in a project file that no conftest.py loads."""
    found = _in_files(name, str(item.config.rootpath))
    if found is None:
        return None
    file, line, function, given = found
    return Place(labels.file(file), line, function), given


def _cut_off(place: Place, item: Any) -> bool:
    """Return whether `--confcutdir` keeps pytest from a conftest.py above *item*."""
    file = Path(item.config.rootpath, place.file)
    cut = item.config.getoption("confcutdir", None)
    if cut is None or file.name != "conftest.py" or file.parent not in item.path.parents:
        return False
    return file.parent in Path(item.config.invocation_params.dir, cut).resolve().parents


@lru_cache(64)
def _in_files(name: str, root: str) -> tuple[str, int, str, str | None] | None:
    """Return the fixture called *name*, else one whose function is called *name*."""
    by_function = None
    for file in islice(files(root), MOST_FILES):
        for one in _fixtures_saying(name, file):
            found = (file, one.node.lineno, one.node.name, one.named)
            if one.name == name:
                return found
            if one.node.name == name:
                by_function = by_function or found
    return by_function


def _fixtures_saying(name: str, file: str) -> Iterator[WrittenFixture]:
    """Yield the fixtures of *file*, if it contains *name* at all."""
    says = rf"""\bdef {re.escape(name)}\(|\bname\s*=\s*["']{re.escape(name)}["']"""
    found = written_fixtures.fixtures_in(file) if re.search(says, parsed_files.text(file)) else ()
    yield from (one for one in found if one.node.col_offset == 0)


def files(root: str) -> Iterator[str]:
    """Yield the Python files of a project, without packages installed into it."""
    for folder, inner, names in os.walk(root):
        if "pyvenv.cfg" in names or "conda-meta" in inner:
            inner.clear()
            continue
        inner[:] = sorted(one for one in inner if one[0] not in "._" and one not in NOT_OURS)
        yield from (os.path.join(folder, one) for one in sorted(names) if one.endswith(".py"))
