"""axe-core as a judge of an open page, in the sizes and colours that people have."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")


def violations(page: Page) -> list[tuple[str, str, str]]:
    """What axe finds wrong on the page as it stands: rule, element, what to do."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(rule["id"], node["html"], node["failureSummary"]) for rule in found for node in rule["nodes"]]
