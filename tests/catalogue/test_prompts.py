import pytest

from studio.catalogue.load import model
from studio.catalogue.prompts import check_prompt, joined
from studio.catalogue.specs import Mode

ANIMATIC = "local/animatic"
OLD = "vidu/vidu2.0-img2video"


@pytest.mark.parametrize(
    ("key", "mode", "limit"),
    [
        ("zai/vidu2-image", Mode.IMAGE, 512),
        ("bigmodel/cogvideox-2", Mode.TEXT, 512),
        ("jiekou/vidu-2.0-reference2video", Mode.REFERENCE, 1500),
        ("vidu/viduq2-text2video", Mode.TEXT, 5000),
        (ANIMATIC, Mode.TEXT, 500),
    ],
)
def test_a_prompt_of_the_limit_is_taken_and_one_more_is_counted(
    key: str, mode: Mode, limit: int
) -> None:
    # A character is one, whether it is an A, a rabbit or a smile.
    prompt = ("A兔😀" * limit)[:limit]
    assert check_prompt(model(key), mode, prompt) == []
    (fault,) = check_prompt(model(key), mode, prompt + "兔")
    assert fault.code == "prompt_too_long"
    assert f"{limit + 1} of {limit} characters" in str(fault)


@pytest.mark.parametrize(
    "prompt",
    ["", "   ", "\n\t", "\u200b\u200d\ufeff", "\u3000", "\u3164", "\u2800", "\u0301", "\x00"],
)
def test_a_prompt_that_nobody_can_see_is_no_prompt(prompt: str) -> None:
    (fault,) = check_prompt(model("zai/vidu2-image"), Mode.IMAGE, prompt)
    assert (fault.code, str(fault)) == ("no_prompt", "Please write a prompt.")


@pytest.mark.parametrize("prompt", ["a", "兔", "。", "7", "😀", "\u200bx"])
def test_one_visible_character_is_a_prompt(prompt: str) -> None:
    assert check_prompt(model("zai/vidu2-image"), Mode.IMAGE, prompt) == []


def test_where_a_picture_is_enough_no_prompt_is_needed() -> None:
    assert check_prompt(model(OLD), Mode.IMAGE, "") == []
    assert check_prompt(model(ANIMATIC), Mode.START_END, "") == []
    assert check_prompt(model(ANIMATIC), Mode.TEXT, "") != []


def test_the_words_of_a_style_count_towards_the_limit() -> None:
    spec, words = model("zai/vidu2-image"), "Anime style."
    room = 512 - len(" " + words)
    assert check_prompt(spec, Mode.IMAGE, "a" * (room - 1), words) == []
    (fault,) = check_prompt(spec, Mode.IMAGE, "a" * room, words)
    assert "513 of 512 characters" in str(fault)


def test_the_words_of_a_style_are_no_prompt_by_themselves() -> None:
    (fault,) = check_prompt(model("zai/vidu2-image"), Mode.IMAGE, "", "Anime style.")
    assert fault.code == "no_prompt"


@pytest.mark.parametrize(
    ("prompt", "words", "sent"),
    [
        ("A boat", "Anime style.", "A boat. Anime style."),
        ("A boat! ", "Anime style.", "A boat! Anime style."),
        ("舟が行く", "アニメ調。", "舟が行く。アニメ調。"),
        ("舟が行く。", "3Dアニメーション。", "舟が行く。3Dアニメーション。"),
        ("", "Anime style.", "Anime style."),
        ("A boat", "", "A boat"),
    ],
)
def test_a_style_follows_the_prompt_as_a_sentence_of_its_own(
    prompt: str, words: str, sent: str
) -> None:
    assert joined(prompt, words) == sent
