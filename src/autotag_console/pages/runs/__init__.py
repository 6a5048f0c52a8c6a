"""The pages about runs: the list, one run, and the plan of a new one."""
