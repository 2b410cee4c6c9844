"""pytest-django refuses a query of a test that has not asked for the database."""

from django.contrib.auth.models import Group


def test_group():
    assert Group.objects.count() == 0
