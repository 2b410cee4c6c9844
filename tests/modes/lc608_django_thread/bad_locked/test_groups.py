"""The fixture's transaction has the lock, and `acreate` waits for it in another thread."""

import pytest
from django.contrib.auth.models import Group


async def add(name):
    await Group.objects.acreate(name=name)


@pytest.fixture
def editors():
    return Group.objects.create(name="editors")


# name: Group.objects.acreate
@pytest.mark.django_db  # LC608
@pytest.mark.asyncio
async def test_group(editors):
    await add("readers")
    assert await Group.objects.acount() == 2
