"""A method of a class, with parameters, asked for by a mark; a decorated one is up already."""

# name: cart
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def user():
    return "ada"


class TestCart:
    @pytest.fixture(params=["apples", "pears"])
    async def cart(self, request, user):  # LC301
        return [user, request.param]

    @pytest.mark.usefixtures("cart")
    @pytest.mark.asyncio
    async def test_cart(self):
        pass


def test_by_name(request, user):
    assert user == "ada"
