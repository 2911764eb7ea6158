"""Chats, battles and agents' traces come in as others write them: what was said in its order, each call of a tool, what it gave."""

import json

import pytest

from labelling.data.import_upload import import_upload
from labelling.data.say_columns import say_columns
from labelling.models import Gold, Item, Upload
from labelling.task_types.chats import parts_of_messages
from labelling.task_types.parts import BadPart, checked_parts
from tests.formats.worlds import counts, file, new_dataset, owner, reasons, refused, upload_one

pytestmark = pytest.mark.django_db
CALL = {"name": "weather", "arguments": {"town": "Ulundi"}}
AS_PARTS = [
    ("system", "Be brief."),
    ("user", "Does it rain?"),
    ("thought", "I must look."),
    ("tool_call", CALL),
    ("tool_result", "yes"),
    ("assistant", "It rains."),
]
OPENAI = [
    {"role": "developer", "content": "Be brief."},
    {"role": "user", "content": [{"type": "input_text", "text": "Does it rain?"}]},
    {"role": "assistant", "reasoning_content": "I must look.", "content": None, "tool_calls": [{"function": CALL}]},
    {"role": "tool", "tool_call_id": "1", "content": "yes"},
    {"role": "assistant", "content": "It rains."},
]
RESPONSES = [
    *OPENAI[:2],
    {"type": "reasoning", "summary": [{"type": "summary_text", "text": "I must look."}]},
    {"type": "function_call", "call_id": "1", **CALL},
    {"type": "function_call_output", "call_id": "1", "output": "yes"},
    {"role": "assistant", "content": [{"type": "output_text", "text": "It rains."}]},
]
ANTHROPIC = [
    *OPENAI[:2],
    {
        "role": "assistant",
        "content": [
            {"type": "thinking", "thinking": "I must look."},
            {"type": "tool_use", "id": "1", "name": "weather", "input": CALL["arguments"]},
        ],
    },
    {
        "role": "user",
        "content": [{"type": "tool_result", "tool_use_id": "1", "content": [{"type": "text", "text": "yes"}]}],
    },
    {"role": "assistant", "content": [{"type": "text", "text": "It rains."}]},
]
OTEL = [
    {"role": "system", "parts": [{"type": "text", "content": "Be brief."}]},
    {"role": "user", "parts": [{"type": "text", "content": "Does it rain?"}]},
    {
        "role": "assistant",
        "parts": [{"type": "reasoning", "content": "I must look."}, {"type": "tool_call", "id": "1", **CALL}],
    },
    {"role": "tool", "parts": [{"type": "tool_call_response", "id": "1", "response": "yes"}]},
    {"role": "assistant", "parts": [{"type": "text", "content": "It rains."}], "finish_reason": "stop"},
]


def told(parts) -> list[tuple]:
    return [(part["role"], part.get("text", part.get("json", part.get("url")))) for part in parts]


def lines(*rows) -> bytes:
    return "\n".join(map(json.dumps, rows)).encode()


def items_of(*rows, task_type="choice"):
    made = upload_one(new_dataset("parts", task_type), file("rows.jsonl", lines(*rows)))
    return made, list(Item.objects.order_by("pk"))


@pytest.mark.parametrize("chat", [OPENAI, RESPONSES, ANTHROPIC, OTEL], ids=["openai", "responses", "anthropic", "otel"])
def test_one_chat_is_the_same_parts_whoever_writes_it(chat):
    assert told(checked_parts(parts_of_messages(chat))) == AS_PARTS


