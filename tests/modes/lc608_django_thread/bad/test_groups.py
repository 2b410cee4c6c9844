"""An async test calls a plain method of the ORM."""

import pytest
from django.contrib.auth.models import Group


# name: Group.objects.create
@pytest.mark.django_db
@pytest.mark.asyncio
async def test_group():
    group = Group.objects.create(name="editors")  # LC608
    assert group.name == "editors"
