"""Where a pool is made only if a name has none, and closed with the name left as it was."""

from pathlib import Path

import pytest

from loopcheck.process.databases import pools_made_once

ASKED = "if Db._pool is None:\n            Db._pool = await create_pool()"
FIRST = "if cls._pool:\n            return cls._pool\n        cls._pool = await create_pool()"
TEXT = """
class Db:
    @classmethod
    async def start(cls):
        {start}

    @classmethod
    async def stop(cls):
        await {stop}.close()
"""


def _lines(text: str, *words: str) -> list[int]:
    lines = text.splitlines()
    return [next(n for n, line in enumerate(lines, 1) if word in line) for word in words]


@pytest.mark.parametrize(("start", "stop"), [(ASKED, "cls._pool"), (FIRST, "Db._pool")])
def test_what_is_closed_and_the_line_that_asks_for_it_are_told(
    tmp_path: Path, start: str, stop: str
) -> None:
    text = TEXT.format(start=start, stop=stop)
    (tmp_path / "db.py").write_text(text)
    closed, made, asks = _lines(text, ".close()", "create_pool", "if ")
    assert pools_made_once.asked_at(str(tmp_path / "db.py"), closed, made) == (stop, asks)


@pytest.mark.parametrize(
    ("start", "stop"),
    [
        (ASKED, "cls._other"),
        ("Db._pool = await create_pool()  # if ever", "Db._pool"),
        ("if Db.url is None:\n            Db._pool = await create_pool()", "Db._pool"),
        ("if Db._pool is not None:\n            Db._pool = await create_pool()", "Db._pool"),
    ],
)
def test_what_is_made_for_another_reason_is_left_alone(
    tmp_path: Path, start: str, stop: str
) -> None:
    text = TEXT.format(start=start, stop=stop)
    (tmp_path / "db.py").write_text(text)
    closed, made = _lines(text, ".close()", "create_pool")
    assert pools_made_once.asked_at(str(tmp_path / "db.py"), closed, made) is None
