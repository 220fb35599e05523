"""How tests in Chromium find what stands on the board."""

import re

from playwright.sync_api import Locator, Page


def column(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=re.compile(rf"^{name}\b"))


def card(page: Page, subject: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=subject))
