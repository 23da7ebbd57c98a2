"""Speed: a generator of plausible records, and whole processes measured on them."""
