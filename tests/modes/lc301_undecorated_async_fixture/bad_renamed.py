"""The fixture has another name than its function, and another fixture needs it."""

# name: session
from pytest import fixture, mark


@fixture(name="session")
async def _make_session():  # LC301
    yield {"user": "ada"}


@fixture
def user(session):
    return session["user"]


class TestUser:
    @mark.asyncio
    async def test_user(self, user):
        assert user == "ada"

    def test_user_again(self, user):
        assert user == "ada"
