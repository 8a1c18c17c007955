"""A bound on border from eigenvalues, for more areas than tables over a frontier can hold; weak, but quick.

With L the Laplacian of the borders' lengths and M the people, an option of n footprints of at least `low`
people each has border at least low / 2 times the sum of the n smallest eigenvalues of L x = lambda M x
(after Donath and Hoffman, IBM Journal of Research and Development 17, 1973, whose parts are equal).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, diags_array
from scipy.sparse.linalg import ArpackError, eigsh

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_FOOTPRINTS = 200
SHIFT, TOLERANCE = -1e-6, 1e-9


def spectral_bound(people: Floats, first: Ints, second: Ints, cost: Floats, n: int, low: float) -> float:
    """No option of `n` footprints of at least `low` people has less cost on its borders; nought when unknown.

    Parameters
    ----------
    people : float (n_areas,)
    first, second, cost : (n_edges,)
        What it costs to part two areas.
    """
    n_areas = len(people)
    if not 1 < n < n_areas - 1 or n > MOST_FOOTPRINTS or not len(cost) or cost.max() <= 0:
        return 0.0
    unit, crowd = float(cost.max()), float(people.mean())
    weight = cost / unit
    links = coo_array((weight, (first, second)), shape=(n_areas, n_areas))
    links = csc_array(links + links.T)
    root = 1 / np.sqrt(np.maximum(people / crowd, 1 / crowd))  # more people in M make the bound smaller
    laplacian = csc_array(diags_array(links.sum(axis=1)) - links)
    scaled = csc_array(diags_array(root) @ laplacian @ diags_array(root))
    start = np.ones(n_areas) / np.sqrt(n_areas)
    try:
        values, vectors = eigsh(scaled, k=n, sigma=SHIFT, which="LM", v0=start, tol=TOLERANCE)
    except (ArpackError, RuntimeError):
        return 0.0
    residual = np.linalg.norm(scaled @ vectors - vectors * values, axis=0)
    return max(float(np.maximum(values - residual, 0.0).sum()) * low / crowd * unit / 2, 0.0)
