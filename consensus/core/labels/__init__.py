"""One label an item: votes in, posteriors, skills and decisions out; also ordered labels and trees of them."""
