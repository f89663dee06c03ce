"""What somebody should know: on their page, and once a day by e-mail, each kind switched off in one click."""
