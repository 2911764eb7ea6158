"""The default model over more votes than one machine holds."""

from .shard_steps import Asked, Steps, fits_from_arrays, fits_to_arrays, tables_fit
from .sharding import AutoModel, Shard, ShardedSkills, run_job, softening_of

__all__ = [
    "Asked", "AutoModel", "Shard", "ShardedSkills", "Steps", "fits_from_arrays", "fits_to_arrays", "run_job", "softening_of", "tables_fit",
]  # fmt: skip
