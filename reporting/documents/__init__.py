"""Documents for word processors, from templates: what stands in them, and writing them."""
