"""Programs on fields in further styles, each with one fault: (program, text there, text instead, kinds, line)."""

MORE: dict[str, tuple[str, str, str, tuple[str, ...], int]] = {
    "items of a gradient": (
        """import numpy as np
N = 50
xs = np.linspace(-3, 3, N)
ys = np.linspace(-3, 3, N)
xx, yy = np.meshgrid(xs, ys)
ux = -yy*np.exp(-(xx**2 + yy**2))
uy = xx*np.exp(-(xx**2 + yy**2))
h = xs[1] - xs[0]
grad_ux = np.gradient(ux, h)
grad_uy = np.gradient(uy, h)
vorticity = grad_uy[1] - grad_ux[0]
print(vorticity.max())
""",
        "grad_uy[1] - grad_ux[0]",
        "grad_uy[0] - grad_ux[1]",
        ("axis-order", "component", "index-order"),
        11,
    ),
    "a function with an axis": (
        """import numpy as np
n = 64
L = 2*np.pi
dx = L/n
x = np.arange(n)*dx
X, Y = np.meshgrid(x, x, indexing='ij')
u = np.sin(X)*np.cos(Y)
v = -np.cos(X)*np.sin(Y) + np.sin(2*X)
def d(f, axis):
    return (np.roll(f, -1, axis) - np.roll(f, 1, axis))/(2*dx)
omega = d(v, 0) - d(u, 1)
div = d(u, 0) + d(v, 1)
""",
        "omega = d(v, 0) - d(u, 1)",
        "omega = d(v, 1) - d(u, 0)",
        ("axis-order", "component"),
        11,
    ),
    "loops": (
        """import numpy as np
nx, ny = 21, 31
dx, dy = 0.1, 0.05
x = np.arange(nx)*dx
y = np.arange(ny)*dy
X, Y = np.meshgrid(x, y, indexing="ij")
u = X**2 + Y
v = X*Y
div = np.zeros((nx, ny))
for i in range(1, nx-1):
    for j in range(1, ny-1):
        div[i, j] = (u[i+1, j] - u[i-1, j])/(2*dx) + (v[i, j+1] - v[i, j-1])/(2*dy)
""",
        "(v[i, j+1] - v[i, j-1])/(2*dy)",
        "(v[i+1, j] - v[i-1, j])/(2*dy)",
        ("axis-order", "component"),
        12,
    ),
    "a curl in space": (
        """import numpy as np
x = np.linspace(-1, 1, 15)
y = np.linspace(-2, 2, 17)
z = np.linspace(0, 1, 13)
X, Y, Z = np.meshgrid(x, y, z, indexing='ij')
Fx = Y*Z
Fy = X*Z**2
Fz = X*Y
dFx_dx, dFx_dy, dFx_dz = np.gradient(Fx, x, y, z)
dFy_dx, dFy_dy, dFy_dz = np.gradient(Fy, x, y, z)
dFz_dx, dFz_dy, dFz_dz = np.gradient(Fz, x, y, z)
curl_x = dFz_dy - dFy_dz
curl_y = dFx_dz - dFz_dx
curl_z = dFy_dx - dFx_dy
""",
        "curl_y = dFx_dz - dFz_dx",
        "curl_y = dFz_dx - dFx_dz",
        ("sign", "component"),
        13,
    ),
    "a projection in space": (
        """import numpy as np
N = 16
L = 2*np.pi
x = np.arange(N)*L/N
X, Y, Z = np.meshgrid(x, x, x, indexing='ij')
V = np.array([np.sin(X) + np.cos(Y), np.sin(Y)*np.cos(Z), np.cos(X)*np.sin(Z)])
k = np.fft.fftfreq(N, d=L/N)*2*np.pi
K = np.array(np.meshgrid(k, k, k, indexing='ij'))
K2 = np.sum(K**2, axis=0)
K2[0, 0, 0] = 1.0
Vh = np.fft.fftn(V, axes=(1, 2, 3))
dot = np.sum(K*Vh, axis=0)
V_irr = np.fft.ifftn(K*dot/K2, axes=(1, 2, 3)).real
V_sol = V - V_irr
""",
        "axes=(1, 2, 3))\ndot",
        "axes=(0, 1, 2))\ndot",
        ("missing-axis", "axis-order"),
        11,
    ),
    "einsum": (
        """import numpy as np
n = 32
h = 2*np.pi/n
grid = np.arange(n)*h
X, Y = np.meshgrid(grid, grid, indexing='ij')
u = np.stack([np.sin(X)*np.cos(Y) + 0.3, np.cos(2*X) + np.sin(Y)])
freq = 2*np.pi*np.fft.fftfreq(n, h)
k = np.stack(np.meshgrid(freq, freq, indexing='ij'))
ksq = (k**2).sum(0)
ksq[0, 0] = 1
uhat = np.fft.fft2(u)
div_hat = np.einsum('iab,iab->ab', k, uhat)
u_irrot = np.fft.ifft2(k*div_hat/ksq).real
u_sol = u - u_irrot
""",
        "k*div_hat/ksq",
        "k*div_hat/np.sqrt(ksq)",
        ("wrong-power",),
        13,
    ),
    "reduce": (
        """import numpy as np

def divergence(f, h):
    dims = len(f)
    return np.ufunc.reduce(np.add, [np.gradient(f[i], h[i], axis=i) for i in range(dims)])

N = 41
x = np.linspace(-1, 1, N)
h = x[1] - x[0]
X, Y = np.meshgrid(x, x, indexing='ij')
F = [X**2, X*Y]
g = divergence(F, [h, h])
""",
        "axis=i) for",
        "axis=0) for",
        ("axis-order",),
        5,
    ),
    "a rolled Laplacian": (
        """import numpy as np
N = 40
L = 2.0
h = L/N
x = np.arange(N)*h
X, Y = np.meshgrid(x, x)
T = np.sin(np.pi*X) + np.cos(np.pi*Y)
lap = (np.roll(T, 1, 0) + np.roll(T, -1, 0) + np.roll(T, 1, 1) + np.roll(T, -1, 1) - 4*T)/h**2
""",
        "- 4*T)/h**2",
        "- 4*T)/h",
        ("wrong-power",),
        8,
    ),
    "a potential of Fourier series": (
        """import numpy as np
N = 64
L = 2*np.pi
x = np.linspace(0, L, N, endpoint=False)
y = np.linspace(0, L, N, endpoint=False)
X, Y = np.meshgrid(x, y, indexing='ij')
u = np.cos(X) + np.sin(2*Y)
v = np.sin(X + Y)
kx = np.fft.fftfreq(N, d=L/N)*2*np.pi
ky = np.fft.fftfreq(N, d=L/N)*2*np.pi
KX, KY = np.meshgrid(kx, ky, indexing='ij')
K2 = KX**2 + KY**2
K2[0, 0] = 1
div_hat = 1j*KX*np.fft.fft2(u) + 1j*KY*np.fft.fft2(v)
phi_hat = -div_hat/K2
phi_hat[0, 0] = 0
u_irr = np.real(np.fft.ifft2(1j*KX*phi_hat))
v_irr = np.real(np.fft.ifft2(1j*KY*phi_hat))
u_sol = u - u_irr
v_sol = v - v_irr
""",
        "phi_hat = -div_hat/K2",
        "phi_hat = div_hat/K2",
        ("sign",),
        15,
    ),
    "transforms along one axis": (
        """import numpy as np
n = 32
L = 5.0
x = np.arange(n)*L/n
X, Y = np.meshgrid(x, x, indexing="ij")
u = np.sin(2*np.pi*X/L)*np.cos(2*np.pi*Y/L)
v = np.cos(4*np.pi*Y/L)
k = 2*np.pi*np.fft.fftfreq(n, L/n)
du_dx = np.fft.ifft(1j*k[:, None]*np.fft.fft(u, axis=0), axis=0).real
dv_dy = np.fft.ifft(1j*k[None, :]*np.fft.fft(v, axis=1), axis=1).real
div = du_dx + dv_dy
""",
        "1j*k[None, :]*np.fft.fft(v, axis=1)",
        "1j*k[:, None]*np.fft.fft(v, axis=1)",
        ("axis-order", "component", "index-order"),
        10,
    ),
    "np.diff": (
        """import numpy as np
x = np.linspace(0, 1, 51)
y = np.linspace(0, 1, 41)
X, Y = np.meshgrid(x, y)
u = X*Y
v = X - Y
dx = x[1] - x[0]
dy = y[1] - y[0]
du_dx = np.diff(u, axis=1)[:-1, :]/dx
dv_dy = np.diff(v, axis=0)[:, :-1]/dy
div = du_dx + dv_dy
""",
        "[:, :-1]/dy",
        "[:, :-1]/dx",
        ("spacing", "missing-factor", "wrong-step", "component"),
        10,
    ),
    "functions of transforms": (
        """import numpy as np
N = 24
Lx = Ly = 2*np.pi
x = np.arange(N)*Lx/N
y = np.arange(N)*Ly/N
X, Y = np.meshgrid(x, y, indexing='ij')
kx = 2*np.pi*np.fft.fftfreq(N, Lx/N)
ky = 2*np.pi*np.fft.fftfreq(N, Ly/N)
KX, KY = np.meshgrid(kx, ky, indexing='ij')
def ddx(f):
    return np.fft.ifftn(1j*KX*np.fft.fftn(f)).real
def ddy(f):
    return np.fft.ifftn(1j*KY*np.fft.fftn(f)).real
u = np.sin(X)*np.cos(2*Y)
v = np.cos(X)
div = ddx(u) + ddy(v)
vorticity = ddx(v) - ddy(u)
""",
        "return np.fft.ifftn(1j*KY*np.fft.fftn(f)).real",
        "return np.fft.ifftn(1j*KX*np.fft.fftn(f)).real",
        ("component",),
        13,
    ),
    "a function with a shape": (
        """import numpy as np

def helmholtz(u, v, dx, dy):
    ny, nx = u.shape
    kx = 2*np.pi*np.fft.fftfreq(nx, dx)
    ky = 2*np.pi*np.fft.fftfreq(ny, dy)
    kx, ky = np.meshgrid(kx, ky)
    k2 = kx**2 + ky**2
    k2[0, 0] = np.inf
    uf, vf = np.fft.fft2(u), np.fft.fft2(v)
    a = (kx*uf + ky*vf)/k2
    u_irr = np.fft.ifft2(kx*a).real
    v_irr = np.fft.ifft2(ky*a).real
    return u - u_irr, v - v_irr, u_irr, v_irr

nx, ny = 40, 30
x = np.arange(nx)*0.1
y = np.arange(ny)*0.2
X, Y = np.meshgrid(x, y)
u = np.sin(2*np.pi*X/4) + np.cos(2*np.pi*Y/6)
v = np.cos(2*np.pi*X/4)*np.sin(2*np.pi*Y/6)
u_sol, v_sol, u_irr, v_irr = helmholtz(u, v, 0.1, 0.2)
""",
        "ny, nx = u.shape",
        "nx, ny = u.shape",
        ("axis-order", "index-order"),
        4,
    ),
    "a generator": (
        """import numpy as np
x = np.linspace(-1, 1, 20)
y = np.linspace(-1, 1, 24)
z = np.linspace(-1, 1, 28)
X, Y, Z = np.meshgrid(x, y, z, indexing='ij')
F = np.stack([X*Y, Y*Z, Z*X])
d = [x[1]-x[0], y[1]-y[0], z[1]-z[0]]
div = sum(np.gradient(F[i], d[i], axis=i) for i in range(3))
""",
        "F[i], d[i], axis=i",
        "F[i], axis=i",
        ("spacing",),
        8,
    ),
    "a function of slices": (
        """import numpy as np

def laplacian(Z, dx):
    Ztop = Z[0:-2, 1:-1]
    Zleft = Z[1:-1, 0:-2]
    Zbottom = Z[2:, 1:-1]
    Zright = Z[1:-1, 2:]
    Zcenter = Z[1:-1, 1:-1]
    return (Ztop + Zleft + Zbottom + Zright - 4*Zcenter)/dx**2

x = np.linspace(0, 1, 30)
X, Y = np.meshgrid(x, x)
T = X**2 + Y**2
lap = laplacian(T, x[1]-x[0])
""",
        "Zright - 4*Zcenter)/dx**2",
        "Zright - 4*Zcenter)/dx",
        ("wrong-power",),
        9,
    ),
    "wave numbers in loops": (
        """import numpy as np
n = 16
x = np.arange(n)/n
X, Y = np.meshgrid(x, x, indexing="ij")
u = np.sin(2*np.pi*X) + np.sin(2*np.pi*Y)
v = np.cos(2*np.pi*X)
k = 2*np.pi*n*np.fft.fftfreq(n)
uh = np.fft.fft2(u)
vh = np.fft.fft2(v)
us = np.zeros_like(uh)
vs = np.zeros_like(vh)
for i in range(n):
    for j in range(n):
        k2 = k[i]**2 + k[j]**2
        if k2 == 0:
            us[i, j], vs[i, j] = uh[i, j], vh[i, j]
            continue
        dot = (k[i]*uh[i, j] + k[j]*vh[i, j])/k2
        us[i, j] = uh[i, j] - k[i]*dot
        vs[i, j] = vh[i, j] - k[j]*dot
u_sol = np.fft.ifft2(us).real
v_sol = np.fft.ifft2(vs).real
""",
        "vs[i, j] = vh[i, j] - k[j]*dot",
        "vs[i, j] = vh[i, j] - k[i]*dot",
        ("component",),
        20,
    ),
    "shifted transforms": (
        """import numpy as np
n = 32
L = 2.0
x = np.arange(n)*L/n
X, Y = np.meshgrid(x, x)
u = np.sin(np.pi*X)
v = np.cos(np.pi*Y)*np.sin(np.pi*X)
k = np.fft.fftshift(2*np.pi*np.fft.fftfreq(n, L/n))
KX, KY = np.meshgrid(k, k)
uh = np.fft.fftshift(np.fft.fft2(u))
vh = np.fft.fftshift(np.fft.fft2(v))
div_hat = 1j*KX*uh + 1j*KY*vh
div = np.fft.ifft2(np.fft.ifftshift(div_hat)).real
""",
        "vh = np.fft.fftshift(np.fft.fft2(v))",
        "vh = np.fft.fft2(v)",
        ("frequency-order",),
        11,
    ),
}
