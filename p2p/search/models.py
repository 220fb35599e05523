"""The index of Find: which words lead to which records. `keeping` writes it, nobody else."""

from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from p2p.db import Base

#: Words stand in the order of their code points on both databases, so that those with one beginning stand together.
Word = String(60).with_variant(String(60, collation="C"), "postgresql")
#: The table is its own index; there are no row numbers beside it.
PLAIN: dict[str, Any] = {"sqlite_strict": True, "sqlite_with_rowid": False}


class FoundText(Base):
    """All words of a record that is there, each on a line of its own, with a break before the first and after the last.

    `noun` is the number of its kind.
    """

    __tablename__ = "found_text"
    __table_args__ = (PLAIN,)

    noun: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    words: Mapped[str] = mapped_column(Text)


class FoundWord(Base):
    """One word of a record; `place` is its id with a minus, so that the newest with a word come first."""

    __tablename__ = "found_word"
    __table_args__ = (PLAIN,)

    noun: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    word: Mapped[str] = mapped_column(Word, primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
