from argparse import ArgumentParser
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.management import BaseCommand

from breachcase.embedded.parts import running_parts
from breachcase.ledger.verification import verify_chain
from notifications.models import Delivery
from notifications.story import steps
from notifications.story.people import cast


class Command(BaseCommand):
    """Run the reference story from the message to the closed case, on the configured parts, unattended."""

    help = "Run the reference story; leave the PDF, the snapshot and the sent messages in a folder."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, default=None, help="folder for what comes out; walk-through by default")

    def handle(self, *_: object, **options: Path | None) -> None:
        target = options["to"] or Path(settings.DATA_FOLDER) / "walk-through"
        target.mkdir(parents=True, exist_ok=True)
        with running_parts() as outbox:
            self._story(target, outbox)

    def _story(self, target: Path, outbox: Path | None) -> None:
        number = 0

        def say(sentence: str) -> None:
            nonlocal number
            number += 1
            self.stdout.write(f"{number:2}. {sentence}")
            self.stdout.flush()

        people = cast()
        incident = steps.log_from_message(people)
        say(f"logged {incident.reference} from the message: {incident.data_subjects.count():,} people, "
            f"{incident.unreadables.count()} addresses unreadable, file kept as E1")  # fmt: skip
        steps.establish(people, incident)
        say("recorded the account and the person as two facts; the director is kept out")
        say(f"the director tried to decide: {steps.kept_out(people, incident)}")
        steps.assess_and_decide(people, incident)
        due = incident.obligations.get(rule="uk-gdpr-33-1").due_at
        say(f"recorded awareness, advice and decisions; the authority is due by {due:%d %B %Y, %H:%M} UTC")
        steps.measures(people, incident, done=True)
        say(f"took {incident.measures.count()} measures, each done with proof")
        version = steps.write_and_approve(people, incident)
        say(f"approved version {version.number} of the wording, SHA-256 {version.sha256}")
        dispatch = steps.send(people, incident, version, say)
        report, pdf = steps.report(people, incident)
        (target / "report.pdf").write_bytes(pdf)
        (target / "snapshot.json").write_text(report.snapshot, encoding="utf-8")
        say(f"signed off and filed the report: {len(pdf):,} bytes of PDF, snapshot SHA-256 {report.sha256}")
        kept = _keep_messages(dispatch.pk, outbox, target / "messages")
        say(f"kept {kept:,} sent messages" if outbox else "the messages went to the configured mail server")
        steps.close(people, incident)
        entries, faults = verify_chain(incident.pk)
        say(f"closed the case; its ledger has {entries} entries and {len(faults)} faults")
        self.stdout.write(f"What came out lies in {target}")


def _keep_messages(dispatch_id: UUID, outbox: Path | None, folder: Path) -> int:
    """Copy the dispatch's messages from the catcher's folder, each under its number; return how many."""
    if outbox is None:
        return 0
    folder.mkdir(exist_ok=True)
    numbers = dict(Delivery.objects.filter(dispatch_id=dispatch_id).values_list("message_id", "number"))
    kept = 0
    for path in outbox.glob("*.eml"):
        raw = path.read_bytes()
        found = next((line for line in raw[:2000].splitlines() if line.lower().startswith(b"message-id:")), b"")
        number = numbers.get(found.partition(b":")[2].strip().decode(errors="replace"))
        if number is not None:
            (folder / f"{number:05}.eml").write_bytes(raw)
            kept += 1
    return kept
