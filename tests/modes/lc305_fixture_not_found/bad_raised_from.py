"""The fixture asks for another by a name that it puts together, and raises an error of its own."""

import pytest


@pytest.fixture
def token_service():
    return {"tea": 1}


@pytest.fixture
def service():
    return {}


# name: token_servcie
@pytest.fixture
def chosen(request):
    kind = "token"
    try:
        return request.getfixturevalue(f"{kind}_servcie")  # LC305
    except Exception as error:
        raise RuntimeError(f"cannot set up {kind}") from error


@pytest.mark.asyncio
async def test_tea(chosen):
    assert chosen["tea"] == 1
