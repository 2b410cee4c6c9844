"""Nothing shows the row but the fixture's object, which looks saved: likely."""

import pytest
from django.contrib.auth.models import Group


async def rename(old, new):
    group = await Group.objects.aget(name=old)
    group.name = new
    await group.asave()
    return group.name


@pytest.fixture
def editors(db):  # LC608
    return Group.objects.create(name="editors")


# name: Group.objects.aget
@pytest.mark.asyncio
async def test_rename(editors):
    assert await rename("editors", "writers") == "writers"
