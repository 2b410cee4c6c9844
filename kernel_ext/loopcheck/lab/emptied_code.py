"""Code whose functions do nothing, and whose results nobody can check.

A test that still passes beside it checks nothing: its body is `pass`, it has no assertion, or it
only looks at what it wrote itself.
"""

import ast

Function = ast.FunctionDef | ast.AsyncFunctionDef
NAME = "no_result"
MODULE = f"{NAME}.py"
# A result may be awaited, entered, called and gone through. To compare it, or to ask whether it is
# true, is what an assertion does, and here an error.
SOURCE = '''\
"""The result of each function: it can be handed on, and not checked."""


class Unanswered(AssertionError):
    pass


class NoResult:
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __await__(self):
        return self
        yield

    def __iter__(self):
        return iter(())

    async def __aiter__(self):
        return
        yield

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        pass

    def __getitem__(self, key):
        return self

    def _checked(self, *other):
        raise Unanswered("a test checks what this function returns")

    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _checked
    __len__ = __contains__ = _checked
    __hash__ = object.__hash__


result = NoResult()
'''


def emptied(source: str) -> str:
    """Return *source* with each function's body replaced, but for methods like `__init__`."""
    tree = ast.parse(source)
    _Emptying().visit(tree)
    start = 0 if ast.get_docstring(tree) is None else 1
    tree.body.insert(start, ast.parse(f"from {NAME} import result as {NAME}").body[0])
    return ast.unparse(tree)


class _Emptying(ast.NodeTransformer):
    def visit_FunctionDef(self, node: Function) -> Function:
        if node.name.startswith("__") and node.name.endswith("__"):
            return node
        gives = "yield" if _yields(node) else "return"
        node.body = ast.parse(f"{gives} {NAME}").body
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> Function:
        return self.visit_FunctionDef(node)


def _yields(function: Function) -> bool:
    """True if *function* itself is a generator."""
    inner: list[ast.AST] = list(function.body)
    while inner:
        node = inner.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, Function | ast.Lambda):
            inner += ast.iter_child_nodes(node)
    return False
