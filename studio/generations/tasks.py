"""The doors for Celery. A message carries an id, may come twice or never, and decides nothing."""

from typing import Any

from celery import shared_task
from celery.signals import worker_shutting_down

from studio.generations import render, wake, work
from studio.storage import store


@shared_task(name="studio.step")
def step(pk: int) -> None:
    work.step(pk)


@shared_task(name="studio.tick")
def tick() -> None:
    wake.sweep()


@shared_task(name="studio.tidy")
def tidy() -> None:
    store.sweep()


@worker_shutting_down.connect
def stop_renders(**_details: Any) -> None:
    """Kill the renders and give their rows back, so that the next worker begins at once."""
    render.stopping.set()
