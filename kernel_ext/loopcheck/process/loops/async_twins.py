"""Async counterparts of blocking calls, if they are installed. Nothing is imported."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable
from importlib.machinery import PathFinder
from pathlib import Path
from types import BuiltinFunctionType, ModuleType

from loopcheck.source.values import meaning

# The called function, the package or folder that its counterpart needs, the counterpart.
TWINS = (
    ("time.sleep", "asyncio", "asyncio.sleep"),
    ("subprocess.", "asyncio", "asyncio.create_subprocess_exec"),
    ("os.system", "asyncio", "asyncio.create_subprocess_shell"),
    ("socket.create_connection", "asyncio", "asyncio.open_connection"),
    ("concurrent.futures.", "asyncio", "asyncio.wrap_future"),
    ("valkey.", "valkey/asyncio", "valkey.asyncio"),
    ("redis.", "redis/asyncio", "redis.asyncio"),
    ("httpx.", "httpx", "httpx.AsyncClient"),
    ("requests.", "httpx", "httpx.AsyncClient"),
    ("requests.", "aiohttp", "aiohttp.ClientSession"),
    ("urllib.request.", "httpx", "httpx.AsyncClient"),
    ("urllib.request.", "aiohttp", "aiohttp.ClientSession"),
    ("psycopg.", "psycopg", "psycopg.AsyncConnection"),
    ("psycopg2.", "asyncpg", "asyncpg"),
    ("sqlalchemy.", "sqlalchemy/ext/asyncio", "sqlalchemy.ext.asyncio"),
    ("pymongo.", "pymongo/asynchronous", "pymongo.AsyncMongoClient"),
    ("elasticsearch.", "elasticsearch/_async", "elasticsearch.AsyncElasticsearch"),
)


def twin(called: str) -> str | None:
    """Return the async counterpart of the function *called*, None if none is installed."""
    for start, needs, name in TWINS:
        if called.startswith(start) and _is_there(*needs.split("/")):
            return name
    return None


def _is_there(package: str, *inner: str) -> bool:
    return any(Path(folder, *inner).is_dir() for folder in _folders(package))


def _folders(package: str) -> Iterable[str]:
    module = sys.modules.get(package)
    if module is None:
        spec = PathFinder.find_spec(package)
        return spec.submodule_search_locations or () if spec is not None else ()
    return list(module.__dict__.get("__path__", ()))


def builtin(node: ast.expr | None, module: str) -> str | None:
    """Return "time.sleep" if *node*, a name in *module*, is that C function."""
    space = sys.modules.get(module)
    found = meaning.of(node, vars(space)) if type(space) is ModuleType else None
    if type(found) is not BuiltinFunctionType or type(found.__module__) is not str:
        return None
    return f"{found.__module__}.{found.__qualname__}"
