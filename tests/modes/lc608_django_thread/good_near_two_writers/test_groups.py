"""Another thread's own transaction has the lock: the test's has sent nothing yet."""

import asyncio
import threading

import pytest
from django.contrib.auth.models import Group
from django.db import transaction

written, refused = threading.Event(), threading.Event()


def keep():
    with transaction.atomic():
        Group.objects.create(name="editors")
        written.set()
        refused.wait(30)


@pytest.mark.django_db
@pytest.mark.asyncio
async def test_group():
    keeper = asyncio.create_task(asyncio.to_thread(keep))
    await asyncio.to_thread(written.wait, 30)
    try:
        await Group.objects.acreate(name="readers")
    finally:
        refused.set()
        await keeper
