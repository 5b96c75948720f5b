"""A clip that was lost is asked for once more: its provider may still have it after all."""

from studio.accounts.models import User
from studio.generations.models import Generation
from studio.generations.states import State
from studio.generations.transitions import move


def refetch(generation: Generation, actor: User) -> bool:
    """Back to the archive, which asks for a fresh link first. False: it was not lost.

    What it cost stays charged; where no link lives it is lost again.
    """
    return move(
        generation,
        State.LOST,
        State.ARCHIVING,
        actor=actor,
        failures=1,
        finished_at=None,
        error_code="",
        error_message="",
    )
