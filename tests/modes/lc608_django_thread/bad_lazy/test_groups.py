"""A queryset sends its query when something iterates over it."""

import pytest
from django.contrib.auth.models import Permission


# name: rows
@pytest.mark.django_db
@pytest.mark.asyncio
async def test_names():
    rows = Permission.objects.filter(codename="add_user")
    names = [one.name for one in rows]  # LC608
    assert names == ["Can add user"]
