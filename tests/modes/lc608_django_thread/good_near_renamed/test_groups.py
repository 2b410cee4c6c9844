"""A queryset has given the row another name; the fixture's object still has the old one."""

import pytest
from django.contrib.auth.models import Group


@pytest.fixture
def editors(db):
    group = Group.objects.create(name="editors")
    Group.objects.filter(pk=group.pk).update(name="writers")
    return group


@pytest.mark.asyncio
async def test_group(editors):
    assert await Group.objects.aget(name="editors") == editors
