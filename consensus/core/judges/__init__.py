"""Models that answer beside people: may one stand in for a person, and has it changed?"""
