"""In which of the studio's languages a text is written, by its letters."""

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
