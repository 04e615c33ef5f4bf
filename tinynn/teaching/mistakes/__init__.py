"""The mistakes that learners make, as code: one function a role, with a switch for each mistake."""

from __future__ import annotations

from tinynn.teaching.mistakes import backward, learning, neurons
from tinynn.teaching.mistakes.family import Family

FAMILIES: dict[str, Family] = {
    family.role: family for family in (*neurons.FAMILIES, *learning.FAMILIES, *backward.FAMILIES)
}
