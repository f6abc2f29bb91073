"""Programs on fields, right ones, and the same with one fault each: (text there, text instead, kinds, lines)."""

from __future__ import annotations

Fault = tuple[str, str, tuple[str, ...], tuple[int, ...]]

GRID_XY = """import numpy as np
x = np.linspace(-2, 2, 41)
y = np.linspace(-1, 1, 33)
X, Y = np.meshgrid(x, y)
"""
GRID_IJ = """import numpy as np
x = np.linspace(0, 3, 31)
y = np.linspace(0, 3, 31)
dx, dy = x[1] - x[0], y[1] - y[0]
X, Y = np.meshgrid(x, y, indexing="ij")
"""
WAVES = """import numpy as np
nx, ny, Lx, Ly = 24, 24, 2.0, 3.0
x = np.arange(nx) * Lx / nx
y = np.arange(ny) * Ly / ny
X, Y = np.meshgrid(x, y, indexing="ij")
u = np.cos(2*np.pi*X/Lx)*np.sin(2*np.pi*Y/Ly)
v = np.sin(4*np.pi*X/Lx) + 0.5*np.cos(2*np.pi*Y/Ly)
kx = 2*np.pi*np.fft.fftfreq(nx, d=Lx/nx)
ky = 2*np.pi*np.fft.fftfreq(ny, d=Ly/ny)
KX, KY = np.meshgrid(kx, ky, indexing="ij")
"""

