"""Second computations: the same answers by other, slower and plainer ways."""
