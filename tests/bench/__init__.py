"""What is timed against others, on this machine: `make bench`. No test: nothing here is collected.

Only ratios count, taken in one run, alternating: seconds say more about the machine's neighbours.
"""
