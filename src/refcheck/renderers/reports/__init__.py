"""A report in, a page for reading out: terminal, HTML, Markdown, and the overview of many reports."""
