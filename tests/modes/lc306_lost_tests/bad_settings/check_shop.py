"""The project's own names for tests."""

# name: it_is_closed


class ShopChecks:
    def it_is_open(self):
        assert True

    def it_is_closed(self):  # LC306
        assert "closed" == "open"

    def it_is_closed(self):
        assert True

    def test_it(self):
        raise AssertionError("no test here")

    def test_it(self):
        raise AssertionError("nor here")
