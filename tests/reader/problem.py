# SPDX-License-Identifier: MIT
"""What can be wrong with a tape."""


class Damage(Exception):
    """A section is wrong: it is left out, and reading goes on."""


class Malformed(Damage):
    """The payload has the right sum, but does not expand, or what it says is wrong."""


class Refused(Exception):
    """The tape cannot be read at all."""
