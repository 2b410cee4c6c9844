from accounts import sign_up


async def test_a_name_is_signed_up():
    await sign_up("ada")


# name: _names
async def test_the_first_is_number_zero():
    assert await sign_up("bob") == 0
