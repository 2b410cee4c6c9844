"""A fixture's loop is never closed; warnings are errors, and a later test fails for it."""

# name: loop
import gc


def test_the_price(ask):
    assert ask("tea") == 3


def test_later():
    gc.collect()
