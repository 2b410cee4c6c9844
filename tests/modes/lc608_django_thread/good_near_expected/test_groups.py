"""The test expects Django's refusal, and fails for another reason."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import SynchronousOnlyOperation


@pytest.mark.django_db
@pytest.mark.asyncio
async def test_refused():
    with pytest.raises(SynchronousOnlyOperation):
        Group.objects.count()
    assert "groups" == "users"
