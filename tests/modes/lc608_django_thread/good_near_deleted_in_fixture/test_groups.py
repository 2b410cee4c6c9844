"""The fixture's object looks saved; a queryset has deleted its row, so no thread finds it."""

import pytest
from django.contrib.auth.models import Group


@pytest.fixture
def editors(db):
    group = Group.objects.create(name="editors")
    Group.objects.filter(name="editors").delete()
    return group


@pytest.mark.asyncio
async def test_group(editors):
    assert await Group.objects.aget(name="editors") == editors
