"""Apache Parquet: what training programs read (datasets, pandas, DuckDB, Spark). In, it is opened apart (intake.decoders.parquet)."""

from labelling.formats.format import Format
from labelling.formats.parquet.write import write

FORMAT = Format(
    "parquet",
    "Parquet: a typed table for training programs",
    "parquet",
    "application/vnd.apache.parquet",
    write,
    magic=b"PAR1",
    apart="parquet",
)
