"""The office's shared work lists, who works on them, and which ticket comes to which."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class Queue(Base):
    __tablename__ = "queues"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default="true")


class Member(Base):
    """A person who works on a queue."""

    __tablename__ = "queue_members"

    queue_id: Mapped[int] = mapped_column(ForeignKey("queues.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)


class Category(Base):
    """What a ticket is about, in citizens' words. `supervisory`: abuse of office, unofficial
    levies; such a complaint has sixty working days instead of fourteen."""

    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]
    name_id: Mapped[str]
    name_en: Mapped[str]
    example_id: Mapped[str] = mapped_column(server_default="")
    example_en: Mapped[str] = mapped_column(server_default="")
    ticket_class: Mapped[str | None]  # only for this class, or for all
    supervisory: Mapped[bool] = mapped_column(server_default="false")
    active: Mapped[bool] = mapped_column(server_default="true")


class RouteRow(Base):
    """One line of the routing table that administrators edit."""

    __tablename__ = "routes"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    position: Mapped[int]
    ticket_class: Mapped[str | None]
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    queue_id: Mapped[int] = mapped_column(ForeignKey("queues.id"))


class Place(Base):
    """A kelurahan of the city, with its kecamatan."""

    __tablename__ = "places"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    kelurahan: Mapped[str]
    kecamatan: Mapped[str]
    postcode: Mapped[str] = mapped_column(server_default="")
