"""What an admin types to add a look beside the studio's own, or to change it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from studio.assets import uploads
from studio.assets.sizes import File as Encoded
from studio.generations import styles
from studio.generations.palette import StudioStyle


class PictureInput(forms.FileInput):
    """Without the name of what is there: that can be seen."""

    def __init__(self) -> None:
        super().__init__({"accept": "image/png,image/jpeg,image/webp"})


class StyleForm(forms.ModelForm):  # type: ignore[type-arg]
    """The picture comes last: if it is too large to be read on, the words before it are here."""

    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        required=False,
        widget=PictureInput(),
        help_text=gettext_lazy(
            "JPEG, PNG or WebP; shown 4:3. Without one, the first letter stands."
        ),
    )

    class Meta:
        model = StudioStyle
        fields = ("name", "words_en", "words_zh", "words_ja")
        help_texts = {
            "words_en": gettext_lazy("What the style adds to a prompt, in one short sentence."),
            "words_zh": gettext_lazy(
                "For prompts in Chinese. Without it the English words are used."
            ),
            "words_ja": gettext_lazy(
                "For prompts in Japanese. Without it the English words are used."
            ),
        }

    def __init__(self, *args: Any, cut: str = "", **options: Any) -> None:
        """`cut` says why the picture was not read on, where it was not."""
        super().__init__(*args, **options)
        self.cut = cut

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        others = (style for style in styles.styles() if style.key != self.instance.key)
        taken = {said.casefold() for s in others for said in (s.name, styles.name(s.key))}
        if name.casefold() in taken:
            raise ValidationError(_("There is a style of this name already."))
        return name

    def clean_picture(self) -> Encoded | None:
        file: File[bytes] | None = self.cleaned_data["picture"]
        if self.cut:
            raise ValidationError(self.cut)
        if file is None:
            return None
        try:
            return uploads.small(file, StudioStyle.PICTURE_SIDE)
        except uploads.Refused as refused:
            raise ValidationError(refused.message) from refused
