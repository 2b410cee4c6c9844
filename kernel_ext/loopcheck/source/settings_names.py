"""The files in which pytest looks for its settings, by name."""

# In its order, nearest folder first, each with the section that it reads.
SECTIONS = {
    "pytest.toml": "pytest",
    ".pytest.toml": "pytest",
    "pytest.ini": "pytest",
    ".pytest.ini": "pytest",
    "pyproject.toml": "tool.pytest.ini_options",
    "tox.ini": "pytest",
    "setup.cfg": "tool:pytest",
}
NAMES = tuple(SECTIONS)
