"""A number about a project's items: a sample is drawn, people answer it, and it stops by itself. docs/decisions/estimates.md"""
