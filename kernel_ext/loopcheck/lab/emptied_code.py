"""Code whose functions do nothing, and whose results nobody can check.

A test that still passes beside it checks nothing: its body is `pass`, it has no assertion, or it
only looks at what it wrote itself.
"""

from loopcheck.source.changes import emptied_functions

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


no_result = NoResult()
'''


def emptied(source: str) -> str:
    """Return *source* with functions that return `no_result` and do nothing else."""
    return emptied_functions.emptied(source, NAME)
