"""Nobody closes the loop that each run makes, and nothing fails for it."""

# name: loop
import gc

from cli import App


def test_run():
    assert App().run(3) == 3


def test_run_again():
    assert App().run(4) == 4
    gc.collect()
