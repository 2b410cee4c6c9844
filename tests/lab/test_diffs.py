"""A change as a reader sees it: it is applied where it fits once, and says why it does not fit."""

import pytest

from loopcheck.lab.projects import diffs
from loopcheck.lab.projects.project_files import ProjectError

SHOP = {"shop.py": "import redis\n\n\ndef price():\n    return 3\n\n\ndef tax():\n    return 3\n"}


def changed(cell: str) -> dict[str, str]:
    return diffs.applied(SHOP, diffs.read(cell))


def test_a_line_is_exchanged_where_the_lines_around_it_say() -> None:
    after = changed("# file: shop.py\n def tax():\n-    return 3\n+    return 1\n")
    assert after["shop.py"].endswith("def price():\n    return 3\n\n\ndef tax():\n    return 1\n")


def test_two_places_of_a_file_are_parted() -> None:
    after = changed(
        "# file: shop.py\n-import redis\n+import valkey\n"
        "@@\n def tax():\n-    return 3\n+    return 1\n"
    )
    assert after["shop.py"].startswith("import valkey\n")
    assert after["shop.py"].endswith("def tax():\n    return 1\n")


def test_an_empty_line_stays_also_when_an_editor_took_its_blank() -> None:
    after = changed("# file: shop.py\n-import redis\n\n\n def price():\n")
    assert after["shop.py"].startswith("\n\ndef price():")


def test_files_come_and_go() -> None:
    gone = "".join(f"-{line}\n" for line in SHOP["shop.py"].splitlines())
    assert changed(f"# file: shop.py\n{gone}# file: cart.py\n+order = 1\n") == {
        "cart.py": "order = 1\n"
    }


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("-    return 3", "`return 3` is 2 times in shop.py"),
        ("-import valkey", "shop.py does not have these lines, from `import valkey` on"),
        ("+import valkey", "shop.py already exists"),
        (" import redis", "nothing changes in shop.py"),
        ("import redis\n-import redis", "`import redis` (shop.py) has no sign"),
    ],
)
def test_a_change_that_does_not_fit_says_why(body: str, why: str) -> None:
    with pytest.raises(ProjectError) as refused:
        changed(f"# file: shop.py\n{body}\n")
    assert why in str(refused.value)
