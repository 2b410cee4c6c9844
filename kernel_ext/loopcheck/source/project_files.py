"""Whose code a file holds: by its name alone, since passing tests also pay for the answer."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import PurePath
from types import ModuleType
from typing import Literal

Owner = Literal["user", "library", "machinery"]

_MACHINERY = frozenset(
    {
        *("_pytest", "pytest", "pluggy", "pytest_asyncio", "xdist", "execnet", "unittest"),
        *("loopcheck", "ipykernel", "pyodide_kernel", "IPython", "ipytest", "nbval", "runpy"),
    }
)
# `sysconfig` knows both, and takes longer to import than most of our own code.
_VERSION = "python{}.{}".format(*sys.version_info)
_STDLIB = (
    PurePath(os.__file__).parent.as_posix(),
    PurePath(sys.base_exec_prefix, sys.platlibdir, _VERSION).as_posix(),
)
# The parts of loopcheck that look; its servers and lessons may be part of what a test waits for.
LOOKING = tuple(
    f"loopcheck.{room}"
    for room in (
        *("source", "process", "runner", "watch", "case", "modes", "report", "plugin", "magics"),
        *("attach", "api", "labels", "light", "clock", "collector", "records"),
    )
)
_OURS = PurePath(__file__).parents[1].as_posix() + "/"
VEIL = "<importlib._bootstrap of "  # the prefix of our file names while tests run
# Not compiled: most runs never need it.
_CELL = r"ipykernel_\d+/\d+\.py$|^<ipython-input-"
FILES = 300  # user files to search for a line
_of_libraries: dict[str, int] = {}  # names and ids of modules that are never the user's
# Kept as they are now: a test may forbid them in its loop (blockbuster), or fake all files.
_listdir, _open = os.listdir, open


@lru_cache(4096)
def owner(filename: str, module: str = "") -> Owner:
    """Return whose code *filename* holds: the user's own, a library's, or the machinery's."""
    known = owner_by_path(filename, module)
    if known is None:
        known = "library" if _is_linked(_path(filename)) else "user"
    return known


@lru_cache(4096)
def owner_by_path(filename: str, module: str = "") -> Owner | None:
    """Return whose code *filename* holds by its path alone, None if that depends on the project."""
    path = _path(filename)  # this runs for every module of a run: a text comparison is fast
    if module.partition(".")[0] in _MACHINERY or path.startswith((_OURS, VEIL)):
        return "machinery"
    if "ipy" in path and re.search(_CELL, path):
        return "user"
    if not path.endswith(".py") or not os.path.isabs(filename):
        return "library"  # "<frozen …>", "asyncpg/protocol.pyx": nothing that a person could open
    return "library" if path.startswith(_STDLIB) or _is_installed(path) else None


def installed(filename: str) -> bool:
    """Return whether *filename* came with a package: neither the user's own nor Python's."""
    path = _path(filename)
    return _is_installed(path) or _is_linked(path)


def _path(filename: str) -> str:
    return filename if os.sep == "/" else filename.replace(os.sep, "/")


def _is_installed(path: str) -> bool:
    return "/site-packages/" in path or "/dist-packages/" in path


def _is_linked(path: str) -> bool:
    return bool(_project) and not path.startswith(_project) and path.startswith(_linked())


# Editable installs: a library unless it is the project under test.

_project: tuple[str, ...] = ()  # folders, with a slash at the end; none: no run has set them


def begin_project(folders: Iterable[str]) -> Callable[[], None]:
    """Treat *folders* (the root, those of the tests) as the project's; return how to undo that.

    An editable install from elsewhere counts as a library from then on. A folder around one of
    these is not elsewhere: there the project itself was installed.
    """
    before = _project
    _set_project(tuple(one for folder in folders for one in _spellings(folder)))
    return lambda: _set_project(before)


def _set_project(folders: tuple[str, ...]) -> None:
    global _project
    _project = folders
    owner.cache_clear()
    _linked.cache_clear()


def _spellings(folder: str) -> set[str]:
    """Return *folder* as written, and with its links resolved: code objects have either."""
    both = {os.path.abspath(folder)}
    with suppress(Exception):  # a test may also forbid what it calls
        both.add(os.path.realpath(folder))
    return {_path(one).rstrip("/") + "/" for one in both}


@lru_cache(1)
def _linked() -> tuple[str, ...]:
    """Return the source folders of other editable installs: read once, if needed."""
    found = {one for folder in _editable() for one in _spellings(folder)}
    return tuple(one for one in found if not any(mine.startswith(one) for mine in _project))


def _editable() -> Iterator[str]:
    """Yield the folders of editable installs in this environment."""
    for place in dict.fromkeys(sys.path):
        if os.path.basename(place) not in ("site-packages", "dist-packages"):
            continue
        with suppress(OSError):
            for name in _listdir(place):
                if name.endswith(".dist-info"):
                    yield from _origin(os.path.join(place, name, "direct_url.json"))


def _origin(file: str) -> Iterator[str]:
    """Yield the folder in PEP 610's record of an installation, if it is editable."""
    with suppress(OSError, ValueError, AttributeError), _open(file, encoding="utf-8") as opened:
        import json  # late, both: most runs need neither
        from urllib.request import url2pathname

        said = json.load(opened)
        url = said.get("url")
        if said.get("dir_info", {}).get("editable") is True and url.startswith("file://"):
            yield url2pathname(url.removeprefix("file://"))


def is_cell(filename: str) -> bool:
    """Return whether *filename* is that of a notebook's cell, or of code typed at a prompt."""
    return re.search(_CELL, filename.replace("\\", "/")) is not None


def files() -> list[str]:
    """Return the files of loaded user modules."""
    found = [module.__dict__.get("__file__") for _, module in not_of_libraries()]
    mine = [one for one in found if type(one) is str and owner(one) == "user"]
    return [one for one in mine if PurePath(one).suffix == ".py"][:FILES]


def not_of_libraries(names: Iterable[str] | None = None) -> list[tuple[str, ModuleType]]:
    """Return the loaded modules, or those with *names*, without those that libraries brought.

    A run has a thousand of these, and each failure needs the others several times.
    """
    found = []
    loaded = dict.copy(sys.modules)  # other threads import meanwhile
    for name in loaded if names is None else names:
        module = loaded.get(name)
        if type(name) is not str or _of_libraries.get(name) == id(module):
            continue
        if type(module) is ModuleType:
            file = module.__dict__.get("__file__")
            if type(file) is not str or owner_by_path(file, name) in (None, "user"):
                found.append((name, module))
                continue
        _of_libraries[name] = id(module)
    return found


def module_file(name: str) -> str | None:
    """Return the file of the loaded module *name*, without importing anything."""
    module = sys.modules.get(name)
    found = module.__dict__.get("__file__") if type(module) is ModuleType else None
    return found if isinstance(found, str) else None


_TESTS = frozenset({"test", "tests", "testing", "fakes", "mocks", "stubs", "doubles"})


def of_tests(filename: str) -> bool:
    """Return whether a file belongs to the tests, by its name and its folders."""
    parts = filename.replace("\\", "/").split("/")
    stem = parts[-1].removesuffix(".py")
    own = stem.startswith("test_") or stem.endswith("_test") or stem == "conftest"
    return own or stem in _TESTS or bool(_TESTS.intersection(parts[-3:-1]))
