import pytest
import pytest_asyncio
from audit import Audit

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def audit():
    return Audit()


async def test_a_login_is_noted(audit):
    await audit.note("login")
    assert await audit.count() == 1


# name: Audit.entries
async def test_a_logout_is_noted(audit):
    await audit.note("logout")
    noted = await audit.count()
    assert noted == 1
