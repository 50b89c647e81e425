"""The demo: a year of invented returns, sent through the service's own upload path, each at its own moment."""
