"""The helpdesk's words: its terms in plain language, and what happened as sentences."""
