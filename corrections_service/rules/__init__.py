"""What the product knows, as pure functions."""
