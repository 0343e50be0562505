"""What is said on a report: lines, files, and replies that can still be taken back."""
