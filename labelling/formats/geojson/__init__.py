"""GeoJSON (RFC 7946): a feature collection, a point an item, longitude before latitude in degrees of WGS 84."""

from labelling.formats.format import Format
from labelling.formats.geojson.read import is_table, read
from labelling.formats.geojson.write import write
from labelling.task_types.drawing import Place

FORMAT = Format(
    "geojson",
    "GeoJSON: a feature collection of points",
    "geojson",
    "application/geo+json",
    write,
    frozenset({Place}),
    frozenset({"json", "geojson"}),
    is_table,
    read,
)
