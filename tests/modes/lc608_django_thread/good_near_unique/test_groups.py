"""The async side in its place; the database refuses a second row of that name."""

import pytest
from django.contrib.auth.models import Group


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
async def test_group():
    await Group.objects.acreate(name="editors")
    await Group.objects.acreate(name="editors")
