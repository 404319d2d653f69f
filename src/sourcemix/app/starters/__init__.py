"""Starter files that `sourcemix new` writes."""
