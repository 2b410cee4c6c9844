"""An attribute that follows a foreign key sends a query of its own."""

import pytest
from django.contrib.auth.models import Permission


# name: one.content_type
@pytest.mark.django_db
@pytest.mark.asyncio
async def test_model():
    one = await Permission.objects.aget(codename="add_user")
    assert one.content_type.model == "user"  # LC608
