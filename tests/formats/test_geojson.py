"""Places of photos as maps read them: in, and out again."""

import json

import pytest

from labelling.models import Gold, Item
from tests.formats.decided import built, crew, decide, downloaded, new_batch
from tests.formats.worlds import counts, file, new_dataset, picture, refused, upload_one, zipped

pytestmark = pytest.mark.django_db


def feature(name: str, coordinates, **more) -> dict:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": coordinates},
        "properties": {"file": name, "town": "Durban", **more},
    }


def collection(*features) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_places_come_in_as_what_is_known():
    dataset = new_dataset("image", "geopoint", near_m=25_000)
    files = {f"{name}.png": picture(colour) for name, colour in (("a", "red"), ("b", "blue"), ("c", "green"))}
    table = collection(
        feature("a.png", [31.0218, -29.8587, 12.5], radius_m=800),
        feature("b.png", [180, 0]),
        feature("c.png", [31.0, -91.0]),
        {**feature("c.png", []), "geometry": {"type": "LineString", "coordinates": [[1, 1], [2, 2]]}},
    )
    made = upload_one(dataset, file("photos.zip", zipped({**files, "places.geojson": table})))
    assert counts(made)[2] == 2
    assert {field for _n, _place, field in refused(made)} >= {"geometry"}
    truths = {one.item.file_name: one.truth["place"] for one in Gold.objects.all()}
    assert truths["a.png"] == {"latitude_e6": -29858700, "longitude_e6": 31021800, "radius_m": 1000}
    assert truths["b.png"] == {"latitude_e6": 0, "longitude_e6": -180000000, "radius_m": 10}
    assert Item.objects.get(file_name="a.png").metadata["town"] == "Durban"


def test_what_is_decided_leaves_and_is_read_again():
    dataset, workers = new_dataset("image", "geopoint", near_m=25_000), crew(3)
    upload_one(dataset, file("a.png", picture()))
    [item] = Item.objects.all()
    value = {"place": {"latitude_e6": -29858700, "longitude_e6": 31021800, "radius_m": 1000}}
    decide(item, new_batch(dataset), value, workers)
    whole = json.loads(downloaded(built(dataset), "geojson"))
    [one] = whole["features"]
    assert whole["type"] == "FeatureCollection"
    assert one["geometry"] == {"type": "Point", "coordinates": [31.0218, -29.8587]}
    assert one["properties"]["radius_m"] == 1000
    again = new_dataset("image", "geopoint", near_m=25_000)
    upload_one(again, file("again.zip", zipped({"a.png": picture(), "a.geojson": json.dumps(whole).encode()})))
    assert Gold.objects.get(item__dataset=again).truth == value
