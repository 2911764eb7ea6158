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
