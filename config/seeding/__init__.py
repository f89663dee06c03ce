"""An organisation of any size, all of it made up, to measure with: `script/manage seed --learners 100000`.

Some hundreds of lives are lived through first (`lives`): which modules, with which attempts, on which day. What they
are evidence of is asked of the rules themselves (`evidence`). Then each person gets one of those lives and a day to
begin it on, and all rows are written past the ORM (`bulk`). So whoever works somebody out anew finds what is there.

What isn't made: what people wrote, states of activities (a page shows what was done without the answers), and files of
certificates. Some held a talk for a practice case, which trainers read, a few of them twice. Other levels of practice
are there as they are after 24 months: the evidence stands, the case it came from was wiped.
"""
