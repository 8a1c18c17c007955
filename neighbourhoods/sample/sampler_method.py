"""The two ways to draw options by chance, and what each draws from; apart from the compiled drawing."""

from __future__ import annotations

from typing import Literal

Method = Literal["redraw", "recombination"]
VERSION = "1"  # another one draws other options from the same seed
DISTRIBUTION: dict[Method, str] = {
    "redraw": (
        "uniform: each option is as likely as any other, among all that can be reached by taking up a few "
        "footprints at a time and laying them down again in any other way"
    ),
    "recombination": (
        "weighted by spanning trees: an option is as likely as the product of the numbers of spanning trees "
        "of its footprints, so compact options come up more often than straggling ones"
    ),
}
