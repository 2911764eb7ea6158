"""What a file of another tool states of a picture, a sound or a clip, before anybody has looked at it."""

from labelling.formats.outlines import Marks
from labelling.formats.stretches import Stretches
from labelling.formats.trails import Trails

Stated = Marks | Stretches | Trails
