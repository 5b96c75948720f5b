"""Jobs that were sent through an account."""

from studio.generations.models import Attempt, AttemptState, Generation
from studio.generations.states import State
from studio.scheduling import keys
from studio.scheduling.models import ProviderAccount
from tests import clips, people


def sent(account: ProviderAccount, cast: people.Cast, state: State) -> Generation:
    """A generation in that state whose one attempt the account took, with its present key."""
    made = clips.generation(
        project=cast.project, person=cast.member, state=state, model="zai/vidu2-image"
    )
    Attempt.objects.create(
        generation=made,
        account=account,
        number=1,
        state=AttemptState.ACCEPTED,
        key=keys.in_use(account),
    )
    return made
