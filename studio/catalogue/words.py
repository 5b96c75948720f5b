"""Words of a pure module: marked for the translators, translated by whoever shows them."""

from studio.catalogue.specs import Mode


def gettext_noop(text: str) -> str:
    """Found by the tools that collect what is to be translated; does nothing."""
    return text


MODES: dict[Mode, str] = {
    Mode.TEXT: gettext_noop("Words"),
    Mode.IMAGE: gettext_noop("Start"),
    Mode.START_END: gettext_noop("Start + end"),
    Mode.REFERENCE: gettext_noop("References"),
}
