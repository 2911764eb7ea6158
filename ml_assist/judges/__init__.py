"""Models at somebody's own address, hired to judge: examined, watched, paid by the answer, dismissed. docs/decisions/judges.md"""
