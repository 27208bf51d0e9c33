"""The reference story unattended: 1,500 people, a real worker, a real broker, real SMTP, and what it leaves behind."""

from email import message_from_bytes
from email.policy import SMTPUTF8
import json
from pathlib import Path
import subprocess
import sys

from django.conf import settings

from notifications.reports.snapshot import check, fingerprint

PEOPLE = 1_500


def test_the_walk_through_leaves_the_report_and_every_message(
    process_environment: dict[str, str], tmp_path: Path
) -> None:
    environment = {
        **process_environment,
        "DJANGO_SETTINGS_MODULE": "breachcase.settings.local",
        "BREACHCASE_DATA": str(tmp_path / "data"),
        "BREACHCASE_PORT": "18311",
    }
    out = tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "manage.py", "walk_through", "--to", str(out)],
        cwd=settings.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout
    assert "sent 1,500 messages; every one is accounted for" in said
    assert "closed the case; its ledger has" in said
    assert "and 0 faults" in said

    snapshot = (out / "snapshot.json").read_text(encoding="utf-8")
    assert check(json.loads(snapshot)) == ()
    assert fingerprint(snapshot) in said
    pdf = (out / "report.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")

    sent = [path.read_bytes() for path in (out / "messages").glob("*.eml")]
    assert len(sent) == PEOPLE
    messages = [message_from_bytes(raw, policy=SMTPUTF8) for raw in sent]
    assert not any(message["Cc"] or message["Bcc"] for message in messages)
    addressees = [message["To"].addresses for message in messages]
    assert {len(found) for found in addressees} == {1}
    assert len({found[0].addr_spec.lower() for found in addressees}) == PEOPLE
