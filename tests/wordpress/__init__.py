"""The plug-in on a real WordPress: `make test-wordpress`; `make test` leaves it out."""
