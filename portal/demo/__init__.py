"""The demonstration: `python -m portal.demo` starts everything on this machine and ends all of it at Ctrl-C."""
