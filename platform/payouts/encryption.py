"""Phone numbers and accounts at rest, see delivery.encryption."""

from delivery.encryption import Seal

_destinations = Seal("ilima payout destination")
seal, open_sealed = _destinations.seal, _destinations.open
