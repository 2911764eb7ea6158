"""Chains, one file each; settings.CHAIN_CLASS names the one in use."""

from django.conf import settings
from django.utils.module_loading import import_string

from anchoring.chains.base import Chain, ChainError, Receipt

__all__ = ["Chain", "ChainError", "Receipt", "get_chain"]


def get_chain() -> Chain:
    return import_string(settings.CHAIN_CLASS)(settings.CHAIN_RPC_URL)
