"""Searching pictures: the form of a search, a look at the stack page by page, and what was found as a grid."""
