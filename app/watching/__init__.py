"""What those who run the service see of it: whether it is ready, its metrics, and when its worker was last at work."""
