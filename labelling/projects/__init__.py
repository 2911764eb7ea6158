"""What is asked: projects, the versions of their question, and what a change of it would touch."""
