"""Writing a notice: its texts, its audience, its versions, and corrections of what is published."""
