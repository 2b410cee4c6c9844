"""Django with its own groups and users, and a driver of its own."""

import sqlite3

import django
from django.conf import settings


class Driver(sqlite3.Connection):
    """A connection that loopcheck may ask nothing, as that of a server."""


def pytest_configure():
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": "shop.sqlite3",
                "OPTIONS": {"timeout": 0.1, "factory": Driver},
                "TEST": {"NAME": "test_shop.sqlite3"},
            }
        },
    )
    django.setup()
