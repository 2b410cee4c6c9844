from items import Base
from sqlalchemy.orm import Mapped, mapped_column


class Team(Base):
    __tablename__ = "teams"
    id: Mapped[int] = mapped_column(primary_key=True)
