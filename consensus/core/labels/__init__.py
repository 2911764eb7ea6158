"""One label an item: votes in, posteriors, skills and decisions out; also ordered labels, trees of them, and the first wrong one of
a row of steps."""
