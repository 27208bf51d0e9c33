"""Everything that one copy runs, started in order and stopped together: what `script/server` calls."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
import ctypes
import os
from pathlib import Path
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from threading import Thread
import time
from types import FrameType

from honcho.manager import Manager
from honcho.printer import Message, Printer

from breachcase.embedded import postgres
from breachcase.embedded.cluster import CannotStart
from breachcase.embedded.folders import held, own_folder
from breachcase.settings import env

PR_SET_PDEATHSIG = 1
ASKED_TO_STOP = (0, 130, 143, None)


def processes(*, port: int, mail_port: int | None, data: Path) -> dict[str, list[str]]:
    """Return the commands to keep running, by name; ``mail_port`` is None where a real mail server is configured."""
    folder = Path(sys.executable).parent
    celery = [str(folder / "celery"), "-A", "breachcase", "--quiet"]
    said = ["--loglevel", "WARNING"]
    found = {
        "web": [
            *[str(folder / "gunicorn"), "breachcase.wsgi", "-b", f"127.0.0.1:{port}", "--no-control-socket"],
            *["--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--log-level", "warning"],  # noqa: S108
            *["--graceful-timeout", "10"],
        ],
        # threads: told to stop, a worker ends the message in hand; a pool of processes would be cut off in it
        "worker": [
            *[*celery, "worker", *said, "--pool", "threads", "--concurrency", "4"],
            *["--without-gossip", "--without-mingle"],
        ],
        "beat": [*celery, "beat", *said, "--pidfile=", "--schedule", str(data / "beat-schedule")],
    }
    if mail_port is not None:
        found["mail"] = [sys.executable, "-m", "breachcase.embedded.mail", str(mail_port), str(data / "outbox")]
    return found


def main() -> None:
    """Start the database, bring it up to date, then run web server, worker, beat and, where none is set, mail."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        _serve(env.read())
    except (CannotStart, env.BadSetting) as error:
        sys.exit(f"BreachCase cannot start: {error}")
    except KeyboardInterrupt:
        print("BreachCase has stopped.")  # noqa: T201 - said to whoever stopped it


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _serve(values: dict[str, object]) -> None:
    data, port = values["BREACHCASE_DATA"], values["BREACHCASE_PORT"]
    assert isinstance(data, Path)  # noqa: S101 - for the type checker: env.py made them so
    assert isinstance(port, int)  # noqa: S101
    mail_port = None if values["EMAIL_URL"] else env.outbox_port(port)
    with ExitStack() as stack:
        stack.enter_context(_only_copy(own_folder(data)))
        for number in (port, mail_port):
            _must_be_free(number, because_of="BREACHCASE_PORT")
        if not values["DATABASE_URL"]:
            stack.enter_context(postgres.borrowed(data))
        _prepare()
        _run(port, mail_port, data)


@contextmanager
def _only_copy(data: Path) -> Iterator[None]:
    with held(data, "server") as alone_here:
        if not alone_here:
            raise CannotStart(f"a copy runs already on the data folder {data}. Stop it, or set BREACHCASE_DATA.")
        yield


def _must_be_free(port: int | None, *, because_of: str) -> None:
    if port is None:
        return
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            raise CannotStart(f"port {port} is in use. Set {because_of} to another port.") from None


def _prepare() -> None:
    command = [sys.executable, "manage.py", "prepare_copy"]
    done = subprocess.run(command, check=False, cwd=env.ROOT)  # noqa: S603 - our own command
    if done.returncode != 0:
        raise CannotStart("its database could not be prepared; the reason stands above.")


def _run(port: int, mail_port: int | None, data: Path) -> None:
    os.register_at_fork(after_in_child=_die_with_parent)
    manager = Manager(_Plain(sys.stdout))
    for name, command in processes(port=port, mail_port=mail_port, data=data).items():
        manager.add_process(name, "exec " + shlex.join([*_leash(), *command]), cwd=str(env.ROOT))
    Thread(target=_say_where, args=(port,), daemon=True).start()
    manager.loop()
    if manager.returncode not in ASKED_TO_STOP:
        raise CannotStart("one of its processes ended by itself; its words stand above.")


class _Plain(Printer):  # type: ignore[misc]  # honcho ships no types
    """Prints what the processes say, and nothing about their coming and going."""

    def write(self, message: Message) -> None:
        if message.name != "system":
            super().write(message)


def _die_with_parent() -> None:
    """Let a process that watches over another end when this one is killed, so that nothing is left behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _leash() -> list[str]:
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []


def _say_where(port: int) -> None:
    """Say where to look, once somebody answers there."""
    while True:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    print(f"BreachCase runs at http://127.0.0.1:{port}/  (Ctrl-C stops it)", flush=True)  # noqa: T201 - said to whoever started it


if __name__ == "__main__":
    main()
