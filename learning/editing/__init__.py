"""What redacteurs do with content: try it before it is published, and see what an edition changes for whom.

Reads the modules' folders and the editions in `tracks`; what somebody follows is changed through `tracks.moving` alone.
"""
