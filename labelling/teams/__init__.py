"""Teams of workers that a requester asked by a link: docs/decisions/teams.md."""
