"""The studio's own named looks. Admins add theirs beside them (`generations.styles`).

Where a model has a `style` field, `value` is the one of it that means this look; elsewhere the
`words` of the prompt's language are added to the prompt.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.catalogue.specs import Mode, ModelSpec
from studio.catalogue.words import gettext_noop

# The vendors' name for the field; our own screens never ask for it beside the style.
FIELD = "style"
ENGLISH, CHINESE, JAPANESE = "en", "zh-hans", "ja"


@dataclass(frozen=True)
class Style:
    """`key` "" is no style. `words` by language; one that is missing is said in English."""

    key: str
    name: str
    words: Mapping[str, str] = field(default_factory=dict)
    value: str = ""

    @property
    def is_ours(self) -> bool:
        """One of those below, whose names are translated and which have a picture."""
        return bool(self.key) and not self.key.startswith("~")

    @property
    def picture(self) -> str:
        """Among the static files."""
        return f"img/styles/{self.key}.webp"

    def words_in(self, language: str) -> str:
        return self.words.get(language) or self.words.get(ENGLISH, "")


def field_value(style: Style, spec: ModelSpec, mode: Mode) -> str:
    """What the model's own field is set to; empty where it has none for this look."""
    parameter = spec.parameter(FIELD)
    if parameter is None or parameter not in spec.parameters_in(mode):
        return ""
    return style.value if style.value in parameter.allowed else ""


STYLES = (
    Style(
        "general",
        gettext_noop("General"),
        {
            ENGLISH: "Natural colours, clean cinematic image.",
            CHINESE: "自然色彩，画面干净，电影质感。",
            JAPANESE: "自然な色合い、すっきりした映画的な映像。",
        },
        value="general",
    ),
    Style(
        "anime",
        gettext_noop("Anime"),
        {
            ENGLISH: "Anime style, clean line art, cel shading.",
            CHINESE: "动漫风格，线条清晰，赛璐璐上色。",
            JAPANESE: "アニメ調、くっきりした線画、セル塗り。",
        },
        value="anime",
    ),
    Style(
        "realistic",
        gettext_noop("Realistic"),
        {
            ENGLISH: "Photorealistic, natural light, true textures.",
            CHINESE: "写实风格，自然光线，真实质感。",
            JAPANESE: "写実的、自然光、本物らしい質感。",
        },
    ),
    Style(
        "japanese",
        gettext_noop("Japanese animation"),
        {
            ENGLISH: "Japanese animated film, painted backgrounds, soft light.",
            CHINESE: "日本动画电影风格，手绘背景，柔和光线。",
            JAPANESE: "日本のアニメーション映画風、手描きの背景、やわらかな光。",
        },
    ),
    Style(
        "chinese",
        gettext_noop("Chinese animation"),
        {
            ENGLISH: "Chinese animation, ink-wash landscape, flowing brush lines.",
            CHINESE: "国风动画，水墨山水，笔触流畅。",
            JAPANESE: "中国アニメーション風、水墨の風景、流れる筆の線。",
        },
    ),
    Style(
        "american",
        gettext_noop("American animation"),
        {
            ENGLISH: "American cartoon, bold outlines, flat bright colours, lively motion.",
            CHINESE: "美式卡通，粗轮廓线，明快平涂色彩，动作夸张。",
            JAPANESE: "アメリカのカートゥーン風、太い輪郭線、明るい単色、生き生きした動き。",
        },
    ),
    Style(
        "3d",
        gettext_noop("3D"),
        {
            ENGLISH: "3D animation, soft global light, rounded shapes.",
            CHINESE: "三维动画，柔和全局光照，圆润造型。",
            JAPANESE: "3Dアニメーション、やわらかな全体光、丸みのある形。",
        },
    ),
    Style(
        "hand-drawn",
        gettext_noop("Hand-drawn"),
        {
            ENGLISH: "Hand-drawn pencil and crayon, visible paper grain.",
            CHINESE: "手绘铅笔与蜡笔质感，可见纸张纹理。",
            JAPANESE: "手描きの鉛筆とクレヨン、紙の質感。",
        },
    ),
)
