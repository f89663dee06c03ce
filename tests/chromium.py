"""How Debian's Chromium is started where nobody looks at it."""

# As root in a container there is no sandbox; the rest keeps Chromium from calling home.
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--test-third-party-cookie-phaseout",
    "--use-fake-device-for-media-stream",  # a microphone that beeps; whether it may be heard is asked as ever
]
