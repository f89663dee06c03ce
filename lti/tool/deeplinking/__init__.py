"""Deep Linking 2.0: an LMS sends somebody to choose what a course links to; the choice goes back, signed.

`request` reads what is asked, `selections` keeps it for a few hours, `catalogue` is what there is to choose, `items`
what a choice looks like to an LMS, `answer` signs it, `views` are the pages in between.
"""
