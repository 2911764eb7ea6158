from labelling.task_types.drawing import Place
from labelling.task_types.geopoint.answer import RADII_M, made


def of_place(place: Place, question: dict) -> dict:
    """The radius that is stated, or the next larger of those that can be said; where none is, the nearest."""
    radius = next((one for one in RADII_M if one >= (place.radius_m or 0)), RADII_M[-1])
    return made(round(place.latitude * 1e6), round(place.longitude * 1e6), radius)
