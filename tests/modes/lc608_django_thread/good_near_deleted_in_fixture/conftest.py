"""Django with its own groups and users, and a database in a file."""

import django
from django.conf import settings


def pytest_configure():
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": "shop.sqlite3",
                "OPTIONS": {"timeout": 0.1},
                "TEST": {"NAME": "test_shop.sqlite3"},
            }
        },
    )
    django.setup()
