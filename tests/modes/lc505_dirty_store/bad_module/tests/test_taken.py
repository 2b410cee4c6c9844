import pytest
from accounts import Taken, sign_up


async def test_a_taken_name_is_refused():
    await sign_up("ada")
    with pytest.raises(Taken):
        await sign_up("ada")
