"""May these pictures be sent? Number, format, bytes, size and shape, each as its seller says."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from studio.catalogue.rules import Fault
from studio.catalogue.specs import Mode, ModelSpec, PictureRule, Role
from studio.catalogue.words import gettext_noop


@dataclass(frozen=True)
class PictureFacts:
    """A picture as it will be used. Pixels; `format` such as "jpeg"."""

    role: Role
    width: int
    height: int
    bytes: int
    format: str

    @property
    def ratio(self) -> float:
        return self.width / self.height


def check_pictures(spec: ModelSpec, mode: Mode, pictures: Sequence[PictureFacts]) -> list[Fault]:
    """Number, then each picture by itself, then what they are together."""
    rule = spec.pictures.get(mode)
    if rule is None:
        return [Fault("pictures", "no_pictures", _NO_PICTURES)] if pictures else []
    wrong_number = list(_wrong_number(mode, rule, pictures))
    if wrong_number:
        return wrong_number
    faults = [
        replace(fault, number=number)
        for number, picture in enumerate(pictures)
        for fault in _picture_faults(rule, picture)
    ]
    return faults or [*_pair_faults(rule, pictures), *_body_faults(rule, pictures)]


_NO_PICTURES = gettext_noop("This model takes no pictures here.")
_MISSING = {
    Role.START: gettext_noop("Please add a start frame."),
    Role.END: gettext_noop("Please add an end frame."),
}


def _wrong_number(
    mode: Mode, rule: PictureRule, pictures: Sequence[PictureFacts]
) -> Iterator[Fault]:
    roles = [picture.role for picture in pictures]
    if mode in (Mode.IMAGE, Mode.START_END):
        wanted = (Role.START, Role.END)[: rule.maximum]
        missing = [role for role in wanted if role not in roles]
        yield from (Fault(role, "missing_picture", _MISSING[role]) for role in missing)
        if not missing and len(roles) != len(wanted):
            message = gettext_noop("Too many pictures: %(given)s of %(maximum)s.")
            shown = {"given": len(roles), "maximum": len(wanted)}
            yield Fault("pictures", "too_many_pictures", message, shown)
    elif not rule.minimum <= len(roles) <= rule.maximum or set(roles) != {Role.REFERENCE}:
        message = gettext_noop(
            "Please give %(minimum)s to %(maximum)s references; there are %(given)s."
        )
        given = roles.count(Role.REFERENCE)
        code = "too_many_pictures" if given > rule.maximum else "number_of_references"
        shown = {"minimum": rule.minimum, "maximum": rule.maximum, "given": given}
        yield Fault(Role.REFERENCE, code, message, shown)


def _picture_faults(rule: PictureRule, picture: PictureFacts) -> Iterator[Fault]:
    yield from _file_faults(rule, picture)
    size = {"width": picture.width, "height": picture.height}
    if min(picture.width, picture.height) < rule.min_side:
        message = gettext_noop(
            "The picture is %(width)s × %(height)s pixels; each side needs at least %(side)s."
        )
        yield Fault(picture.role, "picture_too_small", message, size | {"side": rule.min_side})
    if not ratio_fits(rule, picture):
        message = gettext_noop(
            "The picture is %(width)s × %(height)s pixels, which is too long a strip: "
            "width divided by height may be %(low)s to %(high)s."
        )
        shown = size | {"low": rule.ratio_low, "high": rule.ratio_high}
        yield Fault(picture.role, "picture_ratio", message, shown)


def ratio_fits(rule: PictureRule, picture: PictureFacts) -> bool:
    low, high = rule.ratio_low, rule.ratio_high
    return (low is None or picture.ratio >= low) and (high is None or picture.ratio <= high)


def _file_faults(rule: PictureRule, picture: PictureFacts) -> Iterator[Fault]:
    if picture.format not in rule.formats:
        message = gettext_noop("The picture is kept as %(format)s; this model takes %(allowed)s.")
        allowed = ", ".join(format.upper() for format in rule.formats)
        shown = {"format": picture.format.upper(), "allowed": allowed}
        yield Fault(picture.role, "picture_format", message, shown)
    if picture.bytes > rule.max_bytes:
        message = gettext_noop("The picture has %(given)s MB; this model takes up to %(limit)s MB.")
        shown = {"given": _megabytes(picture.bytes), "limit": _megabytes(rule.max_bytes)}
        yield Fault(picture.role, "picture_too_heavy", message, shown)


def _megabytes(count: int) -> str:
    """Rounded up, so that what is over a limit also reads as more."""
    return f"{math.ceil(count / 10_000) / 100:g}"


def _pair_faults(rule: PictureRule, pictures: Sequence[PictureFacts]) -> Iterator[Fault]:
    if not pairs(rule, pictures):
        return
    start, end = sorted(pictures, key=lambda picture: picture.role == Role.END)
    if not pair_fits(rule, start, end):
        message = gettext_noop(
            "Start and end frame differ too much in shape: one ratio divided by the other is "
            "%(pair)s and may be %(low)s to %(high)s."
        )
        pair = round(pair_ratio(start, end), 2)
        shown = {"pair": pair, "low": rule.pair_low, "high": rule.pair_high}
        yield Fault(Role.END, "pair_ratio", message, shown)


def pairs(rule: PictureRule, pictures: Sequence[PictureFacts]) -> bool:
    """Whether these are a start and an end frame whose shapes must be alike."""
    return rule.pair_low is not None and rule.pair_high is not None and len(pictures) == 2


def pair_fits(rule: PictureRule, start: PictureFacts, end: PictureFacts) -> bool:
    return (rule.pair_low or 0) <= pair_ratio(start, end) <= (rule.pair_high or math.inf)


def pair_ratio(start: PictureFacts, end: PictureFacts) -> float:
    # One division of whole numbers, so that exactly 4:5 is exactly 0.8.
    return (start.width * end.height) / (start.height * end.width)


# What a request has beside its pictures: the longest prompt, escaped, and the settings.
_REST_OF_BODY = 64 * 1024
_URI_HEAD = len("data:image/jpeg;base64,") + len('"",')


def body_bytes(pictures: Sequence[PictureFacts]) -> int:
    """How large a request becomes with these pictures written out in it."""
    return _REST_OF_BODY + sum(_URI_HEAD + 4 * math.ceil(p.bytes / 3) for p in pictures)


def lightest_share(rule: PictureRule, sizes: Sequence[int]) -> int:
    """How many bytes each picture may have so that all fit into one request: the light ones keep
    theirs, the heavy ones share what is left.
    """
    if rule.max_body_bytes is None:
        return rule.max_bytes
    # In base64 three bytes become four characters.
    room = (rule.max_body_bytes - _REST_OF_BODY - _URI_HEAD * len(sizes)) // 4
    for done, size in enumerate(sorted(sizes)):
        share = max(0, room) // (len(sizes) - done)
        if math.ceil(size / 3) > share:
            return min(rule.max_bytes, share * 3)
        room -= math.ceil(size / 3)
    return rule.max_bytes


def _body_faults(rule: PictureRule, pictures: Sequence[PictureFacts]) -> Iterator[Fault]:
    whole = body_bytes(pictures)
    if rule.max_body_bytes is None or whole <= rule.max_body_bytes:
        return
    message = gettext_noop(
        "With its pictures the request has %(given)s MB; this model takes up to %(limit)s MB."
    )
    shown = {"given": _megabytes(whole), "limit": _megabytes(rule.max_body_bytes)}
    yield Fault("pictures", "body_too_heavy", message, shown)
