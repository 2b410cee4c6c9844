"""Whose code a file holds: by its name alone, since passing tests are asked about, too."""

from __future__ import annotations

import os
import re
import sys
from functools import lru_cache
from pathlib import PurePath
from types import ModuleType
from typing import Literal

Owner = Literal["user", "library", "machinery"]

_MACHINERY = frozenset(
    {
        *("_pytest", "pytest", "pluggy", "pytest_asyncio", "xdist", "execnet", "unittest"),
        *("loopcheck", "ipykernel", "IPython", "ipytest", "nbval", "runpy"),
    }
)
# `sysconfig` knows both, and takes longer to import than most of what is ours.
_VERSION = "python{}.{}".format(*sys.version_info)
_STDLIB = (
    PurePath(os.__file__).parent.as_posix(),
    PurePath(sys.base_exec_prefix, sys.platlibdir, _VERSION).as_posix(),
)
_OURS = PurePath(__file__).parents[2].as_posix() + "/"
# Not compiled: most runs never ask.
_CELL = r"ipykernel_\d+/\d+\.py$|^<ipython-input-"
FILES = 300  # of the user's that are searched for a line


@lru_cache(4096)
def owner(filename: str, module: str = "") -> Owner:
    """Return whose code *filename* holds: the user's own, a library's, or the machinery's."""
    path = _path(filename)  # every module of a run is asked about: text alone is quick
    if module.partition(".")[0] in _MACHINERY or path.startswith(_OURS):
        return "machinery"
    if "ipy" in path and re.search(_CELL, path):
        return "user"
    if not path.endswith(".py") or not os.path.isabs(filename):
        return "library"  # "<frozen …>", "asyncpg/protocol.pyx": nothing a person could open
    if path.startswith(_STDLIB) or _is_installed(path):
        return "library"
    return "user"


def installed(filename: str) -> bool:
    """Return whether *filename* came with a package: neither the user's own nor Python's."""
    return _is_installed(_path(filename))


def _path(filename: str) -> str:
    return filename if os.sep == "/" else filename.replace(os.sep, "/")


def _is_installed(path: str) -> bool:
    return "/site-packages/" in path or "/dist-packages/" in path


def is_cell(filename: str) -> bool:
    """Return whether *filename* is that of a notebook's cell, or of what is typed at a prompt."""
    return re.search(_CELL, filename.replace("\\", "/")) is not None


def files() -> list[str]:
    """Return the files of the user's whose modules are loaded."""
    found = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    mine = [one for one in found if type(one) is str and owner(one) == "user"]
    return [one for one in mine if PurePath(one).suffix == ".py"][:FILES]


def module_file(name: str) -> str | None:
    """Return the file of the loaded module *name*, without importing anything."""
    module = sys.modules.get(name)
    found = module.__dict__.get("__file__") if type(module) is ModuleType else None
    return found if isinstance(found, str) else None
