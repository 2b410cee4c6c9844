"""The test expects trio's refusal, and fails for another reason."""

import pytest
import trio


@pytest.mark.asyncio
async def test_refused():
    with pytest.raises(RuntimeError):
        await trio.Event().wait()
    assert "red" == "blue"
