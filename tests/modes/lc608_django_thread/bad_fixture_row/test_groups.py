"""The fixture's row is in the transaction of the test's thread; `aget` asks in another one."""

import pytest
from django.contrib.auth.models import Group


async def find(name):
    return await Group.objects.aget(name=name)


@pytest.fixture
def editors(db):  # LC608
    return Group.objects.create(name="editors")


# name: Group.objects.aget
@pytest.mark.asyncio
async def test_group(editors):
    assert await find("editors") == editors
