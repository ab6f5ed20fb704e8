"""`python -m corrections_service` is the console script."""

from corrections_service.cli import main

main()
