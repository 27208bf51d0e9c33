"""The pulse of workers and beat, for the status page."""

from celery import shared_task

from breachcase.web.heartbeats import beat_now


@shared_task(name="web.beat", ignore_result=True)
def beat() -> None:
    """Write down that the beat rang and a worker answered."""
    beat_now("worker and beat")
