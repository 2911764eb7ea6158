from labelling.task_types.drawing import Drawing, Place
from labelling.task_types.geopoint.answer import degrees


def show(value: dict, question: dict) -> Drawing:
    """`29.8587° S, 31.0218° E ± 1 km`"""
    (latitude, longitude), radius = degrees(value), value["place"]["radius_m"]
    north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
    within = f"{radius // 1000:,} km" if radius >= 1000 else f"{radius} m"
    words = f"{abs(latitude):.4f}° {north}, {abs(longitude):.4f}° {east} ± {within}".replace(",0", " 0")
    return Drawing(words=words, place=Place(latitude, longitude, radius))
