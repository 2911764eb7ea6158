"""Double-entry ledger. `ledger.posting` is the only way in, `ledger.reading` the only way to look; `ledger.factories` names what it does.

**Sign convention** (docs/decisions/ledger-signs.md): a credit is positive, a debit negative, everywhere.
What we owe (funds, escrow, pending, available, in flight) and what we earned (platform_fee) grow with positive legs; what we hold
(provider_float) and what we spent (provider_cost) grow more *negative*. So 100 held for a requester reads
provider_float -100, requester_funds +100, and the sum over all accounts of a currency is always 0.
Amounts are integers of micro-units (10^-6 of the currency); the ledger never rounds.
"""
