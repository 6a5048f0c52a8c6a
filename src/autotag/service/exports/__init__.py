"""Export every asset of a stack to a bucket, file by file."""
