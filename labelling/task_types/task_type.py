"""What a task type is: capabilities that its folder declares, and the parts that lie in it as modules.

The rest of the platform asks these and knows no type by its name. A part is imported when it is first used, so that a process that
only checks answers never loads what only the merging needs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module, resources
from importlib.util import find_spec
from typing import Any, Protocol, cast, runtime_checkable

from labelling.task_types.drawing import Drawing, Order, Row
from labelling.task_types.parts import Asked
from labelling.task_types.settings import completed
from labelling.task_types.votes import Decided, Learned, Task

LABELS: dict[str, Any] = {"type": "array"}  # a setting of every type that asks for labels


# --- the parts: what each module of a folder must hold ------------------------------------------------------------------
@runtime_checkable
class AnswerPart(Protocol):
    """answer.py: the shape of an answer."""

    def parse(self, value: Any, question: dict) -> dict:
        """The canonical form of a value, or BadAnswer."""

    def relabel(self, value: dict, into: Mapping[str, str]) -> dict:
        """The same answer, each label called what it is one with now."""

    def labels_in(self, value: dict) -> set[str]: ...


@runtime_checkable
class AgreementPart(Protocol):
    """agreement.py. Where answers are categories it also has `category(value) -> str`, which Krippendorff's alpha compares."""

    def agreement(self, a: dict, b: dict, question: dict) -> float:
        """From 0 to 1."""


@runtime_checkable
class GoldPart(Protocol):
    """gold.py. Where it can be said how often a blind guess is right, it also has `by_chance(config) -> float`."""

    def is_right(self, value: dict, truth: dict, question: dict) -> bool: ...


@runtime_checkable
class ShowPart(Protocol):
    """show.py: what the console draws. `question` is that of the item: names and steps of a setting are said in
    `question["language"]`, the reader's."""

    def show(self, value: dict, question: dict) -> Drawing: ...


@runtime_checkable
class TempoPart(Protocol):
    """tempo.py: how fast nobody is."""

    def least_ms(self, value: dict, question: dict, suggested: bool) -> int: ...


@runtime_checkable
class ConsensusPart(Protocol):
    """consensus.py: from votes to decisions. A type whose votes are single labels also has what skill runs over shards need:
    `votes_of` and `learned_from`."""

    METHOD: str

    def decide_many(self, tasks: list[Task], skills: dict[str, dict], config: dict) -> list[Decided]: ...

    def learn_skills_of(self, tasks: list[Task], config: dict) -> dict[str, Learned]: ...


@runtime_checkable
class OutlinePart(Protocol):
    """outline.py, where marks are outlines in pictures."""

    def of_outline(self, label: str, outline: Any, question: dict) -> tuple[dict, bool]:
        """The mark that an outline (labelling/formats/outlines.py) is, and whether it was cut at the picture's edge; BadAnswer, whose
        sentence goes on after `Mark 7 was left out:`. The module may also have `TAKES_CROWDS` (marks of several things as one are answers)
        and `join(marks)`, the list that an answer holds, where not every list of marks is one."""


@runtime_checkable
class AidsPart(Protocol):
    """aids.py, where `TYPE.aids` names files that help to answer. It runs in the sandbox in which strangers' files are decoded, once a
    picture, at the import: what it imports is loaded there."""

    def make(self, picture: Any, size: tuple[int, int], out: Any) -> None:
        """Write the files into the folder `out`. picture: intake's Upright, of which parts are read; size: width and height in pixels of
        the upright original, in which answers count. It may raise: then the picture is taken without them."""


@runtime_checkable
class NumberPart(Protocol):
    """number.py, where an answer is a number."""

    def range_of(self, config: Mapping[str, Any]) -> tuple[float, float]:
        """The least and the greatest that it can be."""

    def number_of(self, value: Mapping[str, Any]) -> float: ...


@runtime_checkable
class SettingsPart(Protocol):
    """settings.py, where settings depend on each other. It also has `read_<key>(text)` and `write_<key>(value)` for each that is typed;
    `completed(config)`, where more than defaults is to be filled in, or a program may send what is typed (BadSetting); and
    `within(config)`, where questions of other types lie in the settings: (field, name of the type, its settings) of each."""

    def check(self, config: Mapping[str, Any]) -> None:
        """BadSetting."""


