"""Text that wants to be more than text."""

PAYLOADS = (
    "<script>hit()</script>",
    "<img src=x onerror=hit()>",
    "<svg onload=hit()>",
    "<svg><script>hit()</script></svg>",
    '"><script>hit()</script>',
    "' onmouseover='hit()' x='",
    '" autofocus onfocus=hit() x="',
    "javascript:hit()",
    "<a href=javascript:hit()>x</a>",
    "[x](javascript:hit())",
    "![x](javascript:hit())",
    "<iframe srcdoc='<script>parent.hit()</script>'></iframe>",
    "<style>@import 'javascript:hit()'</style>",
    "<body onload=hit()>",
    "</textarea><script>hit()</script>",
    "</title><script>hit()</script>",
    "{{ 7|add:7 }}{% debug %}",
    "<details open ontoggle=hit()>",
    "<div hx-get='/console/' hx-trigger='load' hx-on:load='hit()'>",
    "\u003cscript\u003ehit()\u003c/script\u003e",
)
EVERYTHING = " ".join(PAYLOADS)

# Values that want to be more than values: what a program sends by mistake, or on purpose.
VALUES = (
    None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**30, 10**400, 0.5, -0.0, 1e308, "", " ", "0", "-1", "٣", "1e3",
    "9" * 5000, "\x00", "a\x00b", "\ud800", "\u202e\u2066", "\ufeff", "e\u0301" * 40, "x" * 30_000, "null", "undefined",
    "%00", "%s%n", "'; DROP TABLE people_person; --", "../../etc/passwd", "file:///etc/passwd", "http://127.0.0.1/", "http://[::1",
    "0000-00-00", "9999-12-31T23:59:59+14:00", "00000000-0000-0000-0000-000000000000", "+27820000001", "=1+1", [], [[]], [None],
    ["\x00"], ["\ud800"], ["x"] * 300, {}, {"": ""}, {"\x00": "\x00"}, {"\ud800": 1}, {"en": None}, {"label": ["good"]}, [{}],
    {"a": {"b": {"c": {"d": [[[{"e": "f"}]]]}}}}, PAYLOADS[0], "🙂" * 300,
)  # fmt: skip
