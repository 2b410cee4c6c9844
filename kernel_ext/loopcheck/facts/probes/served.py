"""The functions of an app that a test has asked for by HTTP: its own lines do not call them."""

import ast
import re
import sys
from collections.abc import Iterator
from types import FunctionType, ModuleType

from loopcheck.facts.probes import objects, overrides, patch_origins, patched
from loopcheck.facts.probes.failure import Link, Step

METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})


def endpoints(link: Link, step: Step) -> Iterator[FunctionType]:
    """Yield the endpoints that made the answer which the failing line of *step* asks about."""
    if type(sys.modules.get("fastapi.applications")) is not ModuleType:
        return
    asked = list(_requests(step))
    for app in overrides.apps((link,)) if asked else ():
        routes = objects.peek(objects.peek(app, "router"), "routes")
        for route in list(routes) if type(routes) is list else ():
            pattern, methods = objects.peek(route, "path_regex"), objects.peek(route, "methods")
            function = patched.function_of(objects.peek(route, "endpoint"))
            if function is None or type(pattern) is not re.Pattern or type(methods) is not set:
                continue
            if any(method in methods and pattern.match(path) for method, path in asked):
                yield function


def _requests(step: Step) -> Iterator[tuple[str, str]]:
    for made in patch_origins.made_of(step):
        for node in ast.walk(made):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                path = node.args[0]
                if node.func.attr in METHODS and isinstance(path, ast.Constant):
                    yield node.func.attr.upper(), str(path.value).partition("?")[0]
