"""The hands of the browser tests: signing in, filling forms as their labels say, and looking for what is wrong."""

from pathlib import Path

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

AXE = Path(settings.ROOT) / "static" / "vendor" / "axe" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Person:
    """One person of the story with a browser of their own."""

    def __init__(self, browser: Browser, site: str, name: str, **context: object) -> None:
        self.site = site
        self.context: BrowserContext = browser.new_context(locale="en-GB", timezone_id="Europe/London", **context)  # type: ignore[arg-type]  # Playwright's own words
        self.context.set_default_timeout(8_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{site}/demonstration/")
        self.page.get_by_role("button", name=f"Sign in as {name}").click()
        expect(self.page.locator("h1")).to_be_visible()

    def _note(self, message: object) -> None:
        text = getattr(message, "text", "")
        if getattr(message, "type", "") == "error" and "status of 4" not in text:
            self.complaints.append(text)

    def go(self, path: str) -> Page:
        """Open a page of the site."""
        self.page.goto(f"{self.site}{path}")
        return self.page

    def press(self, name: str) -> None:
        """Press a button, or follow a link that looks like one."""
        control = self.page.get_by_role("button", name=name, exact=True)
        if not control.count():
            control = self.page.get_by_role("link", name=name, exact=True)
        control.first.click()
        self.page.wait_for_load_state()

    def write(self, label: str, text: str) -> None:
        """Fill the field with this label."""
        self.page.get_by_label(label).first.fill(text)

    def tick(self, label: str) -> None:
        """Tick the box, or choose the button, with this label."""
        self.page.get_by_label(label, exact=True).check()

    def sees(self, text: str) -> None:
        """Insist that the page says this."""
        expect(self.page.get_by_text(text).first).to_be_visible()


def faults_of(page: Page) -> list[str]:
    """Return what axe finds against WCAG 2.2 AA on the page as it is."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


def overflows(page: Page) -> bool:
    """Return whether the page is wider than its window."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wide
