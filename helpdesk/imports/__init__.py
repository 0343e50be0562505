"""Another system's reports brought in as true history, and its verdicts beside ours."""
