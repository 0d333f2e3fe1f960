"""Key tasks: assigning, telling progress, closing, and more time."""
