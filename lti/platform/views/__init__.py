"""What tools and browsers ask of the platform under /lti/platform/."""
