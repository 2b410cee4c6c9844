"""Changes of the classes of unittest: the base class that runs async tests."""

from __future__ import annotations

import ast

from loopcheck.records import Edit
from loopcheck.source.changes.source_text import NoSplice, dotted
from loopcheck.source.changes.splices import Source

ISOLATED = "IsolatedAsyncioTestCase"


def derive_isolated(source: Source, name: str) -> list[Edit]:
    """Return the changes of a class's base `TestCase`."""
    classes = [one for one in source.nodes() if isinstance(one, ast.ClassDef) and one.name == name]
    for base in classes[0].bases if len(classes) == 1 else ():
        if dotted(base) == "unittest.TestCase":
            return [source.replace(base, f"unittest.{ISOLATED}")]
        if dotted(base) == "TestCase" and source.imported("unittest", "TestCase"):
            return [source.replace(base, ISOLATED), *source.add_import("unittest", ISOLATED)]
    raise NoSplice("its base class is elsewhere")
