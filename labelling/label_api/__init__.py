"""One item in, one label out: what is known, a model that is sure, or else the crowd. The model is plugged in (guess.py)."""
