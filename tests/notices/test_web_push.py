"""Sealed as the standard's own example says: RFC 8291, section 5."""

from cryptography.hazmat.primitives.asymmetric import ec

from notices import web_push
from notices.web_push import CURVE, b64, sealed, unb64

PHONE = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH, SALT = "BTBZMqHH6r4Tts7J_aSIgg", "DGv6ra1nlYgDCS1FRnbzlw"
OURS = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6"
    "cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_the_standard():
    key = ec.derive_private_key(int.from_bytes(unb64(OURS)), CURVE)
    text = b"When I grow up, I want to be a watermelon"
    assert b64(sealed(text, PHONE, AUTH, key, unb64(SALT))) == SEALED


def test_the_servers_key_follows_from_its_secret_or_is_the_operators(settings):
    derived = web_push.public_key()
    assert web_push.public_key() == derived, "the same at each start"
    settings.SECRET_KEY = "another" * 8
    assert web_push.public_key() != derived
    settings.VAPID_PRIVATE_KEY = OURS
    assert web_push.public_key().startswith("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZII")
