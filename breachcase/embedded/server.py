"""Everything that one copy runs, started in order and stopped together: what `script/server` calls."""

import os
from pathlib import Path
import signal
import subprocess
import sys
from types import FrameType

from honcho.manager import Manager
from honcho.printer import Printer

from breachcase.embedded import postgres
from breachcase.settings import env

WEB_THREADS = 4


def processes(*, port: int, mail_port: int | None, data: Path) -> dict[str, str]:
    """Return the commands to keep running, by name; ``mail_port`` is None where a real mail server is configured."""
    python = sys.executable
    folder = Path(python).parent
    found = {
        "web": f"{folder}/gunicorn breachcase.wsgi -b 127.0.0.1:{port} --workers 2 --threads {WEB_THREADS} "
        "--worker-tmp-dir /dev/shm --log-level warning --no-control-socket",
        "worker": f"{folder}/celery -A breachcase worker --loglevel WARNING --concurrency 2 --without-gossip --without-mingle",
        "beat": f"{folder}/celery -A breachcase beat --loglevel WARNING --pidfile= --schedule {data / 'beat-schedule'}",
    }
    if mail_port is not None:
        found["mail"] = f"{python} -m breachcase.embedded.mail {mail_port} {data / 'outbox'}"
    return found


def main() -> None:
    """Start the database, bring it up to date, then run web server, worker, beat and, where none is set, mail."""
    try:
        values = env.read()
    except env.BadSetting as error:
        sys.exit(f"BreachCase cannot start: {error}")
    data: Path = values["BREACHCASE_DATA"]
    data.mkdir(parents=True, exist_ok=True, mode=0o700 if os.geteuid() else 0o711)
    signal.signal(signal.SIGTERM, _as_interrupt)
    embedded = not values["DATABASE_URL"]
    try:
        if embedded:
            postgres.start(data)
        _prepare(demonstration=True)
        _run(values["BREACHCASE_PORT"], None if values["EMAIL_URL"] else values["BREACHCASE_PORT"] + 1000, data)
    except postgres.CannotStart as error:
        sys.exit(f"BreachCase cannot start: {error}")
    except KeyboardInterrupt:
        pass
    finally:
        if embedded:
            postgres.stop(data)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _prepare(*, demonstration: bool) -> None:
    """Migrate, collect static files, and on the very first start make the demonstration's people and cases."""
    commands = [["prepare_database", "-v0"], ["collectstatic", "--noinput", "-v0"]]
    if demonstration:
        commands.append(["seed_demonstration"])
    for command in commands:
        done = subprocess.run([sys.executable, "manage.py", *command], check=False)  # noqa: S603 - our own commands
        if done.returncode != 0:
            raise postgres.CannotStart(f"`manage.py {command[0]}` failed; its words stand above.")


def _run(port: int, mail_port: int | None, data: Path) -> None:
    manager = Manager(Printer(sys.stdout))
    for name, command in processes(port=port, mail_port=mail_port, data=data).items():
        manager.add_process(name, command, quiet=False)
    print(f"BreachCase runs at http://127.0.0.1:{port}/  (Ctrl-C stops it)", flush=True)  # noqa: T201 - said to whoever started it
    manager.loop()
    if manager.returncode not in (0, 130, -2, None):
        sys.exit(manager.returncode)


if __name__ == "__main__":
    main()
