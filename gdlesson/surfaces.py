"""Losses over one or two weights, each with its derivative next to it. Imports NumPy only.

Formulas are written in the coordinates, `f(x, y)` and `grad(x, y)`; `Surface.f` and `.grad` take
points of layout (..., d). Squares are written x*x: on a single number `x**2` can round otherwise
than on an array, and one run must equal the same run among ten thousand, bit for bit.

Sources: Jamil & Yang (2013), arXiv 1308.4008; Surjanovic & Bingham, Virtual Library of Simulation
Experiments, sfu.ca/~ssurjano. The critical points were found by Newton's method from many starts.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

JAMIL_YANG = "Jamil & Yang 2013, arXiv 1308.4008"
SIMULATION = "Surjanovic & Bingham, Virtual Library of Simulation Experiments"


def _no_points():
    return np.empty((0, 0))


@dataclass(frozen=True, eq=False)
class Surface:
    """A loss with its gradient, domain and critical points.

    f: (..., d) → (...). grad: (..., d) → (..., d). domain: ((low, high), …), one pair a
    coordinate. minima: (k, d), the global ones. start: (d,). source: of the formula.
    local, saddles, maxima: (k, d), other points where the gradient is zero, as far as lessons
    use them. formula: for a caption.
    """

    name: str
    f: Callable
    grad: Callable
    domain: tuple
    minima: np.ndarray
    start: np.ndarray
    source: str
    local: np.ndarray = field(default_factory=_no_points)
    saddles: np.ndarray = field(default_factory=_no_points)
    maxima: np.ndarray = field(default_factory=_no_points)
    formula: str = ""

    def __repr__(self):
        return f"Surface({self.name!r})"


def numerical_gradient(f, w, h=1e-5):
    """Gradient of f at w by central differences, (f(w + h·eᵢ) − f(w − h·eᵢ)) / 2h for each i.

    f: (..., d) → (...). w: (..., d). h: the spacing, a positive number. Returns (..., d); the
    error is proportional to h² until rounding takes over, near h = 1e-5. Raises ValueError for
    another h.
    """
    if not (isinstance(h, (int, float, np.number)) and np.isfinite(h) and h > 0):
        raise ValueError(f"h must be a positive number, got {h!r}")
    w = np.asarray(w, float)
    if w.ndim == 0:
        raise ValueError("w must have a last axis of coordinates, shape (..., d), got one number")
    g = np.empty_like(w)
    for i, unit in enumerate(np.eye(w.shape[-1])):
        g[..., i] = (f(w + h * unit) - f(w - h * unit)) / (2 * h)
    return g


def quadratic(curvatures, angle=0.0, start=None, name=None):
    """½ Σ cᵢ uᵢ², u the coordinates turned by `angle`: a bowl with chosen curvatures.

    curvatures: one number for a parabola, two for a valley; the largest is L, the smallest μ.
    angle: in radians, for two curvatures; the axes of the valley turn counter-clockwise.
    start: (d,), by default 1 in every coordinate. A negative curvature leaves no minimum to list.
    Raises ValueError for curvatures that are not one or two finite numbers, for another angle
    than a finite number (0 with one curvature), and for a start of another shape.
    """
    c = np.atleast_1d(np.asarray(curvatures, float))
    if c.shape not in ((1,), (2,)) or not np.isfinite(c).all():
        raise ValueError(f"curvatures must be one or two finite numbers, got {curvatures!r}")
    d = c.size
    if not np.isfinite(angle) or (angle and d == 1):
        raise ValueError(f"angle must be a finite number, and 0 for a parabola, got {angle!r}")
    start = np.ones(d) if start is None else np.atleast_1d(np.asarray(start, float))
    if start.shape != (d,):
        raise ValueError(f"start must have shape ({d},), got shape {start.shape}")
    cos, sin = np.cos(angle), np.sin(angle)

    # Two products and a sum instead of a matrix: matmul rounds differently for many points.
    def line(x):
        return 0.5 * c[0] * x * x

    def line_grad(x):
        return (c[0] * x,)

    def valley(x, y):
        u, v = cos * x + sin * y, cos * y - sin * x
        return 0.5 * (c[0] * u * u + c[1] * v * v)

    def valley_grad(x, y):
        u, v = c[0] * (cos * x + sin * y), c[1] * (cos * y - sin * x)
        return cos * u - sin * v, sin * u + cos * v

    u, v = ("u", "v") if angle else ("x", "y")
    formula = f"½·{c[0]:g}x²" if d == 1 else f"½({c[0]:g}{u}² + {c[1]:g}{v}²)"
    return _surface(
        name or "quadratic with curvature " + " and ".join(f"{x:g}" for x in c),
        line if d == 1 else valley,
        line_grad if d == 1 else valley_grad,
        domain=((-2.5, 2.5),) * d,
        minima=np.zeros((1 if (c >= 0).all() else 0, d)),
        start=start,
        source="any textbook on convex optimization",
        formula=formula,
    )


def _surface(name, f, grad, domain, start, source, minima=(), formula="", **critical):
    """A Surface from functions of the coordinates."""
    d = len(domain)

    def coordinates(w):
        axes = np.asarray(w, float).T  # the transpose puts the coordinate first
        if axes.ndim == 0 or len(axes) != d:
            shape = axes.shape[::-1]
            raise ValueError(f"{name} takes points of shape (..., {d}), got shape {shape}")
        return axes

    if d == 1:

        def f_of(w):
            return f(coordinates(w)[0]).T

        def grad_of(w):
            return np.array(grad(coordinates(w)[0])).T

    else:

        def f_of(w):
            axes = coordinates(w)
            return f(axes[0], axes[1]).T

        def grad_of(w):
            axes = coordinates(w)
            return np.array(grad(axes[0], axes[1])).T

    return Surface(
        name,
        f_of,
        grad_of,
        domain,
        np.reshape(np.asarray(minima, float), (-1, d)),
        np.atleast_1d(np.asarray(start, float)),
        source,
        formula=formula,
        **{k: np.reshape(np.asarray(v, float), (-1, d)) for k, v in critical.items()},
    )


def _booth(x, y):
    a, b = x + 2 * y - 7, 2 * x + y - 5
    return a * a + b * b


def _booth_grad(x, y):
    a, b = x + 2 * y - 7, 2 * x + y - 5
    return 2 * a + 4 * b, 4 * a + 2 * b


def _matyas(x, y):
    return 0.26 * (x * x + y * y) - 0.48 * x * y


def _matyas_grad(x, y):
    return 0.52 * x - 0.48 * y, 0.52 * y - 0.48 * x


def _rosenbrock(x, y):
    a, b = 1 - x, y - x * x
    return a * a + 100 * b * b


def _rosenbrock_grad(x, y):
    b = y - x * x
    return 2 * (x - 1) - 400 * x * b, 200 * b


def _beale(x, y):
    y2, y3 = y * y, y * y * y
    a, b, c = 1.5 - x + x * y, 2.25 - x + x * y2, 2.625 - x + x * y3
    return a * a + b * b + c * c


def _beale_grad(x, y):
    y2, y3 = y * y, y * y * y
    a, b, c = 1.5 - x + x * y, 2.25 - x + x * y2, 2.625 - x + x * y3
    along_x = 2 * (a * (y - 1) + b * (y2 - 1) + c * (y3 - 1))
    return along_x, 2 * x * (a + 2 * b * y + 3 * c * y2)


def _himmelblau(x, y):
    a, b = x * x + y - 11, x + y * y - 7
    return a * a + b * b


def _himmelblau_grad(x, y):
    a, b = x * x + y - 11, x + y * y - 7
    return 4 * x * a + 2 * b, 2 * a + 4 * y * b


def _three_hump_camel(x, y):
    x2 = x * x
    return x2 * (2 - 1.05 * x2 + x2 * x2 / 6) + x * y + y * y


def _three_hump_camel_grad(x, y):
    x2 = x * x
    return x * (4 - 4.2 * x2 + x2 * x2) + y, x + 2 * y


def _six_hump_camel(x, y):
    x2, y2 = x * x, y * y
    return x2 * (4 - 2.1 * x2 + x2 * x2 / 3) + x * y + 4 * y2 * (y2 - 1)


def _six_hump_camel_grad(x, y):
    x2, y2 = x * x, y * y
    return x * (8 - 8.4 * x2 + 2 * x2 * x2) + y, x + 8 * y * (2 * y2 - 1)


def _saddle(x, y):
    return x * x - y * y


def _saddle_grad(x, y):
    return 2 * x, -2 * y


def _double_well(x, y):
    a = y * y - 1
    return x * x + a * a


def _double_well_grad(x, y):
    return 2 * x, 4 * y * (y * y - 1)


def _styblinski_tang(x, y):
    x2, y2 = x * x, y * y
    return 0.5 * (x2 * x2 - 16 * x2 + 5 * x + y2 * y2 - 16 * y2 + 5 * y)


def _styblinski_tang_grad(x, y):
    return 2 * x * x * x - 16 * x + 2.5, 2 * y * y * y - 16 * y + 2.5


def _mccormick(x, y):
    d = x - y
    return np.sin(x + y) + d * d - 1.5 * x + 2.5 * y + 1


def _mccormick_grad(x, y):
    c, d = np.cos(x + y), 2 * (x - y)
    return c + d - 1.5, c - d + 2.5


def _rastrigin(x, y):
    return 20 + x * x - 10 * np.cos(2 * np.pi * x) + y * y - 10 * np.cos(2 * np.pi * y)


def _rastrigin_grad(x, y):
    a, b = 2 * np.pi * x, 2 * np.pi * y
    return 2 * x + 20 * np.pi * np.sin(a), 2 * y + 20 * np.pi * np.sin(b)


def _ackley(x, y):
    r = np.sqrt(0.5 * (x * x + y * y))
    waves = 0.5 * (np.cos(2 * np.pi * x) + np.cos(2 * np.pi * y))
    return -20 * np.expm1(-0.2 * r) - np.e * np.expm1(waves - 1)  # exactly 0 at (0, 0)


def _ackley_grad(x, y):
    r = np.sqrt(0.5 * (x * x + y * y))
    waves = np.pi * np.exp(0.5 * (np.cos(2 * np.pi * x) + np.cos(2 * np.pi * y)))
    cone = 2 * np.exp(-0.2 * r) / np.where(r > 0, r, np.inf)  # a kink at (0, 0): 0 there
    return cone * x + waves * np.sin(2 * np.pi * x), cone * y + waves * np.sin(2 * np.pi * y)


def _goldstein_price(x, y):
    a, b = x + y + 1, 2 * x - 3 * y
    p = 19 - 14 * x + 3 * x * x - 14 * y + 6 * x * y + 3 * y * y
    q = 18 - 32 * x + 12 * x * x + 48 * y - 36 * x * y + 27 * y * y
    return (1 + a * a * p) * (30 + b * b * q)


def _goldstein_price_grad(x, y):
    a, b = x + y + 1, 2 * x - 3 * y
    p = 19 - 14 * x + 3 * x * x - 14 * y + 6 * x * y + 3 * y * y
    q = 18 - 32 * x + 12 * x * x + 48 * y - 36 * x * y + 27 * y * y
    left, right = 1 + a * a * p, 30 + b * b * q
    left_slope = 2 * a * p + a * a * (6 * a - 20)  # the same along x and along y
    right_x = 4 * b * q + b * b * (12 * b - 32)
    right_y = -6 * b * q + b * b * (48 - 18 * b)
    return left_slope * right + left * right_x, left_slope * right + left * right_y


def _parabola(x):
    return x * x


def _parabola_grad(x):
    return (2 * x,)


def _quartic(x):
    x2 = x * x
    return x2 * x2 - 3 * x2 + x


def _quartic_grad(x):
    return (4 * x * x * x - 6 * x + 1,)


def _plateau(x):
    return x * x / (1 + x * x)


def _plateau_grad(x):
    a = 1 + x * x
    return (2 * x / (a * a),)


def _absolute(x):
    return np.abs(x)


def _absolute_grad(x):
    return (np.sign(x),)  # a kink at 0: 0 there


def _forrester(x):
    a = 6 * x - 2
    return a * a * np.sin(12 * x - 4)


def _forrester_grad(x):
    a = 6 * x - 2
    return (12 * a * (np.sin(2 * a) + a * np.cos(2 * a)),)


class Catalogue(dict):
    """Surfaces by name; raises a KeyError that lists the names for an unknown one."""

    def __missing__(self, name):
        raise KeyError(f"no surface is called {name!r}: there are {', '.join(self)}")


_WELLS = (0.9949586376523, 1.989912233709, 2.984855701039, 3.979783860301, 4.974691390895)
_WELLS = (*(-x for x in reversed(_WELLS)), 0.0, *_WELLS)  # Rastrigin's minima along one axis
_LOW, _HIGH, _TOP = -2.903534027771, 2.746802770991, 0.1567312567803  # Styblinski-Tang's, likewise

_ALL = [
    quadratic((1.0, 25.0), name="elongated quadratic"),
    _surface(
        "Booth",
        _booth,
        _booth_grad,
        ((-10.0, 10.0), (-10.0, 10.0)),
        start=(-8.0, 6.0),
        source=JAMIL_YANG,
        minima=[(1, 3)],
        formula="(x + 2y − 7)² + (2x + y − 5)²",
    ),
    _surface(
        "Matyas",
        _matyas,
        _matyas_grad,
        ((-10.0, 10.0), (-10.0, 10.0)),
        start=(-8.0, 5.0),
        source=JAMIL_YANG,
        minima=[(0, 0)],
        formula="0.26(x² + y²) − 0.48xy",
    ),
    _surface(
        "Rosenbrock",
        _rosenbrock,
        _rosenbrock_grad,
        ((-2.0, 2.0), (-1.0, 3.0)),
        start=(-1.2, 1.0),
        source="Rosenbrock 1960, The Computer Journal 3(3):175–184",
        minima=[(1, 1)],
        formula="(1 − x)² + 100(y − x²)²",
    ),
    _surface(
        "Beale",
        _beale,
        _beale_grad,
        ((-4.5, 4.5), (-4.5, 4.5)),
        start=(-1.0, -1.0),
        source=JAMIL_YANG,
        minima=[(3, 0.5)],
        saddles=[(0, 1), (0.1005379373242, -2.644513585023)],
        formula="(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²",
    ),
    _surface(
        "Himmelblau",
        _himmelblau,
        _himmelblau_grad,
        ((-6.0, 6.0), (-6.0, 6.0)),
        start=(-4.0, -4.0),
        source="Himmelblau 1972, Applied Nonlinear Programming; " + JAMIL_YANG,
        minima=[
            (3, 2),
            (3.58442834033, -1.848126526964),
            (-3.779310253378, -3.283185991286),
            (-2.805118086953, 3.131312518251),
        ],
        saddles=[
            (3.385154183607, 0.07385187983775),
            (0.0866775045554, 2.884254701175),
            (-3.073025750764, -0.08135304428797),
            (-0.1279613467307, -1.953714980245),
        ],
        maxima=[(-0.2708445906673, -0.92303855648)],
        formula="(x² + y − 11)² + (x + y² − 7)²",
    ),
    _surface(
        "three-hump camel",
        _three_hump_camel,
        _three_hump_camel_grad,
        ((-2.5, 2.5), (-2.5, 2.5)),
        start=(2.0, 1.5),
        source=SIMULATION,
        minima=[(0, 0)],
        local=[(1.74755234583, -0.8737761729151), (-1.74755234583, 0.8737761729151)],
        saddles=[(1.070542291824, -0.5352711459118), (-1.070542291824, 0.5352711459118)],
        formula="2x² − 1.05x⁴ + x⁶/6 + xy + y²",
    ),
    _surface(
        "six-hump camel",
        _six_hump_camel,
        _six_hump_camel_grad,
        ((-2.0, 2.0), (-1.2, 1.2)),
        start=(-1.5, 1.0),
        source=SIMULATION,
        minima=[(0.08984201310032, -0.7126564030207), (-0.08984201310032, 0.7126564030207)],
        local=[
            (1.70360671497, -0.7960835686726),
            (-1.70360671497, 0.7960835686726),
            (1.60710475292, 0.5686514548841),
            (-1.60710475292, -0.5686514548841),
        ],
        saddles=[
            (0, 0),
            (1.109205336805, -0.7682680925095),
            (-1.109205336805, 0.7682680925095),
            (1.63806798419, 0.2286740690444),
            (-1.63806798419, -0.2286740690444),
            (1.296070267167, 0.6050843880387),
            (-1.296070267167, -0.6050843880387),
        ],
        maxima=[(1.230229876517, 0.162334584459), (-1.230229876517, -0.162334584459)],
        formula="4x² − 2.1x⁴ + x⁶/3 + xy − 4y² + 4y⁴",
    ),
    _surface(
        "saddle",
        _saddle,
        _saddle_grad,
        ((-2.0, 2.0), (-2.0, 2.0)),
        start=(1.5, 0.01),
        source="any textbook; it has no minimum",
        saddles=[(0, 0)],
        formula="x² − y²",
    ),
    _surface(
        "double well",
        _double_well,
        _double_well_grad,
        ((-1.5, 1.5), (-1.8, 1.8)),
        start=(1.2, 0.1),
        source="any textbook; a start on y = 0 ends on the saddle",
        minima=[(0, 1), (0, -1)],
        saddles=[(0, 0)],
        formula="x² + (y² − 1)²",
    ),
    _surface(
        "Styblinski-Tang",
        _styblinski_tang,
        _styblinski_tang_grad,
        ((-5.0, 5.0), (-5.0, 5.0)),
        start=(0.5, 0.0),
        source="Styblinski & Tang 1990, Neural Networks 3(4):467–483; " + JAMIL_YANG,
        minima=[(_LOW, _LOW)],
        local=[(_HIGH, _LOW), (_LOW, _HIGH), (_HIGH, _HIGH)],
        saddles=[(_TOP, _LOW), (_LOW, _TOP), (_TOP, _HIGH), (_HIGH, _TOP)],
        maxima=[(_TOP, _TOP)],
        formula="½(x⁴ − 16x² + 5x + y⁴ − 16y² + 5y)",
    ),
    _surface(
        "McCormick",
        _mccormick,
        _mccormick_grad,
        ((-1.5, 4.0), (-3.0, 4.0)),
        start=(3.5, -2.0),
        source=JAMIL_YANG,
        minima=[(0.5 - np.pi / 3, -0.5 - np.pi / 3)],
        local=[(0.5 + 2 * np.pi / 3, -0.5 + 2 * np.pi / 3)],
        saddles=[(0.5 + np.pi / 3, -0.5 + np.pi / 3)],
        formula="sin(x + y) + (x − y)² − 1.5x + 2.5y + 1",
    ),
    _surface(
        "Rastrigin",
        _rastrigin,
        _rastrigin_grad,
        ((-5.12, 5.12), (-5.12, 5.12)),
        start=(3.3, -2.2),
        source=SIMULATION,
        minima=[(0, 0)],
        local=[(x, y) for x in _WELLS for y in _WELLS if x or y],
        formula="20 + x² − 10cos 2πx + y² − 10cos 2πy",
    ),
    _surface(
        "Ackley",
        _ackley,
        _ackley_grad,
        ((-5.0, 5.0), (-5.0, 5.0)),
        start=(2.6, -1.7),
        source="Ackley 1987; " + JAMIL_YANG + "; a kink at (0, 0), where the gradient is put at 0",
        minima=[(0, 0)],
        formula="20 − 20exp(−0.2√(½(x² + y²))) + e − exp(½(cos 2πx + cos 2πy))",
    ),
    _surface(
        "Goldstein-Price",
        _goldstein_price,
        _goldstein_price_grad,
        ((-2.0, 2.0), (-2.0, 2.0)),
        start=(-1.5, 0.5),
        source=JAMIL_YANG,
        minima=[(0, -1)],
        local=[(-0.6, -0.4), (1.8, 0.2), (1.2, 0.8)],
        saddles=[(-0.4, -0.6), (1.2, -0.2), (1.4, 0.6), (0.6, 0.4)],
        maxima=[(0.8, 0.2)],
        formula="(1 + (x + y + 1)²(…))·(30 + (2x − 3y)²(…))",
    ),
    _surface(
        "parabola",
        _parabola,
        _parabola_grad,
        ((-2.5, 2.5),),
        start=2.0,
        source="any textbook",
        minima=[0],
        formula="x²",
    ),
    _surface(
        "quartic",
        _quartic,
        _quartic_grad,
        ((-2.0, 2.0),),
        start=1.8,
        source="any textbook; two wells of different depth",
        minima=[-1.300839565942],
        local=[1.13090112263],
        maxima=[0.1699384433116],
        formula="x⁴ − 3x² + x",
    ),
    _surface(
        "plateau",
        _plateau,
        _plateau_grad,
        ((-5.0, 5.0),),
        start=4.0,
        source="any textbook; flat far from its minimum",
        minima=[0],
        formula="x²/(1 + x²)",
    ),
    _surface(
        "absolute value",
        _absolute,
        _absolute_grad,
        ((-2.5, 2.5),),
        start=2.0,
        source="any textbook; a kink at 0, where the gradient is put at 0",
        minima=[0],
        formula="|x|",
    ),
    _surface(
        "Forrester",
        _forrester,
        _forrester_grad,
        ((0.0, 1.0),),
        start=0.6,
        source="Forrester, Sóbester & Keane 2008; " + SIMULATION,
        minima=[0.7572487578419],
        local=[0.1425891893247],
        maxima=[0.524077477342],
        formula="(6x − 2)² sin(12x − 4)",
    ),
]

catalogue = Catalogue((surface.name, surface) for surface in _ALL)


def _three_slopes(x):
    steep, gentle, beyond = 12.5 * x * x, 0.5 * x * x + 24 * x - 12, 12.5 * x * x - 24 * x + 36
    return np.where(x < 1, steep, np.where(x < 2, gentle, beyond))


def _three_slopes_grad(x):
    return (np.where(x < 1, 25 * x, np.where(x < 2, x + 24, 25 * x - 24)),)


# Convex, with curvature 25, 1 and 25 again. Not in the catalogue: its gradient has kinks.
THREE_SLOPES = _surface(
    "three slopes",
    _three_slopes,
    _three_slopes_grad,
    ((-4.0, 4.0),),
    start=3.3,
    source="Lessard, Recht & Packard 2016, arXiv 1408.3595",
    minima=[0],
    formula="12.5x², 0.5x² + 24x − 12 from 1, 12.5x² − 24x + 36 from 2",
)
