"""What an agent did, as it was traced: OpenTelemetry's spans of generative AI (OTLP JSON), and traces of Langfuse."""

from labelling.formats.format import Format
from labelling.formats.traces.read import parts_of

FORMAT = Format(
    "traces", "Agent traces: OpenTelemetry, Langfuse", "jsonl", "application/x-ndjson", None, parts_of=parts_of
)