@runtime_checkable
class OrderPart(Protocol):
    """order.py, where answers say which parts are better."""

    def of_order(self, order: Order, question: dict) -> dict:
        """The value that an order is, not checked yet."""


@runtime_checkable
class StepsPart(Protocol):
    """steps.py, where answers say which parts are wrong."""

    def of_steps(self, steps: Sequence[Any], question: dict) -> dict | None:
        """The value of what a file states (`drawing.Step`s without a label), not checked yet; None where more is asked than it knows."""


@runtime_checkable
class PlacePart(Protocol):
    """place.py, where answers are places on the globe."""

    def of_place(self, place: Any, question: dict) -> dict:
        """The value that a place (drawing.Place) in a file is, not checked yet."""


@runtime_checkable
class RowsPart(Protocol):
    """rows.py, where an answer is made of several."""

    def of_rows(self, rows: Sequence[Row], question: dict) -> dict | None:
        """The value of what a file states under the names of questions, not checked yet; None where it states none that is asked."""


PARTS: dict[str, type] = {
    "answer": AnswerPart,
    "agreement": AgreementPart,
    "gold": GoldPart,
    "show": ShowPart,
    "tempo": TempoPart,
    "consensus": ConsensusPart,
}


# --- the type -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class TaskType:
    """`home` is the folder's package (`__name__` in its `__init__.py`); all else is declared there, in the words of this class."""

    home: str
    title: Mapping[str, str]  # by language
    media: frozenset[str]
    settings: Mapping[str, Mapping[str, Any]]  # JSON Schema of each key that Project.config may have: settings.py
    scalar: str | None = None  # the one field that is the whole answer
    marks: str | None = None  # or the list that is, of things that bear a label each
    draws: type | None = None  # the shape that each of them is, Tag or Words: formats that can say it fit
    config_bytes: int = 20_000  # at most: the settings go to every phone that takes work
    writes_words: bool = False  # an answer is in a language, which whoever answers must know
    picture: str = "1280"  # the variant of a picture that phones fetch beforehand
    picture_by_look: Mapping[str, str] = field(default_factory=dict)  # another one where the project's look asks for it
    aids: tuple[str, ...] = ()  # files that aids.py makes of each picture and phones hold beside it: name and ending
    asked: Asked | None = (
        None  # of items of parts: the parts that an answer is about; None: any, and it is about all of them
    )
    points_at: tuple[
        str, ...
    ] = ()  # where in a value the part stands that was found best: how often that is the first shown, is told

    def compared(self, parts: Sequence[Mapping[str, Any]]) -> list[str]:
        """The ids of the parts that an answer is about, of a type that names their roles."""
        if self.asked is None:
            raise TypeError(f"{self.name} asks for no parts")
        return self.asked.among(parts)

    @property
    def name(self) -> str:
        return self.home.rpartition(".")[2]

    def picture_of(self, config: Mapping[str, Any]) -> str:
        return self.picture_by_look.get(config.get("look", ""), self.picture)

    @property
    def needs_labels(self) -> bool:
        return "labels" in self.settings

    def _part(self, part: str) -> Any:
        return import_module(f"{self.home}.{part}")

    @cached_property
    def schema(self) -> dict[str, Any]:
        """JSON Schema of its answers: schema.json. Not to be changed."""
        text = resources.files(self.home).joinpath("schema.json").read_text(encoding="utf-8")
        return cast(dict[str, Any], json.loads(text))

    @cached_property
    def answer(self) -> AnswerPart:
        return cast(AnswerPart, self._part("answer"))

    @cached_property
    def agreement(self) -> AgreementPart:
        return cast(AgreementPart, self._part("agreement"))

    @cached_property
    def gold(self) -> GoldPart:
        return cast(GoldPart, self._part("gold"))

    @cached_property
    def tempo(self) -> TempoPart:
        return cast(TempoPart, self._part("tempo"))

    @cached_property
    def consensus(self) -> Any:
        """A ConsensusPart, with whatever more its type's skill runs need."""
        return self._part("consensus")

    @cached_property
    def outline(self) -> OutlinePart | None:
        """How a mark is made of what a file beside a picture states; None where such files say nothing."""
        return cast(OutlinePart, self._part("outline")) if find_spec(f"{self.home}.outline") else None

    @cached_property
    def number(self) -> NumberPart | None:
        """The number that an answer is; None where it is none."""
        return cast(NumberPart, self._part("number")) if find_spec(f"{self.home}.number") else None

    @cached_property
    def settings_part(self) -> SettingsPart | None:
        """What JSON Schema cannot say of its settings; None where it says all."""
        return cast(SettingsPart, self._part("settings")) if find_spec(f"{self.home}.settings") else None

    def completed(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """The config with whatever it does not say: defaults, ids."""
        own = getattr(self.settings_part, "completed", dict)
        return own(completed(self.settings, config))

    @property
    def is_composed(self) -> bool:
        """Whether its settings hold questions of other types."""
        return hasattr(self.settings_part, "within")

    def within(self, config: Mapping[str, Any]) -> list[tuple[str, str, dict]]:
        return cast(Any, self.settings_part).within(config) if self.is_composed else []

    @property
    def aid_names(self) -> tuple[str, ...]:
        """The names under which its aids are kept with a picture."""
        return tuple(f"{self.name}.{aid}" for aid in self.aids)

    def check_config(self, config: Mapping[str, Any]) -> None:
        """BadSetting where settings that are right each for itself do not go together."""
        if self.settings_part is not None:
            self.settings_part.check(config)

    @cached_property
    def order(self) -> OrderPart | None:
        """How an answer is made of what a file states of the better part; None where such files say nothing."""
        return cast(OrderPart, self._part("order")) if find_spec(f"{self.home}.order") else None

    @cached_property
    def steps(self) -> StepsPart | None:
        """How an answer is made of what a file states of wrong parts; None where such files say nothing."""
        return cast(StepsPart, self._part("steps")) if find_spec(f"{self.home}.steps") else None

    @cached_property
    def rows(self) -> RowsPart | None:
        """How an answer is made of several that a file states; None where it is one."""
        return cast(RowsPart, self._part("rows")) if find_spec(f"{self.home}.rows") else None

    @cached_property
    def place(self) -> PlacePart | None:
        """How an answer is made of a place in a file; None where answers are none."""
        return cast(PlacePart, self._part("place")) if find_spec(f"{self.home}.place") else None

    @cached_property
    def columns_of(self) -> Callable[[dict], dict[str, Any]] | None:
        """What a value says in the columns of a table; None where one column says it all."""
        return self._part("columns").columns_of if find_spec(f"{self.home}.columns") else None

    @cached_property
    def score_of(self) -> Callable[[dict, dict], float | None] | None:
        """score_of(value, question): what a value is worth from 0 to 1, where that can be said; None for types of which it never can."""
        return self._part("score").score_of if find_spec(f"{self.home}.score") else None

    @property
    def category(self) -> Any:
        """category(value), where answers are categories; else None."""
        return getattr(self.agreement, "category", None)

    @property
    def by_chance(self) -> Callable[[Mapping[str, Any]], float] | None:
        """by_chance(config): how often a blind guess is right; None where nobody can say."""
        return getattr(self.gold, "by_chance", None)

    def parse(self, value: Any, question: dict) -> dict:
        return self.answer.parse(value, question)

    def relabel(self, value: dict, into: Mapping[str, str]) -> dict:
        """The answer with the labels that were merged called by what they are one with now."""
        return self.answer.relabel(value, into) if into else value

    def labels_in(self, value: dict) -> set[str]:
        return self.answer.labels_in(value)

    def is_right(self, value: dict, truth: dict, question: dict) -> bool:
        return self.gold.is_right(value, truth, question)

    def show(self, value: dict, question: dict) -> Drawing:
        return self._part("show").show(value, question)

    def holding(self, label: str) -> dict | None:
        """What JSON a value contains when the label is in it; None where answers have no labels."""
        if self.scalar == "label":
            return {"label": label}
        if self.scalar == "labels":
            return {"labels": [label]}
        return {self.marks: [{"label": label}]} if self.marks else None
