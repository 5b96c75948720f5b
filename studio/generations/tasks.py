"""The doors for Celery. A message carries an id, may come twice or never, and decides nothing."""

from celery import shared_task

from studio.generations import wake, work


@shared_task(name="studio.step")
def step(pk: int) -> None:
    work.step(pk)


@shared_task(name="studio.tick")
def tick() -> None:
    wake.sweep()
