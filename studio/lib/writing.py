"""What a text's letters tell: its language, and whether a spreadsheet would calculate it."""

import unicodedata


def language_of(text: str, otherwise: str) -> str:
    """ "ja" where there is kana, "zh-hans" where there are only Chinese characters, "en" where
    there are other letters; `otherwise` where there are no letters at all.
    """
    names = {unicodedata.name(c, "").partition(" ")[0] for c in text if c.isalpha()}
    if names & {"HIRAGANA", "KATAKANA"}:
        return "ja"
    if "CJK" in names:
        return "zh-hans"
    return "en" if names else otherwise


GUARD = "'"
# What begins a formula in a spreadsheet, or is skipped before one; wide forms are read as narrow
# ones. And the guard itself, so that taking it off restores every text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", GUARD)


def neutral(text: str) -> str:
    """`text` as a cell that no spreadsheet calculates."""
    return f"{GUARD}{text}" if text.startswith(_FORMULA) else text


def restored(cell: str) -> str:
    """The text that `neutral` made the cell of."""
    return cell.removeprefix(GUARD)
