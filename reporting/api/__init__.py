"""The public programming interface: read-only, versioned, and of what is public alone."""
