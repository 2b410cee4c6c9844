"""A module whose functions do nothing, for telling tests that check something from others."""

import ast

from loopcheck.source import parsing
from loopcheck.source.nodes import is_text, own_nodes


def emptied(source: str, result: str) -> str:
    """Return *source* with `return result` as each function's body, from the module *result*.

    Methods like `__init__` stay, so that objects can be made and entered. A generator yields it.
    What does not parse stays as it is.
    """
    tree = parsing.parsed(source)
    if not isinstance(tree, ast.Module):
        return source
    _Emptying(result).visit(tree)
    first = (_is_future(one) or is_text(one) for one in tree.body)
    start = next((at for at, stays in enumerate(first) if not stays), len(tree.body))
    tree.body.insert(start, ast.ImportFrom(module=result, names=[ast.alias(name=result)], level=0))
    return ast.unparse(tree)


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


class _Emptying(ast.NodeTransformer):
    def __init__(self, result: str) -> None:
        self.result = result

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._emptied(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._emptied(node)

    def _emptied(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        if not (node.name.startswith("__") and node.name.endswith("__")):
            yields = any(isinstance(one, ast.Yield | ast.YieldFrom) for one in own_nodes(node))
            result = ast.Name(id=self.result, ctx=ast.Load())
            node.body = [ast.Expr(ast.Yield(result)) if yields else ast.Return(result)]
        return node
