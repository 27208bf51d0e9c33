"""`script/server` as a person uses it: started, looked at, stopped, killed, started again."""

from collections.abc import Iterator
from contextlib import contextmanager
import os
from pathlib import Path
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from urllib.request import urlopen

import pytest

from breachcase.embedded import cluster, postgres

ROOT = Path(__file__).resolve().parents[2]
NEXT_START_SECONDS = 20
"""The aim is ten on a machine that does nothing else."""


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
    return port


class Copy:
    """One copy of the application in a folder of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = _free_port()

    def environment(self, **more: str) -> dict[str, str]:
        surroundings = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        settings = "breachcase.settings.local"
        own = {
            "BREACHCASE_DATA": str(self.data),
            "BREACHCASE_PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": settings,
        }
        return {**surroundings, **own, **more}

    @contextmanager
    def started(self) -> Iterator["subprocess.Popen[str]"]:
        """Start it and wait for its one line; afterwards it must be gone, however the block ended."""
        process = subprocess.Popen(
            [sys.executable, "-m", "breachcase.embedded.server"],
            env=self.environment(),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            self._wait_for_line(process)
            yield process
        finally:
            process.terminate()
            process.wait(timeout=30)
            assert process.stdout is not None
            process.stdout.close()

    def _wait_for_line(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith(f"BreachCase runs at http://127.0.0.1:{self.port}/"):
                return
        pytest.fail("".join(said))

    def processes(self) -> list[str]:
        """Return the command lines of what runs for this copy."""
        marks = (str(self.data), f"127.0.0.1:{self.port}")
        found = []
        for entry in Path("/proc").iterdir():
            try:
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                surroundings = (entry / "environ").read_bytes().decode(errors="replace")
            except (OSError, NotADirectoryError):
                continue
            if entry.name.isdigit() and (
                any(mark in words for mark in marks) or f"BREACHCASE_DATA={self.data}" in surroundings
            ):
                found.append(words)
        return found

    def wait_until_gone(self, but: str = "") -> None:
        left: list[str] = []
        for _ in range(600):  # each part ends what it has in hand first; on a busy machine that takes a while
            left = [words for words in self.processes() if not but or but not in words]
            if not left:
                return
            time.sleep(0.1)
        pytest.fail(f"left behind: {left}")


@pytest.fixture
def copy() -> Iterator[Copy]:
    with tempfile.TemporaryDirectory(dir="/tmp") as home:
        Path(home).chmod(0o755)
        one = Copy(Path(home) / "data")
        yield one
        postgres.stop(one.data)
        shutil.rmtree(cluster.cluster_of(one.data).socket_folder, ignore_errors=True)


def _page(port: int) -> str:
    with urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
        text: str = answer.read().decode()
    return text


def test_it_serves_says_where_and_leaves_nothing_behind_on_ctrl_c(copy: Copy) -> None:
    with copy.started() as process:
        assert "BreachCase" in _page(copy.port)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
    copy.wait_until_gone()
    assert not postgres.answers(copy.data)


def test_the_next_start_keeps_the_data_and_is_quick(copy: Copy) -> None:
    with copy.started():
        pass
    before = (copy.data / "key-encryption-key").read_text()
    started_at = time.monotonic()
    with copy.started():
        took = time.monotonic() - started_at
    assert took < NEXT_START_SECONDS
    assert (copy.data / "key-encryption-key").read_text() == before


def test_a_second_start_on_the_same_data_is_refused_in_a_sentence_and_harms_nothing(copy: Copy) -> None:
    with copy.started():
        done = subprocess.run(
            [sys.executable, "-m", "breachcase.embedded.server"],
            env=copy.environment(BREACHCASE_PORT=str(_free_port())),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode != 0
        assert done.stderr.startswith("BreachCase cannot start: a copy runs already on the data folder ")
        assert len(done.stderr.splitlines()) == 1
        assert "BreachCase" in _page(copy.port)


def test_a_port_in_use_is_named(copy: Copy) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", copy.port))
        taken.listen()
        done = subprocess.run(
            [sys.executable, "-m", "breachcase.embedded.server"],
            env=copy.environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.stderr == (
        f"BreachCase cannot start: port {copy.port} is in use. Set BREACHCASE_PORT to another port.\n"
    )


def test_i11_killed_it_takes_its_processes_along_and_starts_again(copy: Copy) -> None:
    with copy.started() as process:
        process.kill()
    copy.wait_until_gone(but="postgres")
    with copy.started():
        assert "BreachCase" in _page(copy.port)
    assert not postgres.answers(copy.data)


def test_a_wrong_setting_stops_the_start_with_one_sentence(copy: Copy) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "breachcase.embedded.server"],
        env=copy.environment(EMAIL_URL="mail.example"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert done.stderr == (
        "BreachCase cannot start: EMAIL_URL is wrong: it must look like smtp+tls://user:password@host:587.\n"
    )


def test_a_database_that_does_not_answer_is_named(copy: Copy) -> None:
    nowhere = f"127.0.0.1:{_free_port()}/bc"
    done = subprocess.run(
        [sys.executable, "-m", "breachcase.embedded.server"],
        env=copy.environment(
            DATABASE_URL=f"postgresql://app@{nowhere}", DATABASE_OWNER_URL=f"postgresql://owner@{nowhere}"
        ),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "DATABASE_OWNER_URL is wrong, or the database does not answer" in done.stderr
    assert "Traceback" not in done.stderr
