"""Nobody has made that row: the fixture's has another name."""

import pytest
from django.contrib.auth.models import Group


@pytest.fixture
def editors(db):
    return Group.objects.create(name="editors")


@pytest.mark.asyncio
async def test_group(editors):
    assert await Group.objects.aget(name="readers")
