"""How the form makes clips: in one of the models' modes, or one clip of each picture."""

from enum import StrEnum

from studio.catalogue.specs import Mode, Role


class Way(StrEnum):
    IMAGE = "image"
    START_END = "start-end"
    REFERENCE = "reference"
    EACH = "each"
    TEXT = "text"

    @property
    def mode(self) -> Mode:
        """What a model is asked for; one clip each is many times the same."""
        return Mode.IMAGE if self is Way.EACH else Mode(self)


class Place(StrEnum):
    """Where a picture lies on the form, which is also the name of its field."""

    START = "start"
    END = "end"
    REFERENCE = "reference"
    EACH = "each"

    @property
    def role(self) -> Role:
        return Role.START if self is Place.EACH else Role(self)

    @property
    def holds_many(self) -> bool:
        return self in (Place.REFERENCE, Place.EACH)


PLACES: dict[Way, tuple[Place, ...]] = {
    Way.IMAGE: (Place.START,),
    Way.START_END: (Place.START, Place.END),
    Way.REFERENCE: (Place.REFERENCE,),
    Way.EACH: (Place.EACH,),
    Way.TEXT: (),
}

# One clip each: fewer is another way, more is a campaign.
LEAST_EACH, MOST_EACH = 2, 50
