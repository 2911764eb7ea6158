"""The default model over more votes than one machine holds."""

from .shard_steps import Asked, Steps, fits_from_arrays, fits_to_arrays, tables_fit
from .sharding import AutoModel, Shard, run_job

__all__ = ["Asked", "AutoModel", "Shard", "Steps", "fits_from_arrays", "fits_to_arrays", "run_job", "tables_fit"]
