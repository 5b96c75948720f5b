"""Why a call is refused, in our words; each wire says it in its vendor's."""

from enum import StrEnum


class Why(StrEnum):
    KEY_MISSING = "key_missing"
    KEY_WRONG = "key_wrong"
    BODY = "body"
    BODY_LARGE = "body_large"
    MODEL = "model"
    LACKING = "lacking"
    UNWANTED = "unwanted"
    INVALID = "invalid"
    CONFLICT = "conflict"
    PROMPT_LONG = "prompt_long"
    COUNT = "count"
    PICTURE_FORMAT = "picture_format"
    PICTURE_SHAPE = "picture_shape"
    PICTURE_HEAVY = "picture_heavy"
    REPEATED = "repeated"
    BUSY = "busy"
    NO_MONEY = "no_money"
    CONTENT = "content"
    FORBIDDEN = "forbidden"
    UNKNOWN_JOB = "unknown_job"
    TOO_LATE = "too_late"
    BROKEN = "broken"


class Refused(Exception):
    """The vendor would not take this call. `message` names the field and what is wrong with it."""

    def __init__(self, why: Why, message: str) -> None:
        super().__init__(message)
        self.why = why
        self.message = message