def test_pictures_in_a_chat_are_parts_of_their_own_and_nothing_is_left_out_unsaid():
    seen = {
        "role": "user",
        "content": [{"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}, "What?"],
    }
    assert told(parts_of_messages([seen])) == [("user", "https://example.org/a.png"), ("user", "What?")]
    for piece, field in [
        ({"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}, "messages[0].content[0]"),
        ({"type": "input_audio", "input_audio": {}}, "messages[0].content[0].type"),
    ]:
        with pytest.raises(BadPart) as refusal:
            parts_of_messages([{"role": "user", "content": [piece]}])
        assert refusal.value.field == field


def test_chats_of_sharegpt_and_of_lmsys():
    share = {
        "id": "s1",
        "system": "Be brief.",
        "tools": "[]",
        "conversations": [
            {"from": "human", "value": "Does it rain?"},
            {"from": "function_call", "value": '{"name": "weather"}'},
            {"from": "observation", "value": "yes"},
            {"from": "gpt", "value": "It rains."},
        ],
    }
    broken = {"conversations": [{"from": "judge", "value": "x"}]}
    lmsys = {"conversation_id": "l1", "model": "m", "language": "English", "conversation": [OPENAI[1], OPENAI[4]]}
    made, (first, second) = items_of(share, broken, lmsys)
    assert counts(made) == ("done", 3, 2, 0, 1)
    assert refused(made) == [(2, "line 2", "conversations[0].role")]
    assert told(first.payload["parts"]) == [
        ("system", "Be brief."),
        ("user", "Does it rain?"),
        ("tool_call", '{"name": "weather"}'),
        ("tool_result", "yes"),
        ("assistant", "It rains."),
    ]
    assert (first.external_id, first.metadata) == ("s1", {"tools": "[]"})
    assert told(second.payload["parts"]) == [("user", "Does it rain?"), ("assistant", "It rains.")]
    assert (second.external_id, second.metadata) == ("l1", {"model": "m", "language": "English"})


def battle(number: int, winner: str) -> dict:
    asked = {"role": "user", "content": f"Does it rain, {number}?"}
    chats = {f"conversation_{one}": [asked, {"role": "assistant", "content": f"It is {one}."}] for one in "ab"}
    return {"question_id": f"q{number}", "model_a": "m", "model_b": "n", "winner": winner, "turn": 1, **chats}


def test_battles_are_pairs_and_state_only_what_was_found_better():
    rows = [battle(n, winner) for n, winner in enumerate(["tie (bothbad)", "model_b", "tie", "model_a"])]
    dataset = new_dataset("parts", "pairwise")
    made = upload_one(dataset, file("battles.jsonl", lines(*rows)))
    assert made.state == Upload.State.ASKS
    say_columns(owner(dataset), made.pk, {"columns": {"decision": "gold"}})
    import_upload(made.pk)
    items = list(Item.objects.order_by("pk"))
    assert told(items[1].payload["parts"]) == [
        ("user", "Does it rain, 1?"),
        ("candidate", "It is a."),
        ("candidate", "It is b."),
    ]
    assert [part.get("meta") for part in items[1].payload["parts"]] == [None, {"model": "m"}, {"model": "n"}]
    assert (items[1].external_id, items[1].metadata) == ("q1", {"turn": 1})
    known = dict(Gold.objects.values_list("item__external_id", "truth"))
    assert known == {"q1": {"chosen": "b"}, "q2": {"chosen": "same"}, "q3": {"chosen": "a"}}


def otlp_span(start: int, trace: str = "t1", **attributes) -> dict:
    told_as = {name.replace("__", "."): {"stringValue": json.dumps(value)} for name, value in attributes.items()}
    listed = [{"key": f"gen_ai.{name}", "value": value} for name, value in told_as.items()]
    return {"traceId": trace, "spanId": f"s{start}", "startTimeUnixNano": str(start), "attributes": listed}


def request_of(*spans) -> dict:
    return {"resourceSpans": [{"resource": {}, "scopeSpans": [{"spans": list(spans)}]}]}


def test_a_trace_of_opentelemetry_is_one_chat_with_its_tools():
    """Each call of the model is given all that was said before it, and a tool's span says again what the messages say."""
    whole = request_of(
        otlp_span(30, input__messages=OTEL[1:4], output__messages=OTEL[4:]),
        otlp_span(10, system_instructions=OTEL[0]["parts"], input__messages=OTEL[1:2], output__messages=OTEL[2:3]),
        otlp_span(20, tool__name="weather", tool__call__arguments=CALL["arguments"], tool__call__result="yes"),
    )  # fmt: skip
    whole["resourceSpans"][0]["scopeSpans"][0]["spans"][2]["attributes"][0]["value"] = {"stringValue": "weather"}
    whole["resourceSpans"][0]["scopeSpans"][0]["spans"][2]["attributes"][2]["value"] = {"stringValue": "yes"}
    made, items = items_of(whole, request_of(otlp_span(1), otlp_span(2, "t2")), request_of(otlp_span(1)))
    assert counts(made) == ("done", 3, 1, 0, 2)
    assert told(items[0].payload["parts"]) == AS_PARTS
    assert items[0].external_id == "t1"
    assert [one.split(":")[0] for one in reasons(made)] == [
        "resourceSpans holds spans of 2 traces",
        "The trace holds no messages and no calls of tools",
    ]


def test_a_trace_of_langfuse():
    steps = [
        {"type": "SPAN", "name": "agent", "startTime": "2026-01-01T00:00:00Z", "input": "x", "output": "y"},
        {
            "type": "GENERATION",
            "startTime": "2026-01-01T00:00:03Z",
            "input": {"messages": OPENAI[:4]},
            "output": OPENAI[4],
        },
        {"type": "GENERATION", "startTime": "2026-01-01T00:00:01Z", "input": OPENAI[:2], "output": OPENAI[2]},
        {
            "type": "TOOL",
            "name": "weather",
            "startTime": "2026-01-01T00:00:02Z",
            "input": CALL["arguments"],
            "output": "yes",
        },
    ]
    alone = {"id": "u", "observations": [], "input": "Does it rain?", "output": "It rains."}
    made, (first, second) = items_of(
        {"id": "t", "name": "run", "observations": steps, "input": "x", "output": "y"}, alone
    )
    assert counts(made) == ("done", 2, 2, 0, 0)
    assert told(first.payload["parts"]) == AS_PARTS
    assert (first.external_id, first.metadata) == ("t", {"name": "run"})
    assert told(second.payload["parts"]) == [("user", "Does it rain?"), ("assistant", "It rains.")]
