"""Apart from the tests: asked for by its name where somebody wants to know."""


def test_load(rounds):
    assert rounds == 4
