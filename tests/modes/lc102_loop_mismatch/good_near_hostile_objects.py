"""Looking at these objects runs code; a look must neither trip over them nor trigger them."""

import pytest

touched = []


class Hostile:
    def __getattr__(self, name):
        touched.append(name)
        raise SystemExit(f"looked at {name}")

    def __repr__(self):
        raise RuntimeError("no repr: attached to a different loop")

    def __eq__(self, other):
        raise RuntimeError("no eq")

    __hash__ = None

    @property
    def __class__(self):
        raise RuntimeError("no class")


kept = [Hostile()]  # in a list: pytest itself looks at every global


@pytest.fixture
def visitor():
    return {"hostile": kept[0], "deep": [kept]}


@pytest.mark.asyncio
async def test_fails_beside_hostile_objects(visitor):
    hostile = visitor["hostile"]
    assert hostile is kept[0]
    raise RuntimeError("plain")


@pytest.mark.asyncio
async def test_nobody_touched_them():
    assert touched == []
