"""The embedded PostgreSQL, started for real on clusters of its own."""

from collections.abc import Iterator
from importlib.util import find_spec
import os
from pathlib import Path
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time

import psycopg
import pytest

from breachcase.embedded import cluster, postgres


def _connect(data: Path, role: str = postgres.APP_ROLE) -> psycopg.Connection:
    address = postgres.address_of(data, role)
    return psycopg.connect(host=address["HOST"], user=address["USER"], dbname=address["NAME"], connect_timeout=5)


def _clear(data: Path) -> None:
    postgres.stop(data)
    place = cluster.cluster_of(data)
    shutil.rmtree(place.socket_folder, ignore_errors=True)
    if place.folder.is_relative_to(cluster.FOR_ROOT):
        shutil.rmtree(place.folder.parent)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Give a data folder that everybody can pass through."""
    with tempfile.TemporaryDirectory(dir="/tmp") as home:
        Path(home).chmod(0o755)
        yield Path(home) / "data"
        _clear(Path(home) / "data")


@pytest.fixture
def closed_folder() -> Iterator[Path]:
    """Give a data folder below one that only we can enter, as a clone of a checkout may lie."""
    with tempfile.TemporaryDirectory(dir="/tmp") as home:
        Path(home).chmod(0o700)
        yield Path(home) / "data"
        _clear(Path(home) / "data")


def _server_id(data: Path) -> int:
    return int((cluster.cluster_of(data).folder / "postmaster.pid").read_text().split("\n")[0])


def test_what_was_written_is_there_after_the_next_start(open_folder: Path) -> None:
    with postgres.borrowed(open_folder), _connect(open_folder, postgres.OWNER_ROLE) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('holiday')")
    assert not postgres.answers(open_folder)
    with postgres.borrowed(open_folder), _connect(open_folder, postgres.OWNER_ROLE) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("holiday",)]


def test_it_starts_below_a_folder_that_only_we_can_enter(closed_folder: Path) -> None:
    with postgres.borrowed(closed_folder), _connect(closed_folder) as connection:
        assert connection.execute("SELECT current_user::text").fetchone() == (postgres.APP_ROLE,)


def test_it_starts_again_below_a_folder_that_only_we_can_enter(closed_folder: Path) -> None:
    for _ in range(2):
        with postgres.borrowed(closed_folder):
            assert postgres.answers(closed_folder)


def test_a_long_name_of_the_folder_does_no_harm(open_folder: Path) -> None:
    deep = open_folder / ("a" * 60) / ("b" * 60)
    try:
        with postgres.borrowed(deep):
            assert postgres.answers(deep)
    finally:
        _clear(deep)


def test_a_copy_of_its_programs_runs_and_is_there_for_everybody_to_read(open_folder: Path) -> None:
    """What root needs when the checkout lies where PostgreSQL's account cannot go."""
    home = find_spec(cluster.PACKAGE)
    assert home is not None
    assert home.origin is not None
    copy = open_folder / "programs"
    cluster._copy(Path(home.origin).parent, copy)
    program = copy / cluster.PACKAGE / "pginstall" / "bin" / "postgres"
    assert subprocess.run([program, "--version"], check=True, capture_output=True).stdout.startswith(b"postgres")
    assert all(path.stat().st_mode & 0o004 for path in copy.rglob("*"))


def test_nobody_but_its_owner_can_enter_the_folder_of_the_socket(open_folder: Path) -> None:
    with postgres.borrowed(open_folder):
        folder = Path(postgres.address_of(open_folder, postgres.APP_ROLE)["HOST"])
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert folder.owner() == cluster.cluster_of(open_folder).folder.owner()


def test_it_listens_on_no_port(open_folder: Path) -> None:
    with postgres.borrowed(open_folder), _connect(open_folder) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_i10_its_log_leaves_out_statements_and_details(open_folder: Path) -> None:
    with postgres.borrowed(open_folder), _connect(open_folder, postgres.OWNER_ROLE) as connection:
        connection.autocommit = True
        connection.execute("CREATE TABLE told (address text UNIQUE)")
        connection.execute("INSERT INTO told VALUES ('jane.carr@client.example')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO told VALUES ('jane.carr@client.example')")
    log = (cluster.cluster_of(open_folder).folder / "server.log").read_text()
    assert "duplicate key" in log
    assert "jane.carr" not in log


def test_the_last_borrower_stops_it(open_folder: Path) -> None:
    with postgres.borrowed(open_folder):
        with postgres.borrowed(open_folder):
            pass
        assert postgres.answers(open_folder)
    assert not postgres.answers(open_folder)


def test_one_started_by_hand_is_left_running(open_folder: Path) -> None:
    postgres.start(open_folder)
    with postgres.borrowed(open_folder):
        pass
    assert postgres.answers(open_folder)
    postgres.stop(open_folder)
    assert not postgres.answers(open_folder)


def test_a_borrower_that_is_killed_does_not_keep_it_running_for_ever(open_folder: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from breachcase.embedded import postgres\n"
        "with postgres.borrowed(Path(sys.argv[1])): print('up', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(open_folder)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"up\n"
        other.kill()
    assert postgres.answers(open_folder)
    with postgres.borrowed(open_folder):
        pass
    assert not postgres.answers(open_folder)


def test_it_starts_again_after_being_killed(open_folder: Path) -> None:
    with postgres.borrowed(open_folder):
        os.kill(_server_id(open_folder), signal.SIGKILL)
        _wait_until_gone(open_folder)
        with postgres.borrowed(open_folder):
            assert postgres.answers(open_folder)


def test_a_pid_file_whose_number_is_somebody_elses_by_now_does_no_harm(open_folder: Path) -> None:
    with postgres.borrowed(open_folder):
        text = (cluster.cluster_of(open_folder).folder / "postmaster.pid").read_text()
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as passer_by:
        stale = cluster.cluster_of(open_folder).folder / "postmaster.pid"
        stale.write_text(text.replace(text.split("\n")[0], str(passer_by.pid), 1))
        with postgres.borrowed(open_folder):
            assert postgres.answers(open_folder)
        assert passer_by.poll() is None
        passer_by.kill()


def test_two_copies_run_side_by_side(open_folder: Path, closed_folder: Path) -> None:
    with postgres.borrowed(open_folder), postgres.borrowed(closed_folder):
        with _connect(open_folder, postgres.OWNER_ROLE) as connection:
            connection.execute("CREATE TABLE mine ()")
        with _connect(closed_folder, postgres.OWNER_ROLE) as connection:
            assert connection.execute("SELECT to_regclass('mine')").fetchone() == (None,)


def test_a_start_cut_short_leaves_no_half_of_a_cluster(open_folder: Path) -> None:
    half = open_folder / "postgres.new"
    half.mkdir(parents=True)
    open_folder.chmod(0o711)
    (half / "PG_VERSION").write_text("16\n")
    with postgres.borrowed(open_folder):
        assert postgres.answers(open_folder)
    assert not half.exists()


@pytest.mark.parametrize("role", [postgres.APP_ROLE, postgres.OWNER_ROLE])
def test_neither_role_is_a_superuser(open_folder: Path, role: str) -> None:
    question = (
        "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication FROM pg_roles WHERE rolname = current_user"
    )
    with postgres.borrowed(open_folder), _connect(open_folder, role) as connection:
        assert connection.execute(question).fetchone() == (False,)


def _wait_until_gone(data: Path) -> None:
    for _ in range(100):
        if not postgres.answers(data):
            return
        time.sleep(0.05)
    pytest.fail("the killed server still answers")
