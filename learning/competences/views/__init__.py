"""/groei/: what somebody can do, for themselves; and what others see of it where they chose so."""
