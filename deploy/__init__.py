"""What is around the service when it runs: reverse proxy, container, and the proof of its steps."""
