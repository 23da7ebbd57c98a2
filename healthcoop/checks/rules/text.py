"""HC8: the texts themselves: what cannot be seen, and what is said twice."""
