"""A small EVM chain in a process of its own, for the demo and the tests: py-evm behind JSON-RPC. Not for real money.

python -m anchoring.local_chain --port 8545 --state DIR
"""
