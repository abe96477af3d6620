"""What runs by the clock: each file has one job."""
