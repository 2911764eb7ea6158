"""Small real data that the tests make: sentences in English, Chinese and Cantonese, and drawn shapes."""

import io
import random

from PIL import Image, ImageDraw

from ml_assist.learners import Content, Example

ENGLISH = {
    "good": (
        ["wonderful", "friendly", "delicious", "quick", "lovely", "clean"],
        ["I loved", "We enjoyed", "Happy with"],
    ),
    "bad": (["awful", "rude", "tasteless", "slow", "broken", "dirty"], ["I hated", "We regret", "Angry about"]),
}
CHINESE = {
    "good": (["好吃", "干净", "热情", "便宜", "美味"], ["很喜欢", "非常满意", "下次还来", "强烈推荐"]),
    "bad": (["难吃", "肮脏", "冷淡", "太贵", "恶心"], ["很失望", "非常生气", "再也不来", "千万别去"]),
}
CANTONESE = {
    "good": (["好好味", "好靚", "好抵", "好正", "好快"], ["我好鍾意", "下次再嚟", "一定要試"]),
    "bad": (["好難食", "好污糟", "好貴", "好差", "好慢"], ["我好嬲", "以後唔嚟", "千祈唔好去"]),
}
NOUNS = {
    "en": ["the soup", "the waiter", "this shop", "the room", "the ride", "the phone", "the noodles", "the bus"],
    "zh": ["这家店", "这碗面", "服务员", "这个房间", "那里的鱼", "他们的茶"],
    "yue": ["呢間舖", "呢碗麵", "個侍應", "間房", "啲魚", "佢哋嘅茶"],
}


def english(n: int, seed: int = 0) -> list[Example]:
    return _sentences(ENGLISH, "en", " ", n, seed)


def chinese(n: int, seed: int = 0) -> list[Example]:
    return _sentences(CHINESE, "zh", "", n, seed)


def cantonese(n: int, seed: int = 0) -> list[Example]:
    return _sentences(CANTONESE, "yue", "", n, seed)


def _sentences(words: dict, language: str, space: str, n: int, seed: int) -> list[Example]:
    """Labels in turn; a number in each sentence, so that no two are the same item."""
    chance, found = random.Random(seed), []
    for i in range(n):
        label = "good" if i % 2 else "bad"
        adjectives, openings = words[label]
        parts = [
            chance.choice(openings),
            chance.choice(NOUNS[language]),
            chance.choice(adjectives),
            str(seed * 10_000 + i),
        ]
        found.append(Example(Content(text=space.join(parts)), label))
    return found


def noise(n: int, seed: int = 0) -> list[Example]:
    """Nothing to learn: the label is a coin."""
    chance = random.Random(seed)
    return [Example(Content(text=f"item {chance.random()}"), chance.choice(["bad", "good"])) for _ in range(n)]


def shape(label: str, chance: random.Random, size: int = 160) -> bytes:
    """A disc, a triangle or bars, any colour, place and size, on a busy ground."""
    ground = random.Random(chance.random()).randbytes(size * size // 16)
    picture = Image.frombytes("L", (size // 4, size // 4), ground).resize((size, size)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    colour = tuple(chance.randrange(256) for _ in range(3))
    r = chance.randrange(size // 5, size // 3)
    x, y = chance.randrange(r, size - r), chance.randrange(r, size - r)
    if label == "disc":
        draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)
    elif label == "triangle":
        draw.polygon([(x - r, y + r), (x + r, y + r), (x, y - r)], fill=colour)
    else:
        for k in range(-2, 3):
            draw.rectangle((x + k * r // 2 - 4, y - r, x + k * r // 2 + 4, y + r), fill=colour)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=85)
    return out.getvalue()


SHAPES = ["bars", "disc", "triangle"]


def shapes(n: int, seed: int = 0) -> list[Example]:
    chance = random.Random(seed)
    return [Example(Content(image=shape(SHAPES[i % 3], chance)), SHAPES[i % 3]) for i in range(n)]