PROGRAMS: dict[str, tuple[str, list[Fault]]] = {
    "gradient of a mesh with rows in y": (
        GRID_XY
        + """U = X*Y**2
V = np.sin(X) - Y
dU_dy, dU_dx = np.gradient(U, y, x)
dV_dy, dV_dx = np.gradient(V, y, x)
vort = dV_dx - dU_dy
""",
        [
            ("dU_dy, dU_dx = np.gradient(U, y, x)\ndV_dy, dV_dx = np.gradient(V, y, x)",
             "dU_dx, dU_dy = np.gradient(U, x, y)\ndV_dx, dV_dy = np.gradient(V, x, y)", ("axis-order",), (7, 8)),
            ("dV_dy, dV_dx = np.gradient(V, y, x)", "dV_dx, dV_dy = np.gradient(V, y, x)", ("axis-order",), (8,)),
            ("np.gradient(U, y, x)\ndV_dy, dV_dx = np.gradient(V, y, x)",
             "np.gradient(U)\ndV_dy, dV_dx = np.gradient(V)", ("spacing",), (7, 8)),
            ("vort = dV_dx - dU_dy", "vort = dU_dy - dV_dx", ("sign",), (9,)),
            ("vort = dV_dx - dU_dy", "vort = dV_dx + dU_dy", ("sign",), (9,)),
            ("vort = dV_dx - dU_dy", "vort = dV_dy - dU_dy", ("component",), (9,)),
        ],
    ),
    "gradient of a mesh with rows in x": (
        GRID_IJ
        + """u = X**2*Y
v = X - Y**3
du_dx, du_dy = np.gradient(u, dx, dy)
dv_dx, dv_dy = np.gradient(v, dx, dy)
div = du_dx + dv_dy
""",
        [
            (', indexing="ij"', "", ("index-order", "axis-order"), (5, 8, 9)),
            ("np.gradient(u, dx, dy)", "np.gradient(u)", ("spacing",), (8,)),
            ("div = du_dx + dv_dy", "div = du_dx - dv_dy", ("sign",), (10,)),
            ("div = du_dx + dv_dy", "div = du_dy + dv_dx", ("component", "axis-order", "index-order"), (10, 8, 9, 5)),
            ("div = du_dx + dv_dy", "div = du_dx + dv_dx", ("component", "axis-order"), (10, 9)),
        ],
    ),
    "gradient along one axis each": (
        GRID_IJ
        + """Fx = np.sin(X)*Y
Fy = np.cos(Y)*X
divergence = np.gradient(Fx, dx, axis=0) + np.gradient(Fy, dy, axis=1)
curl = np.gradient(Fy, dx, axis=0) - np.gradient(Fx, dy, axis=1)
""",
        [
            ("np.gradient(Fx, dx, axis=0)", "np.gradient(Fx, dx, axis=1)", ("axis-order",), (8,)),
            ("np.gradient(Fy, dx, axis=0) - np.gradient(Fx, dy, axis=1)",
             "np.gradient(Fy, dx, axis=1) - np.gradient(Fx, dy, axis=0)", ("axis-order",), (9,)),
            ("np.gradient(Fx, dx, axis=0) +", "np.gradient(Fx, axis=0) +", ("spacing",), (8,)),
            ("axis=0) - np", "axis=0) + np", ("sign",), (9,)),
        ],
    ),
    "functions of components": (
        GRID_XY
        + """def divergence(u, v, dx, dy):
    du_dx = np.gradient(u, dx, axis=1)
    dv_dy = np.gradient(v, dy, axis=0)
    return du_dx + dv_dy

u = X*Y
v = Y**2 - X
d = divergence(u, v, x[1] - x[0], y[1] - y[0])
print(d.max())
""",
        [
            ("np.gradient(u, dx, axis=1)", "np.gradient(u, dx, axis=0)", ("axis-order",), (6,)),
            ("return du_dx + dv_dy", "return du_dx - dv_dy", ("sign",), (8,)),
            ("np.gradient(v, dy, axis=0)", "np.gradient(v, axis=0)", ("spacing",), (7,)),
        ],
    ),
    "a grid of mgrid": (
        """import numpy as np
x, y = np.mgrid[-1:1:41j, -2:2:51j]
h, k = 2/40, 4/50
P = x**2 - y
Q = x*y
curl_z = np.gradient(Q, h, k)[0] - np.gradient(P, h, k)[1]
""",
        [
            ("np.gradient(Q, h, k)[0]", "np.gradient(Q, h, k)[1]", ("axis-order",), (6,)),
            ("np.gradient(Q, h, k)[0] - np.gradient(P, h, k)[1]",
             "np.gradient(Q)[0] - np.gradient(P)[1]", ("spacing",), (6,)),
        ],
    ),
    "central differences by slices": (
        GRID_IJ
        + """u = X*Y
v = Y**2
div = (u[2:, 1:-1] - u[:-2, 1:-1])/(2*dx) + (v[1:-1, 2:] - v[1:-1, :-2])/(2*dy)
""",
        [
            ("/(2*dx)", "/dx", ("missing-factor",), (8,)),
            ("/(2*dx) + ", "/(2*dx) - ", ("sign",), (8,)),
        ],
    ),
    "a Laplacian by slices": (
        GRID_IJ
        + """f = np.sin(X)*np.cos(2*Y)
lap = ((f[2:, 1:-1] - 2*f[1:-1, 1:-1] + f[:-2, 1:-1])/dx**2
       + (f[1:-1, 2:] - 2*f[1:-1, 1:-1] + f[1:-1, :-2])/dy**2)
""",
        [
            ("/dx**2", "/dx", ("wrong-power",), (7,)),
            ("- 2*f[1:-1, 1:-1] + f[:-2, 1:-1]", "+ 2*f[1:-1, 1:-1] + f[:-2, 1:-1]", ("sign",), (7,)),
        ],
    ),
    "rolled periodic differences": (
        WAVES.split("kx =")[0]
        + """h, k = Lx/nx, Ly/ny
def ddx(f):
    return (np.roll(f, -1, axis=0) - np.roll(f, 1, axis=0))/(2*h)
def ddy(f):
    return (np.roll(f, -1, axis=1) - np.roll(f, 1, axis=1))/(2*k)
div = ddx(u) + ddy(v)
vorticity = ddx(v) - ddy(u)
""",
        [
            ("np.roll(f, -1, axis=0) - np.roll(f, 1, axis=0)",
             "np.roll(f, 1, axis=0) - np.roll(f, -1, axis=0)", ("sign",), (10,)),
            ("/(2*k)", "/k", ("missing-factor",), (12,)),
            ("ddx(v) - ddy(u)", "ddx(v) + ddy(u)", ("sign",), (14,)),
        ],
    ),
    "a spectral divergence": (
        WAVES + "div = np.fft.ifft2(1j*KX*np.fft.fft2(u) + 1j*KY*np.fft.fft2(v)).real\n",
        [
            ("kx = 2*np.pi*np", "kx = np", ("two-pi",), (8,)),
            ("kx = 2*np.pi*np.fft.fftfreq(nx, d=Lx/nx)\nky = 2*np.pi*np",
             "kx = np.fft.fftfreq(nx, d=Lx/nx)\nky = np", ("two-pi",), (8, 9)),
            ("np.fft.fftfreq(nx, d=Lx/nx)", "np.fft.fftfreq(nx)", ("wave-number",), (8,)),
            ('KX, KY = np.meshgrid(kx, ky, indexing="ij")', "KX, KY = np.meshgrid(kx, ky)", ("index-order",), (10,)),
            ("1j*KX*np.fft.fft2(u) + 1j*KY*np.fft.fft2(v)", "KX*np.fft.fft2(u) + KY*np.fft.fft2(v)",
             ("missing-factor",), (11,)),
            ("1j*KX*np.fft.fft2(u) + 1j", "-1j*KX*np.fft.fft2(u) - 1j", ("sign",), (11,)),
            ("np.fft.fftfreq(nx, d=Lx/nx)", "np.fft.fftshift(np.fft.fftfreq(nx, d=Lx/nx))", ("frequency-order",), (8,)),
            ("+ 1j*KY", "- 1j*KY", ("sign",), (11,)),
            (").real", ").imag", ("real-part",), (11,)),
        ],
    ),
    "a projection": (
        WAVES
        + """K2 = KX**2 + KY**2
K2[0, 0] = 1
uh, vh = np.fft.fft2(u), np.fft.fft2(v)
dot = (KX*uh + KY*vh)/K2
u_irr = np.fft.ifft2(KX*dot).real
v_irr = np.fft.ifft2(KY*dot).real
u_sol, v_sol = u - u_irr, v - v_irr
""",
        [
            ("K2 = KX**2 + KY**2", "K2 = np.sqrt(KX**2 + KY**2)", ("wrong-power",), (11,)),
            ("K2[0, 0] = 1\n", "\n", ("zero-mode",), (14,)),
            ("KX*uh + KY*vh", "KX*uh - KY*vh", ("sign",), (14,)),
            ("KX*uh + KY*vh", "KX*vh + KY*uh", ("component",), (14,)),
            ("v_irr = np.fft.ifft2(KY*dot)", "v_irr = np.fft.ifft2(KX*dot)", ("component",), (16,)),
            ('ky, indexing="ij"', "ky", ("index-order",), (10,)),
        ],
    ),
    "a projection of a stack": (
        WAVES.replace("u = ", "V = np.stack([").replace("\nv = ", ",\n    ").replace("/Ly)\nkx", "/Ly)])\nkx")
        + """K = np.stack([KX, KY])
K2 = (K**2).sum(axis=0)
K2[0, 0] = 1
Vk = np.fft.fftn(V, axes=(1, 2))
H = np.fft.ifftn(K*(K*Vk).sum(axis=0)/K2, axes=(1, 2)).real
S = V - H
""",
        [
            ("np.fft.fftn(V, axes=(1, 2))", "np.fft.fftn(V)", ("missing-axis",), (14,)),
            ("K2 = (K**2).sum(axis=0)", "K2 = np.sqrt((K**2).sum(axis=0))", ("wrong-power",), (12,)),
        ],
    ),
    "a spectral Laplacian": (
        WAVES.replace("v = np.sin(4*np.pi*X/Lx) + 0.5*np.cos(2*np.pi*Y/Ly)\n", "")
        + "laplacian = np.fft.ifft2(-(KX**2 + KY**2)*np.fft.fft2(u)).real\n",
        [
            ("-(KX**2", "(KX**2", ("sign",), (10,)),
            ("KX**2 + KY**2", "KX + KY**2", ("wrong-power",), (10,)),
            ("kx = 2*np.pi*np", "kx = np", ("two-pi",), (7,)),
        ],
    ),
    "a divergence in space": (
        """import numpy as np
x = y = z = np.linspace(0, 1, 11)
h = x[1] - x[0]
X, Y, Z = np.meshgrid(x, y, z, indexing="ij")
u = X*Y
v = Y*Z
w = Z*X
div = np.gradient(u, h, axis=0) + np.gradient(v, h, axis=1) + np.gradient(w, h, axis=2)
""",
        [
            ("np.gradient(v, h, axis=1)", "np.gradient(v, h, axis=2)", ("axis-order",), (8,)),
            ("axis=1) + np", "axis=1) - np", ("sign",), (8,)),
            (', indexing="ij"', "", ("index-order",), (4,)),
        ],
    ),
}  # fmt: skip


def faulty() -> list[tuple[str, str, tuple[str, ...], tuple[int, ...]]]:
    """Each program with each of its faults: name, program, the kinds that may be found, and the lines."""
    made = []
    for name, (text, faults) in PROGRAMS.items():
        for there, instead, kinds, lines in faults:
            assert there in text, (name, there)
            made.append((f"{name}: {kinds[0]}", text.replace(there, instead), kinds, lines))
    return made
