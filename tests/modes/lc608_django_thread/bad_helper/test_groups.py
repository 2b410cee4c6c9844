"""A coroutine calls a plain function, which sends the query."""

import pytest
from django.contrib.auth.models import Group


def count_groups():
    return Group.objects.filter(name="editors").count()


async def report():
    return f"{count_groups()} groups"  # LC608


# name: count_groups
@pytest.mark.django_db
@pytest.mark.asyncio
async def test_report():
    assert await report() == "0 groups"
