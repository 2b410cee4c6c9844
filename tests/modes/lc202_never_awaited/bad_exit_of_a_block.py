"""A wrapper's `__aexit__` returns the coroutine of another one: true, so that no error gets out."""

# name: Session.__aexit__
import pytest


class Session:
    def __init__(self):
        self.open = False

    async def __aenter__(self):
        self.open = True
        return self

    async def __aexit__(self, *error):
        self.open = False


class Traced:
    def __init__(self, session):
        self.session, self.log = session, []

    async def __aenter__(self):
        self.log.append("in")
        return await self.session.__aenter__()

    async def __aexit__(self, *error):
        self.log.append("out")
        return self.session.__aexit__(*error)  # LC202


@pytest.mark.asyncio
async def test_an_error_gets_out():
    with pytest.raises(KeyError):
        async with Traced(Session()):
            raise KeyError("tea")


@pytest.mark.asyncio
async def test_the_session_is_closed():
    session = Session()
    async with Traced(session):
        assert session.open
    assert not session.open
