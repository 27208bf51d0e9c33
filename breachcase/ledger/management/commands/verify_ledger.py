from argparse import ArgumentParser
from uuid import UUID

from django.core.management import BaseCommand, CommandError

from breachcase.ledger.verification import chains, verify_chain
from breachcase.web.heartbeats import beat_now


class Command(BaseCommand):
    """Recompute every hash of one chain, or of all, and say what does not hold."""

    help = "Verify the ledger: recompute every entry's hash and its link to the one before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("chain", nargs="?", type=UUID, help="id of an incident or organisation; all without it")

    def handle(self, *_: object, **options: UUID | None) -> None:
        asked = options["chain"]
        entries, wrong = 0, 0
        for chain_id in [asked] if asked else list(chains()):
            count, faults = verify_chain(chain_id)
            entries += count
            wrong += len(faults)
            for fault in faults:
                self.stdout.write(f"{chain_id}: {fault.sentence}")
        if wrong:
            raise CommandError(f"{wrong} faults in {entries} entries.")
        beat_now("ledger verified")
        self.stdout.write(f"{entries} entries hold.")
