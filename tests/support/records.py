"""The made-up records that the package offers to everybody's tests."""

from panfair.testing.records import PORTAL, TODAY, a_dataset, a_publication, released

__all__ = ["PORTAL", "TODAY", "a_dataset", "a_publication", "released"]
