"""Questions for reviewers, and what their answers mean."""
