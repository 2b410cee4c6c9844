"""Which line passes a class to what makes its instances."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from loopcheck.source.values import passed_classes


def passed(folder: Path, text: str, attribute: str | None = None) -> int | None:
    """Return the line that passes the class `Client` to what the line marked `# makes` calls."""
    file = folder / "code.py"
    file.write_text(text, encoding="utf-8")
    line = next(n for n, one in enumerate(text.splitlines(), 1) if one.endswith("# makes"))

    def makes(node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and ast.unparse(node.func) == "create"

    found = passed_classes.find((str(file), line), "Client", attribute, makes)
    return found[1] if found is not None else None


FIELDS = """\
class Deps:
    one: Client = field(default_factory=Client)
    two: Client = field(default_factory=Client)

Deps()  # makes
"""


@pytest.mark.parametrize(("attribute", "line"), [("one", 2), ("two", 3), ("three", None)])
def test_the_field_of_that_name_passes_it(tmp_path: Path, attribute: str, line: int | None) -> None:
    assert passed(tmp_path, FIELDS, attribute) == line


@pytest.mark.parametrize(
    "text",
    [
        "table = defaultdict(Client)\ntable['a']  # makes",
        "make = partial(Client, 3)\nmake()  # makes",
        "made(Client)\n\ndef made(kind):\n    return kind()  # makes",
    ],
)
def test_a_table_a_partial_and_an_argument_pass_it(tmp_path: Path, text: str) -> None:
    assert passed(tmp_path, text) == 1


@pytest.mark.parametrize(
    "text",
    [
        "table = defaultdict(Client)\nClient()  # makes",
        "table = defaultdict(Client)\ncreate(table)  # makes",
        "Alias = Client\nAlias()  # makes",
        "one = partial(Client)\none = partial(Client, 3)\none()  # makes",
        "table = Mock(spec=Client)\ntable['a']  # makes",
    ],
)
def test_a_line_that_makes_it_itself_and_a_doubt_have_no_other(tmp_path: Path, text: str) -> None:
    assert passed(tmp_path, text) is None
