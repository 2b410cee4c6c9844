"""A model is declared by a fixture, anew for each test."""

# name: cities
import pytest
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


@pytest.fixture
def City():
    class City(Base):  # LC602
        __tablename__ = "cities"
        id: Mapped[int] = mapped_column(primary_key=True)

    return City


def test_city(City):
    assert City(id=1).id == 1


def test_city_again(City):
    assert City(id=2).id == 2
