"""What somebody has done, on paper: issued, rendered, verified, revoked."""
