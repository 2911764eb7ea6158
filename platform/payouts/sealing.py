"""Phone numbers and accounts at rest, see delivery.sealing."""

from delivery.sealing import Seal

_destinations = Seal("ilima payout destination")
seal, open_sealed = _destinations.seal, _destinations.open
