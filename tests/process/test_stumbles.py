"""What a failing line stumbled over, where the traceback is not the usual one."""

from types import FunctionType

from loopcheck.labels import Labels
from loopcheck.process import failure
from loopcheck.process.doubles import failing_doubles

LIBRARY = """
def verify(rows):
    try:
        _compare(rows)
    except AssertionError as error:
        raise RuntimeError("not equal") from error


def _compare(rows):
    assert rows == [1]
"""


def test_an_assertion_within_a_library_that_raises_another_error_is_no_fault_of_ours() -> None:
    """The user's line is above: the assertion's own traceback has none."""
    space: dict[str, FunctionType] = {}
    exec(compile(LIBRARY, "/usr/lib/site-packages/library.py", "exec"), space)
    try:
        space["verify"]([])
    except RuntimeError as error:
        links = tuple(failure.chain(error))
    assert [type(link.error) for link in links] == [RuntimeError, AssertionError]
    assert links[1].user is not None
    assert failing_doubles.read(links[1:], None, Labels("/"), lambda _: None, list, ()) == ()
