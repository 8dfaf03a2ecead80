"""Foreign bytes into everything that reads them: `make fuzz`, or `python -m tests.fuzz TARGET --seconds 60`."""
