"""What stops a copy before it serves, and what its log lines leave out."""

import logging
import time

from celery import Celery
from django.core.checks import run_checks
from kombu.exceptions import OperationalError
import pytest
from pytest_django import Settings

from breachcase.embedded import broker
from breachcase.web.checks import TAG
from breachcase.web.logs import IdsOnly


def _ids(*, deploy: bool = False) -> set[str]:
    found = run_checks(tags=[TAG], include_deployment_checks=deploy)
    assert all(message.hint for message in found), "a finding says how to mend it"
    return {str(message.id) for message in found}


def test_a_copy_that_is_well_set_up_passes() -> None:
    assert _ids() == set()


def test_the_key_encryption_key_must_be_there(settings: Settings) -> None:
    settings.KEY_ENCRYPTION_KEY = ""
    assert _ids() == {"breachcase.E001"}


def test_demonstration_sign_in_is_refused_where_others_can_ask(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "breachcase.example"]
    assert _ids() == {"breachcase.E002"}
    settings.DEMONSTRATION = False
    assert _ids() == set()


def test_i2_the_owner_of_the_tables_is_refused_as_the_application(settings: Settings) -> None:
    settings.DATABASE_OWNER = {"USER": settings.DATABASES["default"]["USER"]}
    assert _ids() == {"breachcase.E003"}


def test_the_key_of_the_tests_is_refused_when_deploying() -> None:
    assert _ids(deploy=True) == {"breachcase.E004"}


def test_i10_a_logged_error_shows_where_and_never_what() -> None:
    def fail() -> None:
        try:
            int("jane.carr@client.example")
        except ValueError as error:
            raise RuntimeError("cannot keep Jane Carr") from error

    with pytest.raises(RuntimeError) as caught:
        fail()
    record = logging.LogRecord("breachcase", logging.ERROR, __file__, 1, "case %s", ("7f",), caught._excinfo)
    line = IdsOnly("{message}", style="{").format(record)
    assert "case 7f" in line
    assert "test_checks.py" in line
    assert "builtins.RuntimeError from builtins.ValueError" in line
    assert "jane" not in line.lower()


@pytest.mark.parametrize("address", ["amqp://127.0.0.1:9", "redis://127.0.0.1:9"])
def test_a_broker_that_is_down_says_so_within_two_seconds(address: str) -> None:
    app = Celery(broker=address)
    app.conf.broker_transport_options = broker.FAIL_FAST
    app.conf.task_publish_retry = False
    started_at = time.monotonic()
    with pytest.raises((OperationalError, OSError)):
        app.send_task("notifications.ring_due")
    assert time.monotonic() - started_at < 2
