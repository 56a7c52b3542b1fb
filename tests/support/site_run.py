"""The whole site in a temporary folder that the package offers to everybody's tests."""

from panfair.testing.site_run import SiteRun, harvested, numbered

__all__ = ["SiteRun", "harvested", "numbered"]
