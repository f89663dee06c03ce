"""The pages for who looks after the connections with LMSes: role `beheer`, for its own organisation alone."""
