"""What the product does, session first."""
