"""What somebody has done, on paper: issued, rendered, verified, revoked.

A certificate freezes what it attests when it is issued; nothing that happens later changes it. Never change this app's
tables directly.
"""
