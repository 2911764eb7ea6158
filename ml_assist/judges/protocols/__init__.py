"""How models are spoken to. A protocol is a module here, named in PROTOCOLS; each holds what base.Protocol says."""

from __future__ import annotations

from importlib import import_module

from ml_assist.judges.protocols.base import Protocol

PROTOCOLS = ("chat", "label_studio")


def protocol_named(name: str) -> Protocol:
    """One of PROTOCOLS."""
    return import_module(f"{__name__}.{name}").PROTOCOL
