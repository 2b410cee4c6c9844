"""Tests that a plugin finds inside of functions, one with a helper that is called like a test."""


def describe_sums():
    def adds():
        assert 1 + 1 == 2

    def adds_what_it_is_given():
        def test_value():
            return 2

        assert test_value() + 1 == 3
