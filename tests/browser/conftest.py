"""
The browser of the tests: Debian's Chromium on pages that a real server gives out, over a database of the test's own.
"""

from collections.abc import Iterator
import os
from typing import Any

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
import pytest

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
"""Playwright keeps an event loop in the thread of the test, where Django would else refuse to ask the database."""

CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIETER = ["--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start Debian's Chromium, which asks for nothing outside this machine."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": [*QUIET, *QUIETER]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Be a person in London."""
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London"}


@pytest.fixture
def site(fresh_database: str) -> Iterator[str]:
    """Serve the application on a free port; gives its address without a slash at the end."""
    server = LiveServerThread("127.0.0.1", static_handler=StaticFilesHandler, connections_override={})
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error is not None:
        raise server.error
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()
