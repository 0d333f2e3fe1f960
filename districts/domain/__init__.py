"""Every write about people and districts."""
