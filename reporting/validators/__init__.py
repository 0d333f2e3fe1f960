"""One function a rule, on values: no models, no database."""
