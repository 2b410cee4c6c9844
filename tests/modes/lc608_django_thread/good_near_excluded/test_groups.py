"""The query leaves the row out, in every thread."""

import pytest
from django.contrib.auth.models import Group


@pytest.fixture
def editors(db):
    return Group.objects.create(name="editors")


@pytest.mark.asyncio
async def test_group(editors):
    others = Group.objects.exclude(name="editors")
    assert await others.aget(pk=editors.pk) == editors
