"""A payment rail to practise on: a real HTTP server in a process of its own, with books of its own in SQLite, that fails on demand.

    python -m payouts.simulated_rail --port 8090 --books rail.sqlite --callback http://127.0.0.1:8000/rails/simulated/callback

It knows nothing of the platform (no Django here) and survives kill -9: whatever it answered, it had written down.
"""
