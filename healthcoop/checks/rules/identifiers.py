"""HC67: identifiers that other registers gave."""
