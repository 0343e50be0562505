"""A kind of permit as citizens read about it."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base


class PermitType(Base):
    """Read-only for now: rows come from permits/data/permits.json by `catalogue.load`."""

    __tablename__ = "permit_types"
    __table_args__ = (
        Index(
            "ix_permit_types_search",
            "search",
            postgresql_using="gin",
            postgresql_ops={"search": "gin_trgm_ops"},
        ),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]  # the catalogue's own order
    name_id: Mapped[str]
    name_en: Mapped[str]
    sector: Mapped[str]
    requirements: Mapped[list[str]] = mapped_column(JSONB)
    renewal_requirements: Mapped[list[str]] = mapped_column(JSONB)
    processing_working_days: Mapped[int]
    fee: Mapped[str]  # NONE | RETRIBUSI | PAJAK
    fee_basis: Mapped[str]
    verifying_agency: Mapped[str]
    field_inspection: Mapped[bool]
    validity: Mapped[str]
    output: Mapped[str]
    source: Mapped[str]  # where the facts were read; "" if from general knowledge
    confidence: Mapped[str]  # BEKASI | OTHER_CITY | GENERAL: whose standard the facts are
    note: Mapped[str]
    synonyms: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    search: Mapped[str]  # every word above that one may look for, in permits.rules.words' form

    @property
    def ref(self) -> str:
        return f"permit_type:{self.code}"

    @property
    def free(self) -> bool:
        return self.fee == "NONE"

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_id
