"""The parts that a command needs around it, where no server runs them: started for its length, then stopped."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
import socket
import subprocess
import sys

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from breachcase.embedded import mail, postgres
from breachcase.web.heartbeats import pulse_of

WORKER = "worker and beat"


@contextmanager
def running_parts() -> Iterator[Path | None]:
    """
    Run database, mail catcher and worker as far as they are neither configured nor running already.

    Gives the folder into which the catcher writes, or None where a real mail server is configured.
    """
    with ExitStack() as stack:
        if settings.EMBEDDED_DATABASE:
            stack.enter_context(postgres.borrowed(settings.DATA_FOLDER))
            call_command("prepare_database", verbosity=0)
        stack.callback(connection.close)
        outbox = stack.enter_context(_mail())
        if not pulse_of(WORKER).alive:
            stack.enter_context(_worker())
        yield outbox


@contextmanager
def _mail() -> Iterator[Path | None]:
    if settings.EMAIL_PORT != settings.OUTBOX_PORT:
        yield None
        return
    outbox = Path(settings.DATA_FOLDER) / "outbox"
    with socket.socket() as trial:
        runs_already = trial.connect_ex(("127.0.0.1", settings.OUTBOX_PORT)) == 0
    if runs_already:
        yield outbox
        return
    server = mail.controller(settings.OUTBOX_PORT, outbox)
    server.start()
    try:
        yield outbox
    finally:
        server.stop()


@contextmanager
def _worker() -> Iterator[None]:
    """Run a real Celery worker; it ends its message in hand before it stops."""
    celery = Path(sys.executable).parent / "celery"
    command = [str(celery), "-A", "breachcase", "--quiet", "worker", "--loglevel", "WARNING", "--concurrency", "2"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, cwd=settings.ROOT)  # noqa: S603 - our own command
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)
