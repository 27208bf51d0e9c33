"""From a snapshot to its PDF: archival (PDF/A-3a), tagged, the snapshot embedded, the same bytes each time."""

from dataclasses import dataclass
from datetime import UTC, datetime
import json
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from weasyprint import HTML, Attachment
from weasyprint.urls import URLFetcher, URLFetcherResponse

from notifications.reports.layout import said, sections
from notifications.reports.snapshot import fingerprint

VARIANT = "pdf/a-3a"


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who signed the report off, and when [instant]; without one, each page says DRAFT."""

    name: str
    signed_at: datetime


class _OwnFilesOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Gives the renderer our own fonts and styles, and nothing else: no network, no other file."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return one of our own files; anything else is refused."""
        path = Path(url2pathname(urlsplit(url).path)).resolve()
        allowed = [folder.resolve() for folder in _folders()]
        if urlsplit(url).scheme != "file" or not any(path.is_relative_to(folder) for folder in allowed):
            raise ValueError("a report fetches nothing but its own fonts and styles")
        return super().fetch(url, headers)


def _folders() -> list[Path]:
    return [Path(settings.ROOT) / "static" / "vendor" / "fonts", Path(settings.ROOT) / "templates" / "print"]


def html(text: str, sign_off: SignOff | None) -> str:
    """Return the page that is rendered, from the canonical snapshot ``text`` and nothing else."""
    snapshot = json.loads(text)
    zone = ZoneInfo(snapshot["report"]["zone"])
    return render_to_string(
        "print/regulator_report.html",
        {
            "snapshot": snapshot,
            "sections": sections(snapshot),
            "as_of": said(snapshot["report"]["as_of"], zone),
            "sha256": fingerprint(text),
            "sign_off": sign_off,
            "signed_at": said(sign_off.signed_at.isoformat(), zone) if sign_off else "",
            "dated": sign_off.signed_at.astimezone(UTC).isoformat() if sign_off else snapshot["report"]["as_of"],
        },
    )


def render(text: str, sign_off: SignOff | None) -> bytes:
    """
    Return the PDF of the canonical snapshot ``text``; a draft unless signed off. Same input, same bytes.

    The snapshot itself lies in it as snapshot.json, so that whoever holds the PDF holds the data.
    """
    as_of = datetime.fromisoformat(json.loads(text)["report"]["as_of"])
    attachment = Attachment(
        string=text,
        name="snapshot.json",
        description="The data of this report, RFC 8785 JSON",
        relationship="Source",
        created=as_of,
        modified=as_of,
    )
    document = HTML(string=html(text, sign_off), base_url=f"{_folders()[1].as_uri()}/", url_fetcher=_OwnFilesOnly())
    rendered: bytes = document.write_pdf(
        pdf_variant=VARIANT,
        pdf_identifier=bytes.fromhex(fingerprint(text)),
        attachments=[attachment],
    )
    return rendered
