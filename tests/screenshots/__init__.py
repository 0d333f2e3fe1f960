"""The pictures of README and docs, made by `make screenshots`."""
