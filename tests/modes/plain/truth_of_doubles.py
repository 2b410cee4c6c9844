"""The truth test of this mock class is a coroutine function, so `if mock` raises."""

from unittest import mock

import pytest


class AsyncMock(mock.MagicMock):
    async def __call__(self, *args, **kwargs):
        return super().__call__(*args, **kwargs)


class Mail:
    def __init__(self):
        self.sent = {}

    def open(self):
        self.sent["open"] = True

    async def post(self, name):
        self.sent[name] = True


@pytest.fixture
def mail():
    with (
        mock.patch.object(Mail, "post", new_callable=AsyncMock),
        mock.patch.object(Mail, "open", new_callable=AsyncMock),
    ):
        yield Mail()


def test_a_key_is_missing(mail):
    assert mail.sent["fig"]


def test_nothing_is_raised(mail):
    with pytest.raises(KeyError):
        mail.sent.get("fig")


def test_a_value_is_another(mail):
    mail.sent["fig"] = 1
    assert mail.sent["fig"] == 2
