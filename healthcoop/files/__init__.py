"""Between bytes and data, and where in the file a thing stands."""
