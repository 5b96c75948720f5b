"""The doors for Celery. A message carries an id, may come twice or never, and decides nothing."""

from typing import Any

from celery import shared_task
from celery.signals import worker_shutting_down

from studio.generations import expiry, hints, poller, render, rounds, unstored, wake, work
from studio.scheduling import pulse
from studio.storage import store


@shared_task(name="studio.step")
def step(pk: int) -> None:
    work.step(pk)


@shared_task(name="studio.look")
def look(pks: list[int]) -> None:
    poller.look_at(pks)


@shared_task(name="studio.tick")
def tick() -> None:
    pulse.beat()
    wake.sweep()
    rounds.hand_out()


@shared_task(name="studio.minute")
def minute() -> None:
    """What must not wait for an hour, and need not be looked at four times a second."""
    expiry.warn()
    unstored.replay()


@shared_task(name="studio.tidy")
def tidy() -> None:
    store.sweep()
    hints.tidy()


@worker_shutting_down.connect
def stop_renders(**_details: Any) -> None:
    """Kill the renders and give their rows back, so that the next worker begins at once."""
    render.stopping.set()
