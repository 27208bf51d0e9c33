"""What every page has: it comes from the real server, and the Content-Security-Policy finds nothing to refuse."""

from playwright.sync_api import Page

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def test_the_sign_in_page_comes_with_a_strict_policy_and_keeps_to_it(page: Page, site: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    answer = page.goto(f"{site}/accounts/login/")
    assert answer is not None
    assert answer.status == 200
    held = {part.strip() for part in answer.headers["content-security-policy"].split(";")}
    assert held == {part.strip() for part in POLICY.split(";")}
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert page.locator("h1").count() == 1
    assert complaints == []
