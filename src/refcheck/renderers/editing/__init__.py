"""A report and the author's file in, the file with comments or corrections out."""
