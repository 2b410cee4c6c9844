"""A plain test with a plain query: the row is missing, and no other thread is at work."""

import pytest
from django.contrib.auth.models import Group


@pytest.mark.django_db
def test_group():
    Group.objects.create(name="editors")
    assert Group.objects.get(name="readers")
