"""The test is in no transaction: the row is gone since the test has deleted it."""

import pytest
from django.contrib.auth.models import Group


@pytest.fixture
def editors(transactional_db):
    return Group.objects.create(name="editors")


@pytest.mark.asyncio
async def test_group(editors):
    await Group.objects.filter(name="editors").adelete()
    assert await Group.objects.aget(name="editors")
