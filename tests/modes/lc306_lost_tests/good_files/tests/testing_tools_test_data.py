def test_user(name="ada"):
    return {"name": name}
