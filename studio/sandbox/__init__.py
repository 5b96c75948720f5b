"""The fake provider: one local server that speaks every provider's wire.

It is stricter than the real ones, renders small real clips, misbehaves on command and keeps a
journal of what it took and what it charged. It imports nothing from the rest of the studio, and
nobody imports it: its rules were written from the vendors' pages a second time, so that judge
and judged cannot share a mistake. How to use it: docs/sandbox.md.
"""
