"""The answer of a function comes from some of its expressions; what it leaves behind does not."""

import ast
import textwrap

import pytest

from loopcheck.source.statements import return_expressions


def told(text: str) -> set[str]:
    function = ast.parse(textwrap.dedent(text)).body[0]
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    return {ast.unparse(one) for one in return_expressions.of(function)}


def test_what_is_left_behind_is_no_answer() -> None:
    text = """\
    async def create(self, name):
        self.log.append(name)
        self.total = len(self.rows)
        self.job = asyncio.create_task(self.audit(name))
        if self.total > 3:
            warn(self.total)
        await self.mail.send(name)
        return 201
    """
    assert told(text) == {"201"}


def test_an_answer_is_followed_through_names() -> None:
    text = """\
    def find(self, key):
        found = []
        for row in self.rows:
            if row.key == key:
                found.append(row)
        with self.open() as file:
            text = file.read()
        first, last = self.ends(found)
        return first, text
    """
    assert told(text) == {
        *("(first, text)", "self.ends(found)", "file.read()", "self.open()"),
        *("[]", "found.append(row)", "row.key == key", "self.rows"),
    }


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("if self.off:\n    return 1\nreturn 2", {"self.off", "1", "2"}),
        ("while self.left:\n    yield self.left.pop()", {"self.left", "self.left.pop()"}),
        ("try:\n    self.save()\nexcept KeyError:\n    return 503\nreturn 200", {"503", "200"}),
        (
            "try:\n    self.rows[1]\nexcept KeyError:\n    return 0\nreturn 2",
            {"self.rows[1]", "0", "2"},
        ),
        ("match self.kind:\n    case 1:\n        return 1", {"self.kind", "1"}),
        ("def inner():\n    return self.rows\nreturn 1", {"1"}),
        ("self.rows[key] = self.size\nreturn self.rows", {"self.rows"}),
        ("row: int = self.size\nrow += self.more\nreturn row", {"self.size", "self.more", "row"}),
    ],
)
def test_what_decides_which_answer_it_is_counts(block: str, said: set[str]) -> None:
    assert told("def f(self, key):\n" + textwrap.indent(block, "    ")) == said
