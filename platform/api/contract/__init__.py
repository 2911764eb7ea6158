"""What the API says of itself: one declaration of each request, answer and filter checks what comes in and writes docs/openapi.json."""
