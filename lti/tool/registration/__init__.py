"""An LMS registers itself (LTI Dynamic Registration 1.0, on OpenID Connect Dynamic Client Registration 1.0).

Its administrator pastes an invitation of ours; the LMS opens that in a window or frame and adds where its configuration
is. We read that (`configuration`), show who asks for what, and only after a press on the button tell the LMS about
ourselves (`ours`) and keep what it answers (`registering`).
"""
