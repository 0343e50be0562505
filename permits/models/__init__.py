"""What the permits remember."""

from permits.models.permit_type import PermitType

__all__ = ["PermitType"]
