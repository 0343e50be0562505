"""Seals: what the log held at a moment, so that a later change of it can be shown.

`form` the layout and its hash · `models` the table · `sealing` the sealer and epochs ·
`verifying` reads the whole log against its seals · `newest` what a page shows · `cli` commands
"""
