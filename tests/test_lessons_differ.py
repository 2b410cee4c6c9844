"""Neighbours share a project, so that one line turns one mode into the other. Others share a frame.

The frame is what every lesson is made of: set-up, marks, decorators, settings, imports, magics.
"""

import json
import re
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
ALL = sorted(file.stem for file in NOTEBOOKS.glob("*.ipynb"))
GROUPS = (
    *((101, 102, 106), (107, 203, 204), (201, 205, 208), (206, 307), (301, 305, 309)),
    *((401, 402, 410), (501, 502), (503, 504), (506, 605, 507), (603, 604, 606)),
)
FRAME = re.compile(
    r"%|#|@|import |from |pytestmark = |asyncio_\w+ = |\[pytest\]|def __init__\(self\)"
    r"|server = |os\.environ\[|client = valkey\.from_url\("
    r"|await asyncio\.sleep\(0\)|async with asyncio\.timeout\("
    r"|class Base\(DeclarativeBase\):|async with engine\.begin\(\)|await engine\.dispose\(\)"
    r"|engine = create_async_engine\(URL|await connection\.run_sync\(Base\.metadata\."
    r"|await session\.(?:commit|rollback)\(\)|id: Mapped\[int\] = mapped_column\("
    r"|print\(\"(?:Starting a database server|It runs:)"
)
RECIPE = "%%recipe "
SHORT = 12  # signs: `return total`, `yield client` are anybody's
MOST = 3  # telling lines that two lessons may share by chance, or for an advice that both try


def telling(code: str) -> Iterator[str]:
    """Yield the lines of *code* that another lesson would not have by chance."""
    for line in map(str.strip, code.splitlines()):
        if len(line) > SHORT and not FRAME.match(line):
            yield line


def parts_of(stem: str) -> list[set[str]]:
    """Return the telling lines of a lesson; a page of recipes is many small things, not one."""
    notebook = json.loads((NOTEBOOKS / f"{stem}.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    alone = [set(telling(cell)) for cell in cells if cell.startswith(RECIPE)]
    rest = {line for cell in cells if not cell.startswith(RECIPE) for line in telling(cell)}
    return [rest, *alone]


def lines_of(stem: str) -> set[str]:
    return set().union(*parts_of(stem))


def most_shared(one: str, other: str) -> set[str]:
    """Return what the part of *one* and the part of *other* that are most alike both have."""
    pairs = product(parts_of(one), parts_of(other))
    return max((mine & theirs for mine, theirs in pairs), key=len)


def are_neighbours(one: str, other: str) -> bool:
    return any({f"lc{number}" for number in group} >= {one[:5], other[:5]} for group in GROUPS)


@pytest.mark.parametrize("stem", ALL)
def test_no_lesson_is_made_of_another(stem: str) -> None:
    shared = {
        other: most_shared(stem, other)
        for other in ALL
        if other != stem and not are_neighbours(stem, other)
    }
    told = [f"{other}: {sorted(lines)}" for other, lines in shared.items() if len(lines) > MOST]
    assert not told, f"\n{stem} shares more than its frame with\n" + "\n".join(told)


def test_neighbours_that_stand_share_a_project() -> None:
    """As one that shares nothing is no neighbour: each has at least one in its group that does."""
    known = {stem[:5]: lines_of(stem) for stem in ALL if stem.startswith("lc")}
    alone = []
    for group in GROUPS:
        there = [f"lc{number}" for number in group if f"lc{number}" in known]
        share = {name for pair in combinations(there, 2) if _share(known, *pair) for name in pair}
        alone += [name for name in there if len(there) > 1 and name not in share]
    assert alone == []


def _share(known: dict[str, set[str]], one: str, other: str) -> bool:
    return bool(known[one] & known[other])


def test_what_is_copied_is_told_from_the_frame() -> None:
    frame = """
        %load_ext loopcheck.lab
        import pytest
        server = loopcheck.servers.start_valkey()
        @pytest.mark.asyncio(loop_scope="module")
        total = 3
    """
    assert list(telling(frame)) == []
    assert list(telling('assert await client.get("cart:ada") == b"apples"')) != []
