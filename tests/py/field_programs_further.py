"""Programs on fields written before the lab knew them, each with one fault, as in `field_programs_more`."""

FURTHER: dict[str, tuple[str, str, str, tuple[str, ...], int]] = {
    "both axes of a gradient listed": (
        """import numpy as np
nx, ny = 40, 50
x = np.linspace(0, 2, nx)
y = np.linspace(0, 3, ny)
X, Y = np.meshgrid(x, y, indexing='ij')
u = X**2 * Y
v = np.sin(X) + Y
dx = x[1] - x[0]
dy = y[1] - y[0]
du = np.gradient(u, dx, dy, axis=[0, 1])
dv = np.gradient(v, dx, dy, axis=[0, 1])
div = du[0] + dv[1]
curl = dv[0] - du[1]
""",
        "div = du[0] + dv[1]",
        "div = du[1] + dv[0]",
        ("component", "axis-order", "index-order"),
        12,
    ),
    "a projection in place": (
        """import numpy as np
N = 48
L = 2*np.pi
x = np.arange(N)*L/N
X, Y = np.meshgrid(x, x, indexing='ij')
u = np.cos(X)*np.sin(Y) + np.sin(2*X)
v = np.sin(X)*np.cos(Y)
k = np.fft.fftfreq(N, 1/N)
kx = k[:, None]
ky = k[None, :]
k2 = kx**2 + ky**2
k2[0, 0] = 1
uh = np.fft.fft2(u)
vh = np.fft.fft2(v)
dh = (kx*uh + ky*vh)/k2
uh -= kx*dh
vh -= ky*dh
u_sol = np.fft.ifft2(uh).real
v_sol = np.fft.ifft2(vh).real
""",
        "uh -= kx*dh",
        "uh += kx*dh",
        ("sign",),
        16,
    ),
    "a field made of a scalar's derivatives": (
        """import numpy as np
x = np.linspace(-1, 1, 81)
y = np.linspace(-1, 1, 81)
X, Y = np.meshgrid(x, y)
phi = X**3*Y + Y**2
h = x[1] - x[0]
Fy, Fx = np.gradient(phi, h)
div = np.gradient(Fx, h, axis=1) + np.gradient(Fy, h, axis=0)
print(div[40, 40])
""",
        "np.gradient(Fx, h, axis=1)",
        "np.gradient(Fx, h, axis=0)",
        ("axis-order", "component"),
        8,
    ),
    "components of a curl in a stack": (
        """import numpy as np
def curl3d(F, d):
    dFx = np.gradient(F[0], d)
    dFy = np.gradient(F[1], d)
    dFz = np.gradient(F[2], d)
    return np.array([dFz[1] - dFy[2], dFx[2] - dFz[0], dFy[0] - dFx[1]])
g = np.linspace(-1, 1, 21)
X, Y, Z = np.meshgrid(g, g, g, indexing='ij')
F = np.array([Y*Z, X**2, X*Y])
C = curl3d(F, g[1]-g[0])
""",
        "dFx[2] - dFz[0]",
        "dFz[0] - dFx[2]",
        ("sign",),
        6,
    ),
    "differences between points, steps exchanged": (
        """import numpy as np
dx = 0.02
dy = 0.05
x = np.arange(0, 1, dx)
y = np.arange(0, 2, dy)
X, Y = np.meshgrid(x, y)
u = -Y*X
v = X*X
dv_dx = np.diff(v, axis=1)/dx
du_dy = np.diff(u, axis=0)/dy
vort = dv_dx[:-1, :] - du_dy[:, :-1]
""",
        "np.diff(u, axis=0)/dy",
        "np.diff(u, axis=0)/dx",
        ("spacing", "other-spacing"),
        10,
    ),
    "differences by lambda": (
        """import numpy as np
n = 100
h = 1.0/n
x = np.arange(n)*h
X, Y = np.meshgrid(x, x)
u = np.cos(2*np.pi*X)*np.sin(2*np.pi*Y)
v = -np.sin(2*np.pi*X)*np.cos(2*np.pi*Y)
ddx = lambda f: (np.roll(f, -1, axis=1) - np.roll(f, 1, axis=1)) / (2*h)
ddy = lambda f: (np.roll(f, -1, axis=0) - np.roll(f, 1, axis=0)) / (2*h)
omega = ddx(v) - ddy(u)
""",
        "(np.roll(f, -1, axis=0) - np.roll(f, 1, axis=0)) / (2*h)",
        "(np.roll(f, 1, axis=0) - np.roll(f, -1, axis=0)) / (2*h)",
        ("sign",),
        9,
    ),
    "a gradient in a list": (
        """import numpy as np
x = np.linspace(-2, 2, 60)
y = np.linspace(-1, 1, 50)
X, Y = np.meshgrid(x, y)
V = np.exp(-X**2 - 2*Y**2)
Ey, Ex = [-g for g in np.gradient(V, y, x)]
""",
        "Ey, Ex =",
        "Ex, Ey =",
        ("axis-order", "component", "index-order"),
        6,
    ),
    "a field made in loops": (
        """import numpy as np
nx, ny = 30, 25
dx, dy = 0.1, 0.2
x = np.arange(nx)*dx
y = np.arange(ny)*dy
u = np.zeros((nx, ny))
v = np.zeros((nx, ny))
for i in range(nx):
    for j in range(ny):
        u[i, j] = x[i]*y[j]
        v[i, j] = y[j]**2 - x[i]
vort = np.zeros((nx, ny))
for i in range(1, nx-1):
    for j in range(1, ny-1):
        vort[i, j] = (v[i+1, j] - v[i-1, j])/(2*dx) - (u[i, j+1] - u[i, j-1])/(2*dy)
""",
        "(u[i, j+1] - u[i, j-1])/(2*dy)",
        "(u[i, j+1] - u[i, j-1])/dy",
        ("missing-factor", "extra-factor", "spacing"),
        15,
    ),
    "a curl in space that is named by its components": (
        """import numpy as np
s = np.linspace(-1, 1, 25)
X, Y, Z = np.meshgrid(s, s, s, indexing='ij')
h = s[1] - s[0]
Ax, Ay, Az = -Y/2, X/2, X*Y
def D(f, ax):
    return np.gradient(f, h, axis=ax, edge_order=2)
Bx = D(Az, 1) - D(Ay, 2)
By = D(Ax, 2) - D(Az, 0)
Bz = D(Ay, 0) - D(Ax, 1)
""",
        "By = D(Ax, 2) - D(Az, 0)",
        "By = D(Az, 0) - D(Ax, 2)",
        ("sign",),
        9,
    ),
    "differences in a function with both steps": (
        """import numpy as np
def grad(f, dx, dy):
    fx = np.zeros_like(f)
    fy = np.zeros_like(f)
    fx[:, 1:-1] = (f[:, 2:] - f[:, :-2])/(2*dx)
    fy[1:-1, :] = (f[2:, :] - f[:-2, :])/(2*dy)
    return fx, fy
x = np.linspace(0, 1, 41)
y = np.linspace(0, 2, 51)
X, Y = np.meshgrid(x, y)
f = X**2*Y + np.cos(Y)
fx, fy = grad(f, x[1]-x[0], y[1]-y[0])
""",
        "(f[2:, :] - f[:-2, :])/(2*dy)",
        "(f[2:, :] - f[:-2, :])/(2*dx)",
        ("spacing", "other-spacing"),
        6,
    ),
    "a cyclic curl in a list": (
        """import numpy as np
n = 15
h = 0.2
s = np.arange(n)*h
x, y, z = np.meshgrid(s, s, s, indexing='ij')
V = [y*z, -x*z, x**2]
curl = []
for i in range(3):
    j, k = (i+1) % 3, (i+2) % 3
    curl.append(np.gradient(V[k], h, axis=j) - np.gradient(V[j], h, axis=k))
curl = np.array(curl)
""",
        "np.gradient(V[k], h, axis=j) - np.gradient(V[j], h, axis=k)",
        "np.gradient(V[k], h, axis=k) - np.gradient(V[j], h, axis=j)",
        ("axis-order",),
        10,
    ),
    "methods of a class that is given a field": (
        """import numpy as np
class VectorField:
    def __init__(self, fx, fy, dx, dy):
        self.fx, self.fy, self.dx, self.dy = fx, fy, dx, dy
    def curl(self):
        return np.gradient(self.fy, self.dx, axis=1) - np.gradient(self.fx, self.dy, axis=0)
    def divergence(self):
        return np.gradient(self.fx, self.dx, axis=1) + np.gradient(self.fy, self.dy, axis=0)
x = np.linspace(0, 2, 21)
y = np.linspace(0, 1, 31)
X, Y = np.meshgrid(x, y)
fx = -Y**2
fy = X*Y
field = VectorField(fx, fy, x[1]-x[0], y[1]-y[0])
curl = field.curl()
div = field.divergence()
""",
        "return np.gradient(self.fy, self.dx, axis=1) - np.gradient(self.fx, self.dy, axis=0)",
        "return np.gradient(self.fy, self.dx, axis=1) + np.gradient(self.fx, self.dy, axis=0)",
        ("sign",),
        6,
    ),
    "a difference that is not divided": (
        """import numpy as np
x = np.linspace(0, 1, 50)
y = np.linspace(0, 1, 50)
X, Y = np.meshgrid(x, y)
u = 3*X - Y
v = X + 2*Y
dx = x[1]-x[0]
dudx = np.diff(u, axis=1)/dx
dvdy = np.diff(v, axis=0)/dx
div = dudx[1:, :] + dvdy[:, 1:]
""",
        "dvdy = np.diff(v, axis=0)/dx",
        "dvdy = np.diff(v, axis=0)",
        ("spacing", "undivided"),
        9,
    ),
    "the square of a sum of wave numbers": (
        """import numpy as np
n = 40
L = 4.0
x = np.arange(n)*L/n
X, Y = np.meshgrid(x, x)
f = np.exp(np.sin(2*np.pi*X/L)) * np.cos(2*np.pi*Y/L)
k = 2*np.pi*np.fft.fftfreq(n, L/n)
KX, KY = np.meshgrid(k, k)
fh = np.fft.fft2(f)
lap = np.fft.ifft2(-(KX**2 + KY**2)*fh).real
""",
        "-(KX**2 + KY**2)*fh",
        "-(KX + KY)**2*fh",
        ("wrong-power",),
        10,
    ),
    "a loop of while with a step too many": (
        """import numpy as np
n = 20
h = 0.1
X, Y = np.meshgrid(np.arange(n)*h, np.arange(n)*h, indexing='ij')
u = X*Y
v = Y**2
div = np.zeros((n, n))
i = 1
while i < n-1:
    j = 1
    while j < n-1:
        div[i, j] = (u[i+1, j]-u[i-1, j])/(2*h) + (v[i, j+1]-v[i, j-1])/(2*h)
        j += 1
    i += 1
""",
        "(v[i, j+1]-v[i, j-1])/(2*h)",
        "(v[i, j+1]-v[i, j-1])/(2*h*h)",
        ("spacing", "wrong-power", "extra-factor"),
        12,
    ),
}
