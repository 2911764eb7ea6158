"""Which of the fonts that every reader of PDF has, or finds on its machine, writes a text (ISO 32000-1, 9.6.2 and 9.7.5.2). Pure."""

from __future__ import annotations

# By the letters that a font has, as a codec of Python names them: regular and bold. Those after Helvetica are Adobe's for
# traditional Chinese, simplified Chinese (with Japan's kana and characters) and Korean; they have one weight.
FONTS = {
    "cp1252": ("Helvetica", "Helvetica-Bold"),
    "big5": ("MSung-Light", "MSung-Light"),
    "gbk": ("STSong-Light", "STSong-Light"),
    "euc_kr": ("HYSMyeongJo-Medium", "HYSMyeongJo-Medium"),
}


def font_of(text: str, *, bold: bool = False) -> str | None:
    """None where none of them has all its letters: Arabic, or two scripts in one line."""
    return next((fonts[bold] for codec, fonts in FONTS.items() if _has(codec, text)), None)


def can_write(text: str) -> bool:
    return font_of(text) is not None


def _has(codec: str, text: str) -> bool:
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
