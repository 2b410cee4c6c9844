"""The texts and numbers in a file, each with the name that it is assigned to."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.source import calls, parsed_files
from loopcheck.source.nodes import is_text

SERVES = frozenset(  # an argument of these is the address of the test's own server
    {
        *("start_server", "create_server", "start_unix_server", "bind", "serve", "TCPSite"),
        *("HTTPServer", "ThreadingHTTPServer", "TCPServer", "ThreadingTCPServer", "run_app"),
        *("listen", "Popen", "create_subprocess_exec", "UnixSite", "WSGIServer", "make_server"),
        *("TcpFakeServer", "TestServer"),
    }
)


def on(module: ast.AST, lines: tuple[int, ...]) -> Iterator[tuple[ast.Constant, str | None, bool]]:
    """Yield the texts and numbers on *lines* that may be an address, not what is only compared.

    Each comes with the name or keyword that it is assigned to, and whether a server uses it there.
    """
    todo: list[tuple[ast.AST, str | None, bool]] = [(module, None, False)]
    while todo:
        node, name, served = todo.pop()
        if isinstance(node, ast.Compare | ast.Assert):
            continue
        if is_text(node):
            continue
        if isinstance(node, ast.Constant):
            if type(node.value) in (str, int):
                yield node, name, served
            continue
        if isinstance(node, ast.Call):
            served = served or calls.last(node.func) in SERVES
        for field, value in ast.iter_fields(node):
            parts = value if isinstance(value, list) else [value]
            for part in parts:
                if isinstance(part, ast.AST) and parsed_files.reaches(part, lines):
                    todo.append((part, _named(node, field, part) or name, served))


def _named(node: ast.AST, field: str, part: ast.AST) -> str | None:
    """Return the name under which *node* assigns or passes *part*."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name)]):
            return name
        case ast.AnnAssign(target=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name
        case ast.keyword(arg=str(name)):
            return name
        case ast.Call(args=[first, second, *_]) | ast.Tuple(elts=[first, second, *_]):
            return "port" if part is second and _a_host(first) else None
        case ast.arguments() if field in ("defaults", "kw_defaults"):
            return _parameter_of(node, part)
        case ast.Dict() if field == "values":
            key = node.keys[node.values.index(part)]  # type: ignore[arg-type]
            return key.value if isinstance(key, ast.Constant) and type(key.value) is str else None
    return None


def _a_host(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return type(node.value) is str
    return isinstance(node, ast.Name | ast.Attribute) and "host" in ast.unparse(node).lower()


def _parameter_of(spec: ast.arguments, default: ast.AST) -> str | None:
    plain = [*spec.posonlyargs, *spec.args]
    for argument, value in (
        *zip(plain[::-1], spec.defaults[::-1], strict=False),
        *zip(spec.kwonlyargs, spec.kw_defaults, strict=True),
    ):
        if value is default:
            return argument.arg
    return None
