"""Words that nobody should type, and that somebody does.

A path that leads far away is one that not even root can make, since `loopcheck new` would.
"""

import random

# fmt: off
ODD = [
    "", " ", "-", "--", "---", "=", "--=", "'", '"', "'half", '"half', "\\", "`", "``", "!", "?",
    "wombat", "--wombat", "--all --all", "--json=3", "-1", "0", "1e999", "nan", "inf", "-inf",
    "99999999999999999999999999", "0x10", "1_000", "٣", "½", "1,5", "NULL", "None", "true", "[]",
    "{", "}", "{x}", "{{x}}", "%", "%%", "%s", "%(x)s", "$HOME", "${x}", "$(x)", "~", "~no_such/x",
    "/", "//", "../../..", "/proc/no/such", "/dev/null", "/dev/null/x", ".", "..", "CON", "nul",
    "a" * 10_000, "a " * 3_000, "[" * 5_000, "(" * 500, "\\" * 1_001, "LC" * 999, "é" * 4_000,
    "\x00", "a\x00b", "\x1b[31mred\x1b[0m", "\x07", "\r", "a\rb", "\x7f", "\x9b1m", "\ufeff",
    "\ud800", "\udcff.json", "\u202eLC102", "עגלה", "テスト", "🧪", "\u0131", "İ", "ﬃ", "e\u0301",
    "<script>alert(1)</script>", "';drop table x;--", "{{7*7}}", "a;b", "a|b", "a&b", "a>b",
    "LC000", "LC999", "lc102.", "LC102 LC103", "LC1022", "102", "LC-102", "lc102_loop_mismatch.py",
    "test_a.py:0", "test_a.py:-1", "test_a.py:x", ":", "::", ":::", "x:9:9", "10-", "-10", "9-1",
    "--name", "--name ''", "--share --unshare", "--lesson", "--dir", "--dir=", "--help", "-h",
]
# fmt: on


def mixed(chance: random.Random, count: int, known: list[str]) -> list[str]:
    """Return *count* lines of odd and of known words."""
    words = [*ODD, *known, *known]
    return [" ".join(chance.choices(words, k=chance.randint(1, 4))) for _ in range(count)]
