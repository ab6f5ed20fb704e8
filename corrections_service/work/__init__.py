"""What happens later or touches the network."""
