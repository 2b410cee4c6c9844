"""A function makes the table anew at each call, in the metadata that all share."""

# name: users
from sqlalchemy import Column, Integer, MetaData, Table

metadata = MetaData()


def users():
    return Table("users", metadata, Column("id", Integer, primary_key=True))  # LC602


class Users:
    def __init__(self):
        self.table = users()


def test_a_column():
    assert "id" in Users().table.c


def test_a_name():
    assert Users().table.name == "users"
