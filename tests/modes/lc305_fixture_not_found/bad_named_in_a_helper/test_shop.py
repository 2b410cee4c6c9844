"""The fixture stands under its name in a file that is imported, and its function is not."""

# name: session | db_session
# findings: 2


def test_by_its_name(session):  # LC305
    assert session == [7]


def test_by_its_function(db_session):  # LC305
    assert db_session == [7]


def test_clock(clock):
    assert clock == 7
