"""The test awaits the async method, and is in no transaction."""

import pytest
from django.contrib.auth.models import Group


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
async def test_group():
    group = await Group.objects.acreate(name="editors")
    assert group.name == "editors"
