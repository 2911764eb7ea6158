"""Notices that a person chose."""

from typing import Annotated, Literal, TypedDict

from api.contract.fields import Checked, OneOf, Text, Whole, YesNo
from api.contract.requests import Body
from notices.models import Way

LAST_HOUR = 23


class PushKeys(TypedDict):
    """A subscription as the browser's PushSubscription.toJSON() has it, its keys beside the address."""

    endpoint: str
    p256dh: str
    auth: str


class NoticesChosen(Body):
    """What is left out stays as it is. `push`: this phone's subscription, where notices go to phones."""

    work = YesNo(required=False)
    money = YesNo(required=False)
    appeals = YesNo(required=False)
    by = OneOf(choices=list(Way.values), required=False)
    quiet_from = Whole(most=LAST_HOUR, required=False)
    quiet_until = Whole(most=LAST_HOUR, required=False)
    time_zone = Text(most=60, required=False)
    push = Checked(PushKeys)


class Notices(TypedDict):
    work: bool
    money: bool
    appeals: bool
    by: Literal[tuple(Way.values)]  # type: ignore[valid-type]
    ways: Annotated[list[Literal[tuple(Way.values)]], "Those that reach her."]  # type: ignore[valid-type]
    quiet_from: Annotated[int, "An hour of her day; as quiet_until: none are quiet."]
    quiet_until: int
    time_zone: Annotated[str, "IANA's name, for example Africa/Johannesburg."]
    push_key: Annotated[str, "applicationServerKey, base64url."]
